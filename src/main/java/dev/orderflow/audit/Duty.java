package dev.orderflow.audit;

import java.util.List;
import java.util.Optional;

/**
 * What a service must have done for each order, as SQL: {@code e} is its effect, {@code o} the order as the topic has it.
 *
 * @param effect joins the effect of an order; empty where only receipts tell
 * @param wrong when the effect's content is not the order's
 * @param unseen selects order_id and at of effects, to be looked up in the topic
 * @param hears the result events that it acts on too
 */
record Duty(String service, Optional<String> effect, String wrong, Optional<String> unseen, List<String> hears) {

    private static final List<Duty> KNOWN = List.of(
            new Duty(
                    "inventory",
                    Optional.of("inventory.reservation e ON e.order_id = o.order_id"),
                    "e.state = 'reserved' AND e.lines::text <> o.lines",
                    Optional.of("SELECT order_id, at FROM inventory.reservation"),
                    List.of()),
            new Duty(
                    "shipping",
                    Optional.of("shipping.shipment e ON e.order_id = o.order_id AND e.carrier IS NOT NULL"),
                    "e.pieces <> o.pieces",
                    Optional.of("SELECT order_id, at FROM shipping.shipment"),
                    List.of("stock-short")),
            new Duty(
                    "notification",
                    Optional.of("notification.mail e ON e.order_id = o.order_id AND e.kind = 'confirmation'"),
                    "false",
                    Optional.of("SELECT order_id, at FROM notification.mail"),
                    List.of("stock-short")),
            new Duty(
                    "status",
                    Optional.of("status.orders e ON e.order_id = o.order_id AND e.placed_at IS NOT NULL"),
                    "e.customer_id <> o.customer",
                    Optional.empty(),
                    List.of(
                            "stock-reserved",
                            "stock-short",
                            "shipment-prepared",
                            "shipment-held",
                            "customer-notified",
                            "shortage-notified")));

    static List<Duty> known() {
        return KNOWN;
    }

    /** A service that was added later: its receipts speak for it. */
    static Duty of(String service) {
        return KNOWN.stream()
                .filter(duty -> duty.service.equals(service))
                .findFirst()
                .orElseGet(() -> new Duty(service, Optional.empty(), "false", Optional.empty(), List.of()));
    }

    String join() {
        return effect.map(table -> "LEFT JOIN " + table).orElse("LEFT JOIN (SELECT true AS there) e ON true");
    }

    String there() {
        return effect.isPresent() ? "e.order_id IS NOT NULL" : "r.order_id IS NOT NULL";
    }
}
