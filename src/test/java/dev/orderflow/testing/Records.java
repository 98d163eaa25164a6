package dev.orderflow.testing;

import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.Event;
import dev.orderflow.events.Order;
import dev.orderflow.events.OrderWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Records as intake appends them, and some that nobody should. */
public final class Records {

    private Records() {}

    public static Order order(UUID id, String sku, int quantity) {
        return new Order(
                id,
                Instant.parse("2026-11-22T10:00:00Z"),
                new Order.Customer("c-1", "ada@example.org"),
                new Order.Address("Ada Lovelace", "12 St James Square", "London", "SW1Y 4LE", "GB"),
                "EUR",
                List.of(new Order.Line(sku, quantity, new BigDecimal("12.50"))),
                "");
    }

    public static ProducerRecord<String, byte[]> placed(String topic, Order order) {
        return Topics.producerRecord(
                topic,
                order.orderId().toString(),
                OrderWriter.bytes(order),
                headers(order.orderId(), Event.ORDER_PLACED));
    }

    public static ProducerRecord<String, byte[]> event(String topic, UUID order, String type, String body) {
        return Topics.producerRecord(
                topic, order.toString(), body.getBytes(StandardCharsets.UTF_8), headers(order, type));
    }

    /** Has every header of an order, and no JSON. */
    public static ProducerRecord<String, byte[]> garbage(String topic, UUID key) {
        return event(topic, key, Event.ORDER_PLACED, "this is no order");
    }

    private static Map<String, String> headers(UUID order, String type) {
        return Map.of(
                CloudEvents.SPECVERSION,
                "1.0",
                CloudEvents.ID,
                order + "/" + type,
                CloudEvents.TYPE,
                CloudEvents.wireType(type),
                CloudEvents.SOURCE,
                type.equals(Event.ORDER_PLACED) ? "/orderflow/intake" : "/orderflow/inventory",
                CloudEvents.TIME,
                "2026-11-22T10:00:00Z",
                CloudEvents.CONTENT_TYPE,
                "application/json",
                CloudEvents.TRACEPARENT,
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    }
}
