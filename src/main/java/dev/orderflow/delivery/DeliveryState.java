package dev.orderflow.delivery;

import java.time.Instant;

/**
 * How a service's consumption stands.
 *
 * @param state joining, running, waiting (an outage is waited out), held (parking reached its cap) or stopped
 * @param cause why it waits or holds; empty otherwise
 */
public record DeliveryState(String route, String service, String state, Instant since, String cause) {

    public static final String JOINING = "joining";
    public static final String RUNNING = "running";
    public static final String WAITING = "waiting";
    public static final String HELD = "held";
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
            case HELD -> 2;
            case WAITING -> 1;
            default -> 0;
        };
    }
}
