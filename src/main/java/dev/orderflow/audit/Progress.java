package dev.orderflow.audit;

/** Hears how far an audit is, from 0 to 1. */
@FunctionalInterface
public interface Progress {

    void at(double part, String doing);
}
