package dev.orderflow.delivery;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One version of a service's routes while it runs. A new one that takes the place of another is on trial until it has
 * done its first order: as long as it has done none, an order that it cannot do says more about the version than about
 * the order. Safe for use by several threads.
 */
public final class RouteVersion {

    private final String name;
    private final byte[] header;
    private final Duration patience;
    private volatile boolean onTrial;
    private volatile long firstFailure;
    private volatile String failure = "";

    private RouteVersion(String name, boolean onTrial, Duration patience) {
        this.name = name;
        this.header = name.getBytes(StandardCharsets.UTF_8);
        this.onTrial = onTrial;
        this.patience = patience;
    }

    /** @param name the hash of its file; empty where nobody told */
    public static RouteVersion proven(String name) {
        return new RouteVersion(name, false, Duration.ZERO);
    }

    /** @param patience how long an order that fails alone may wait for another one that shows whose fault it is */
    public static RouteVersion onTrial(String name, Duration patience) {
        return new RouteVersion(name, true, patience);
    }

    String name() {
        return name;
    }

    /** The name as a record header has it. Not to be changed. */
    byte[] header() {
        return header;
    }

    public boolean isOnTrial() {
        return onTrial;
    }

    /** Why it failed its trial; empty as long as it did not. */
    public String failure() {
        return failure;
    }

    /** It did an order. */
    void proved() {
        if (failure.isEmpty()) {
            onTrial = false;
        }
    }

    /** It has failed on orders and done none. What comes of that is decided by who put it on trial. */
    void failed(String sentence) {
        failure = sentence;
    }

    /** Notes a failure that may be the order's own. */
    boolean isPatienceOver() {
        if (firstFailure == 0) {
            firstFailure = System.nanoTime();
        }
        return System.nanoTime() - firstFailure > patience.toNanos();
    }

    /** Nobody could tell, or nobody took it back: from here on it is a version like any other. */
    void endTrial() {
        onTrial = false;
    }
}
