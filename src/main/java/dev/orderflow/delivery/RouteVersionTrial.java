package dev.orderflow.delivery;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import javax.sql.DataSource;

/**
 * One version of a service's routes while it runs. A new one is on trial until it has done its first order: as long as
 * it has done none, an order that it cannot do says more about the version than about the order. What fails its trial
 * goes, where there is a version before it, and is held, where there is none. Safe for use by several threads.
 */
public final class RouteVersionTrial {

    private final String name;
    private final byte[] header;
    private final Duration patience;
    private final boolean isFirst;
    private final LongSupplier clock;
    private final Set<UUID> failedOrders = ConcurrentHashMap.newKeySet();
    private volatile boolean onTrial;
    private volatile UUID spared;
    private volatile long firstFailure;
    private volatile String failure = "";

    /** @param clock in nanoseconds, as {@link System#nanoTime} */
    RouteVersionTrial(String name, boolean onTrial, boolean isFirst, Duration patience, LongSupplier clock) {
        this.name = name;
        this.header = name.getBytes(StandardCharsets.UTF_8);
        this.onTrial = onTrial;
        this.isFirst = isFirst;
        this.patience = patience;
        this.clock = clock;
    }

    /** @param name the hash of its file; empty where nobody told */
    public static RouteVersionTrial proven(String name) {
        return new RouteVersionTrial(name, false, false, Duration.ZERO, System::nanoTime);
    }

    /** @param patience how long an order that fails alone may wait for another one that shows whose fault it is */
    public static RouteVersionTrial onTrial(String name, Duration patience) {
        return new RouteVersionTrial(name, true, false, patience, System::nanoTime);
    }

    /** One that has none before it: when it fails, it is held until it is mended, and parks nothing. */
    public static RouteVersionTrial first(String name, Duration patience) {
        return new RouteVersionTrial(name, true, true, patience, System::nanoTime);
    }

    /** The version of a start: proven where the service has ever done an order, else its first. */
    public static RouteVersionTrial ofStart(String name, Duration patience, String service, DataSource database)
            throws SQLException {
        try (var connection = database.getConnection();
                var select = connection.prepareStatement(
                        "SELECT EXISTS (SELECT 1 FROM delivery.receipts WHERE service = ? AND NOT parked)")) {
            select.setString(1, service);
            try (var rows = select.executeQuery()) {
                rows.next();
                return rows.getBoolean(1) ? proven(name) : first(name, patience);
            }
        }
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

    public boolean isFirst() {
        return isFirst;
    }

    /** Whether it failed, and there is none to take its place. */
    boolean isHeld() {
        return isFirst && !failure.isEmpty();
    }

    /** Why it failed its trial; empty as long as it did not. */
    public String failure() {
        return failure;
    }

    /** It did an order. */
    void proved() {
        if (failure.isEmpty() || isFirst) {
            onTrial = false;
            failure = "";
        }
    }

    /** Whether an order that it could not do may be its fault: not one that has waited alone for long enough. */
    boolean mayFail(UUID order) {
        return onTrial && !order.equals(spared);
    }

    /** It could not do this order. Two of them are no accident. */
    void failedOn(UUID order, String sentence) {
        failedOrders.add(order);
        if (failedOrders.size() > 1) {
            failed(sentence);
        }
    }

    /** It has failed on orders and done none. What comes of that is decided by who put it on trial. */
    void failed(String sentence) {
        if (failure.isEmpty()) {
            // Who decides needs its time too.
            firstFailure = 0;
        }
        failure = sentence;
    }

    /** Notes a failure that may be the order's own. What is held stays so, for as long as it takes. */
    boolean isPatienceOver() {
        if (isHeld()) {
            return false;
        }
        if (firstFailure == 0) {
            firstFailure = clock.getAsLong();
        }
        return clock.getAsLong() - firstFailure > patience.toNanos();
    }

    /**
     * An order that failed alone has waited for long enough, and is parked; the next one that fails is the second. Where
     * two failed and nobody took the version back, it is a version like any other from here on.
     */
    void goOn(UUID order) {
        if (failure.isEmpty()) {
            spared = order;
            firstFailure = 0;
        } else {
            onTrial = false;
        }
    }
}
