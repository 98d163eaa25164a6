package dev.orderflow.drill;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orderflow.drill.History.Wish;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * All there is to see when everything is quiet: what clients were told, and what topics, tables and groups hold.
 *
 * @param redriven the {@code orderflow-id} of each dead letter that an operator sent back after its cause was mended
 * @param destroyed what faults took from services, as they wrote it down when they struck
 * @param audit what the last {@code GET /audit} answered
 */
record Evidence(
        Collection<Wish> wishes,
        List<Line> orders,
        List<Line> events,
        List<Line> deadLetters,
        List<Receipt> receipts,
        List<Effect> effects,
        List<Stock> stock,
        Map<String, Long> seeded,
        List<Place> places,
        Set<String> topics,
        Set<String> redriven,
        Set<Destroyed> destroyed,
        JsonNode audit) {

    /** On a record that a fault appended as others do: {@code parked} or {@code ignored}, which is what is to become of it. */
    static final String FOREIGN = "drill-foreign";

    static final String PARKED = "parked";
    static final String IGNORED = "ignored";

    /** Offsets that one service cannot do any more, since nobody can read them. @param to behind the last one */
    record Destroyed(String service, String topic, int partition, long from, long to) {

        boolean has(String by, Line line) {
            return service.equals(by)
                    && topic.equals(line.topic())
                    && partition == line.partition()
                    && from <= line.offset()
                    && line.offset() < to;
        }
    }

    /** One record of a topic. */
    record Line(String topic, int partition, long offset, String key, Map<String, String> headers, String body) {

        String header(String name) {
            return headers.getOrDefault(name, "");
        }

        /** {@code stock-short} of {@code dev.orderflow.stock-short.v1}. */
        String type() {
            return dev.orderflow.events.CloudEvents.shortType(header("ce_type"));
        }

        String at() {
            return topic + "-" + partition + "@" + offset;
        }
    }

    /** @param outcome JSON of what was said or why it was parked, or empty */
    record Receipt(String service, UUID orderId, String event, boolean parked, int attempt, String outcome) {}

    /** A row that a service made because of an event; two rows are two of these. */
    record Effect(String service, UUID orderId, String event, String content) {}

    record Stock(String sku, long onHand, long reserved) {}

    /** Where a group stands in a partition; {@code committed} is -1 where nothing was. */
    record Place(String group, String topic, int partition, long committed, long end) {}
}
