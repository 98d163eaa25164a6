package dev.orderflow.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orderflow.drill.Evidence.Destroyed;
import dev.orderflow.drill.Evidence.Effect;
import dev.orderflow.drill.Evidence.Line;
import dev.orderflow.drill.Evidence.Place;
import dev.orderflow.drill.Evidence.Receipt;
import dev.orderflow.drill.Evidence.Stock;
import dev.orderflow.settings.Services;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Gathers the {@link Evidence} with plain clients, past every proxy. */
final class Look {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> DULL = Set.of("ce_specversion", "content-type", "traceparent");

    private final String brokers;
    private final Admin admin;
    private final Postgres postgres;
    private final String orders;
    private final String events;
    private final String deadLetters;

    Look(String brokers, Admin admin, Postgres postgres, String orders, String events, String deadLetters) {
        this.brokers = brokers;
        this.admin = admin;
        this.postgres = postgres;
        this.orders = orders;
        this.events = events;
        this.deadLetters = deadLetters;
    }

    /** @param gone records that were there once */
    Evidence evidence(
            History history,
            Map<String, Long> seeded,
            Set<String> redriven,
            List<Line> gone,
            Set<Destroyed> destroyed,
            JsonNode audit) {
        try {
            return new Evidence(
                    history.wishes().values(),
                    all(orders, gone),
                    all(events, gone),
                    lines(deadLetters),
                    receipts(),
                    effects(),
                    stock(),
                    seeded,
                    places(),
                    admin.listTopics().names().get(),
                    redriven,
                    destroyed,
                    audit);
        } catch (SQLException | InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Records that no service has committed yet, all services together. */
    long lag() {
        try {
            return places().stream()
                    .mapToLong(place -> place.end() - Math.max(0, place.committed()))
                    .sum();
        } catch (InterruptedException | ExecutionException e) {
            return Long.MAX_VALUE;
        }
    }

    List<Place> places() throws InterruptedException, ExecutionException {
        Map<String, List<TopicPartition>> partitions = new HashMap<>();
        Map<TopicPartition, OffsetSpec> newest = new HashMap<>();
        for (String topic : List.of(orders, events, deadLetters)) {
            List<TopicPartition> of = new ArrayList<>();
            admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .partitions()
                    .forEach(info -> of.add(new TopicPartition(topic, info.partition())));
            partitions.put(topic, of);
            of.forEach(partition -> newest.put(partition, OffsetSpec.latest()));
        }
        var ends = admin.listOffsets(newest).all().get();
        List<Place> places = new ArrayList<>();
        Map<String, List<String>> reads = new TreeMap<>(Map.of(Services.REDRIVE, List.of(deadLetters)));
        Checker.HEARS.forEach(
                (service, hears) -> reads.put(service, hears.size() > 1 ? List.of(orders, events) : List.of(orders)));
        for (String group : reads.keySet()) {
            var committed = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
            for (String topic : reads.get(group)) {
                for (TopicPartition partition : partitions.get(topic)) {
                    var at = committed.get(partition);
                    places.add(new Place(
                            group,
                            topic,
                            partition.partition(),
                            at == null ? -1 : at.offset(),
                            ends.get(partition).offset()));
                }
            }
        }
        return places;
    }

    /** The {@code orderflow-id} of each dead letter of a service about an order that can be read. */
    Set<String> parked(String service) {
        return lines(deadLetters).stream()
                .map(line -> line.header("orderflow-id"))
                .filter(id -> id.startsWith(service + "/") && !id.contains("@"))
                .collect(Collectors.toSet());
    }

    private List<Line> all(String topic, List<Line> gone) {
        return Stream.concat(gone.stream().filter(line -> line.topic().equals(topic)), lines(topic).stream())
                .toList();
    }

    /** All records of a topic that are committed; with bodies where they are orders. */
    List<Line> lines(String topic) {
        boolean withBodies = topic.equals(orders);
        Map<String, Object> properties = Map.of("bootstrap.servers", brokers, "isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            List<Line> lines = new ArrayList<>();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    Map<String, String> headers = new HashMap<>();
                    for (var header : record.headers()) {
                        if (!DULL.contains(header.key())) {
                            headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
                        }
                    }
                    String body = withBodies && record.value() != null
                            ? new String(record.value(), StandardCharsets.UTF_8)
                            : "";
                    String key = record.key() == null ? "" : record.key();
                    lines.add(new Line(topic, record.partition(), record.offset(), key, headers, body));
                }
            }
            return lines;
        }
    }

    private interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    private <T> List<T> rows(String sql, Row<T> row) throws SQLException {
        try (var connection = postgres.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            List<T> all = new ArrayList<>();
            while (rows.next()) {
                all.add(row.of(rows));
            }
            return all;
        }
    }

    private List<Receipt> receipts() throws SQLException {
        return rows(
                "SELECT service, order_id, event, parked, attempt, coalesce(outcome, '') FROM delivery.receipts",
                row -> new Receipt(
                        row.getString(1),
                        row.getObject(2, UUID.class),
                        row.getString(3),
                        row.getBoolean(4),
                        row.getInt(5),
                        row.getString(6)));
    }

    private List<Effect> effects() throws SQLException {
        List<Effect> effects = new ArrayList<>();
        effects.addAll(rows(
                "SELECT order_id, CASE state WHEN 'reserved' THEN lines::text ELSE '' END FROM inventory.reservation",
                row -> new Effect("inventory", id(row), "order-placed", pieces(row.getString(2)))));
        effects.addAll(rows(
                "SELECT order_id, pieces::text FROM shipping.shipment WHERE pieces IS NOT NULL",
                row -> new Effect("shipping", id(row), "order-placed", row.getString(2))));
        effects.addAll(rows(
                "SELECT order_id FROM shipping.shipment WHERE state = 'held'",
                row -> new Effect("shipping", id(row), "stock-short", "")));
        effects.addAll(rows(
                "SELECT order_id, CASE kind WHEN 'shortage' THEN 'stock-short' ELSE 'order-placed' END FROM notification.mail",
                row -> new Effect("notification", id(row), row.getString(2), "")));
        effects.addAll(rows(
                "SELECT t.order_id, t.event, CASE t.event WHEN 'order-placed' THEN o.customer_id ELSE '' END FROM status.timeline t JOIN status.orders o USING (order_id)",
                row -> new Effect("status", id(row), row.getString(2), row.getString(3))));
        effects.addAll(
                rows("SELECT order_id FROM ledger.entry", row -> new Effect("ledger", id(row), "order-placed", "")));
        return effects;
    }

    private static UUID id(ResultSet row) throws SQLException {
        return row.getObject(1, UUID.class);
    }

    /** {@code {"A": 2}} as {@code {A=2}}, in the order of the SKUs. */
    private static String pieces(String json) {
        if (json.isEmpty()) {
            return "";
        }
        try {
            Map<String, Long> lines = new TreeMap<>();
            JSON.readTree(json)
                    .fields()
                    .forEachRemaining(
                            line -> lines.put(line.getKey(), line.getValue().asLong()));
            return lines.toString();
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Stock> stock() throws SQLException {
        return rows(
                "SELECT sku, on_hand, reserved FROM inventory.stock",
                row -> new Stock(row.getString(1), row.getLong(2), row.getLong(3)));
    }
}
