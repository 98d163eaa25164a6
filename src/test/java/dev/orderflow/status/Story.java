package dev.orderflow.status;

import dev.orderflow.events.Event;
import dev.orderflow.events.Order;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/** Orders and what the services say of them, for tests of status. */
final class Story {

    static final Instant NOON = Instant.parse("2026-11-22T12:00:00.123456Z");

    private Story() {}

    static StatusProjection book(DataSource database) {
        var book = new StatusProjection();
        book.setDataSource(database);
        return book;
    }

    static Event placed(UUID id, Instant at, String customer) {
        var order = new Order(
                id,
                at,
                new Order.Customer(customer, "ada@example.com"),
                new Order.Address("Ada Lovelace", "12 Analytical Row", "London", "N1 9GU", "GB"),
                "GBP",
                List.of(new Order.Line("mug-blue", 2, new BigDecimal("12.50"))),
                "");
        return new Event(id, Event.ORDER_PLACED, at, order);
    }

    static Event placed(UUID id) {
        return placed(id, NOON, "c-17");
    }

    static Event reserved(UUID id) {
        return event(id, "stock-reserved", 1, Map.of("lines", List.of(Map.of("sku", "mug-blue", "quantity", 2))));
    }

    static Event prepared(UUID id) {
        return event(
                id,
                "shipment-prepared",
                2,
                Map.of("carrier", "post", "serviceLevel", "standard", "label", "L1", "pieces", 2));
    }

    static Event notified(UUID id) {
        return event(id, "customer-notified", 3, Map.of("messageId", "<m@orderflow>"));
    }

    static Event shortOf(UUID id) {
        return event(
                id,
                "stock-short",
                1,
                Map.of("missing", List.of(Map.of("sku", "mug-blue", "wanted", 2, "available", 0))));
    }

    static Event held(UUID id) {
        return event(id, "shipment-held", 4, Map.of("reason", "stock-short"));
    }

    static Event shortageNotified(UUID id) {
        return event(id, "shortage-notified", 5, Map.of("messageId", "<s@orderflow>"));
    }

    private static Event event(UUID id, String type, int seconds, Map<String, ?> data) {
        return new Event(id, type, NOON.plusSeconds(seconds), data);
    }
}
