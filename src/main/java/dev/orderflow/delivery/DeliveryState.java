package dev.orderflow.delivery;

import java.time.Instant;

/**
 * How a service's consumption stands.
 *
 * @param state joining, running, noticed (it works, and a person should look), waiting (an outage is waited out), held (it
 *     does not go on by itself), paused or stopped
 * @param cause why it waits, holds or is noticed; empty otherwise
 */
public record DeliveryState(String route, String service, String state, Instant since, String cause) {

    public static final String JOINING = "joining";
    public static final String RUNNING = "running";
    /** It works, and a person should look at something of it. */
    public static final String NOTICED = "noticed";

    public static final String WAITING = "waiting";
    public static final String HELD = "held";

    /** An operator wants it to stand still. */
    public static final String PAUSED = "paused";

    public static final String STOPPED = "stopped";

    static DeliveryState of(String route, String service, String state, String cause) {
        return new DeliveryState(route, service, state, Instant.now(), cause);
    }

    /** The same since then, for one cause more. */
    DeliveryState and(DeliveryState later) {
        return cause.equals(later.cause)
                ? this
                : new DeliveryState(route, service, state, since, cause + "; " + later.cause);
    }

    /** When a route has several consumers, what a person must look at first. */
    int urgency() {
        return switch (state) {
            case PAUSED -> 4;
            case HELD -> 3;
            case WAITING -> 2;
            case NOTICED -> 1;
            default -> 0;
        };
    }
}
