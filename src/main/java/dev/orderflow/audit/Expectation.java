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
record Expectation(String service, Optional<String> effect, String wrong, Optional<String> unseen, List<String> hears) {

    // What a shortage said is missing must be lines of the order, each wanted as the order wants it and not there.
    private static final String MISSING = """
            NOT coalesce((
                SELECT bool_and(o.lines::jsonb ->> (m ->> 'sku') IS NOT DISTINCT FROM m ->> 'wanted'
                       AND (m ->> 'available')::bigint < (m ->> 'wanted')::bigint)
                  FROM jsonb_path_query(r.outcome::jsonb, '$[*].body.missing[*]') m), false)""";

    private static final List<Expectation> KNOWN = List.of(
            new Expectation(
                    "inventory",
                    Optional.of("inventory.reservation e ON e.order_id = o.order_id"),
                    "CASE e.state WHEN 'reserved' THEN e.lines::text <> o.lines WHEN 'short' THEN e.lines <> '{}' OR %s END"
                            .formatted(MISSING),
                    Optional.of("SELECT order_id, at FROM inventory.reservation"),
                    List.of()),
            new Expectation(
                    "shipping",
                    Optional.of("shipping.shipment e ON e.order_id = o.order_id AND e.carrier IS NOT NULL"),
                    "e.pieces <> o.pieces",
                    Optional.of("SELECT order_id, at FROM shipping.shipment"),
                    List.of("stock-short")),
            new Expectation(
                    "notification",
                    Optional.of("notification.mail e ON e.order_id = o.order_id AND e.kind = 'confirmation'"),
                    "false",
                    Optional.of("SELECT order_id, at FROM notification.mail"),
                    List.of("stock-short")),
            new Expectation(
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
                            "shortage-notified",
                            "customer-unreachable",
                            "shortage-unreachable")));

    static List<Expectation> known() {
        return KNOWN;
    }

    /** A service that was added later: its receipts speak for it, and the rows with an order_id in the schema of its name. */
    static Expectation of(String service, Optional<String> effects) {
        return KNOWN.stream()
                .filter(duty -> duty.service.equals(service))
                .findFirst()
                .orElseGet(() -> new Expectation(service, Optional.empty(), "false", effects, List.of()));
    }

    String join() {
        return effect.map(table -> "LEFT JOIN " + table).orElse("LEFT JOIN (SELECT true AS there) e ON true");
    }

    String there() {
        return effect.isPresent() ? "e.order_id IS NOT NULL" : "(r.order_id IS NOT NULL AND NOT r.parked)";
    }
}
