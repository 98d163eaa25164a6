package dev.orderflow.delivery;

/** The former name of {@link Compensates}. */
@Deprecated(forRemoval = true)
public interface TakesBack extends Compensates {}
