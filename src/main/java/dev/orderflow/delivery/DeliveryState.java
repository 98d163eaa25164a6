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
}
