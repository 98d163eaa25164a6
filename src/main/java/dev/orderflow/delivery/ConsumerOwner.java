package dev.orderflow.delivery;

import java.util.Collection;

/** Whom a {@link ReconnectingConsumer} reads for, as far as its waiting depends on it. */
public interface ConsumerOwner {

    /** Tells what it reads, before anything is asked. */
    default void subscribed(Collection<String> topics) {}

    /** The consumer is to end: nothing is waited for any more. */
    boolean isStopping();

    /** Nothing is to be polled until it is no more; a route that Camel suspends. */
    default boolean isSuspended() {
        return false;
    }
}
