package dev.orderflow.delivery;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A rest of one consumer between two polls, which a wake-up or a stop ends; a suspended route rests on. */
final class ConsumerRest {

    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final ConsumerOwner owner;
    private volatile boolean woken;

    ConsumerRest(ConsumerOwner owner) {
        this.owner = owner;
    }

    /** @param ms how long, where nothing ends it */
    void begin(long ms) {
        woken = false;
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
        while ((System.nanoTime() < until || owner.isSuspended()) && !woken && !owner.isStopping()) {
            LockSupport.parkNanos(SLICE_NANOS);
        }
    }

    /** From any thread. */
    void end() {
        woken = true;
    }
}
