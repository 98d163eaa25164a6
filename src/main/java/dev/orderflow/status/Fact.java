package dev.orderflow.status;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What can be known about an order, bits in {@code status.orders.facts}. The bits stand in V5__status.sql too,
 * where the status is made from them; they never change their meaning.
 */
enum Fact {
    ORDER_PLACED("order-placed", "intake", 1),
    STOCK_RESERVED("stock-reserved", "inventory", 2),
    STOCK_SHORT("stock-short", "inventory", 4),
    SHIPMENT_PREPARED("shipment-prepared", "shipping", 8),
    SHIPMENT_HELD("shipment-held", "shipping", 16),
    CUSTOMER_NOTIFIED("customer-notified", "notification", 32),
    SHORTAGE_NOTIFIED("shortage-notified", "notification", 64),
    /** What notification could do is done: its own bit beside that of the mail. */
    CUSTOMER_UNREACHABLE("customer-unreachable", "notification", 32 | 128),
    SHORTAGE_UNREACHABLE("shortage-unreachable", "notification", 64 | 256);

    private static final Map<String, Fact> BY_EVENT =
            Arrays.stream(values()).collect(Collectors.toMap(Fact::event, Function.identity()));
    private static final int COMPLETED = STOCK_RESERVED.bit | SHIPMENT_PREPARED.bit | CUSTOMER_NOTIFIED.bit;
    private static final int HELD = STOCK_SHORT.bit | SHIPMENT_HELD.bit | SHORTAGE_NOTIFIED.bit;

    private final String event;
    private final String service;
    private final int bit;

    Fact(String event, String service, int bit) {
        this.event = event;
        this.service = service;
        this.bit = bit;
    }

    static Fact of(String event) {
        Fact fact = BY_EVENT.get(event);
        if (fact == null) {
            throw new IllegalArgumentException(
                    "Status knows no event '%s', only %s. Take it out of 'hears' in status.camel.yaml."
                            .formatted(event, BY_EVENT.keySet()));
        }
        return fact;
    }

    /** Whether nothing more can happen to an order of which all this is known. */
    static boolean isEnd(int facts) {
        return (facts & COMPLETED) == COMPLETED || (facts & HELD) == HELD;
    }

    String event() {
        return event;
    }

    String service() {
        return service;
    }

    int bit() {
        return bit;
    }
}
