package dev.orderflow.events;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * One fact about one order, as the topics carry it: CloudEvents 1.0, Kafka binary binding.
 *
 * @param type the short name, such as {@code order-placed}; on the wire {@code dev.orderflow.order-placed.v1}
 * @param data an {@link Order} for {@code order-placed}, else a Map of the JSON body without its {@code orderId}
 * @param routeVersion of the route file that said it; empty where none did or nobody knows
 */
public record Event(UUID orderId, String type, Instant time, Object data, String routeVersion) {

    public static final String ORDER_PLACED = "order-placed";

    public Event(UUID orderId, String type, Instant time, Object data) {
        this(orderId, type, time, data, "");
    }

    /** What a service says. The time becomes the one of its transaction. */
    public static Event of(UUID orderId, String type, Map<String, ?> data) {
        return new Event(orderId, type, Instant.EPOCH, data);
    }

    /**
     * The event's identity, and its CloudEvents id. It derives from order and type, so an event that is appended
     * again after a crash is recognised as the same.
     */
    public String id() {
        return orderId + "/" + type;
    }

    /** The order of an {@code order-placed}. */
    public Order order() {
        if (data instanceof Order order) {
            return order;
        }
        throw new IllegalStateException("A " + type + " event has no order; only order-placed has.");
    }

    /** Names the event and shows nothing of its data. */
    @Override
    public String toString() {
        return "Event[" + id() + "]";
    }
}
