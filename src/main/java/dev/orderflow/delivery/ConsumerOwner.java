package dev.orderflow.delivery;

import java.util.Collection;
import java.util.Optional;

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

    /** Whether the thread that polled still does, or is between two polls. */
    default boolean polls(Thread thread) {
        return thread.isAlive();
    }

    /** The id of the route that it consumes for; empty where none does. */
    default Optional<String> route() {
        return Optional.empty();
    }
}
