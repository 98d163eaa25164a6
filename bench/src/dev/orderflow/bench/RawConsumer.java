package dev.orderflow.bench;

import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.Order;
import dev.orderflow.events.OrderReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * What the inventory service costs at least: KafkaConsumer, JDBC and KafkaProducer by hand, with the same effect, the
 * same receipts with their outcomes, the same events, and offsets behind both. It knows no outage, no poison, no metrics.
 */
final class RawConsumer implements Runnable {

    private static final String KNOWN =
            "SELECT order_id FROM delivery.receipts WHERE service = 'inventory' AND order_id = ANY(?)";
    private static final String LOCK =
            "SELECT sku, on_hand - reserved FROM inventory.stock WHERE sku = ANY(?) ORDER BY sku FOR UPDATE";
    private static final String RESERVE =
            "UPDATE inventory.stock s SET reserved = s.reserved + v.q FROM unnest(?::text[], ?::int8[]) v(sku, q) WHERE s.sku = v.sku";
    private static final String NOTE =
            "INSERT INTO inventory.reservation(order_id, state, lines) SELECT v.id, 'reserved', v.l::jsonb FROM unnest(?::uuid[], ?::text[]) v(id, l)";
    private static final String RECEIPTS =
            "INSERT INTO delivery.receipts(service, order_id, event, outcome) SELECT 'inventory', v.id, 'order-placed', v.o FROM unnest(?::uuid[], ?::text[]) v(id, o)";

    private final String brokers;
    private final String topic;
    private final int recordsMax;
    private final DataSource database;
    private final Producer<String, byte[]> producer;

    private RawConsumer(
            String brokers, String topic, int recordsMax, DataSource database, Producer<String, byte[]> producer) {
        this.brokers = brokers;
        this.topic = topic;
        this.recordsMax = recordsMax;
        this.database = database;
        this.producer = producer;
    }

    /** Arguments: brokers, topic, records in a transaction at most, consumers, JDBC address, user, password. */
    public static void main(String[] arguments) {
        int consumers = Integer.parseInt(arguments[3]);
        var database = Ground.pool(arguments[4], arguments[5], arguments[6], consumers + 1);
        var producer = new KafkaProducer<String, byte[]>(RawServer.settings(arguments[0], 0));
        producer.partitionsFor(topicOfEvents(arguments[1]));
        for (int i = 0; i < consumers; i++) {
            new Thread(new RawConsumer(arguments[0], arguments[1], Integer.parseInt(arguments[2]), database, producer))
                    .start();
        }
    }

    private static String topicOfEvents(String topic) {
        return topic + "-events";
    }

    @Override
    public void run() {
        try (var consumer = new KafkaConsumer<String, byte[]>(settings())) {
            consumer.subscribe(List.of(topic));
            boolean told = false;
            while (true) {
                var records = consumer.poll(Duration.ofMillis(100));
                if (!told && !consumer.assignment().isEmpty()) {
                    told = true;
                    System.out.println("ready");
                }
                if (!records.isEmpty()) {
                    act(records);
                    consumer.commitAsync(next(records), null);
                }
            }
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private Properties settings() {
        var settings = new Properties();
        settings.putAll(Map.of(
                "bootstrap.servers", brokers,
                "group.id", topic + "-raw",
                "enable.auto.commit", "false",
                "auto.offset.reset", "earliest",
                "max.poll.records", recordsMax,
                "key.deserializer", "org.apache.kafka.common.serialization.StringDeserializer",
                "value.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer"));
        return settings;
    }

    private static Map<TopicPartition, OffsetAndMetadata> next(ConsumerRecords<String, byte[]> records) {
        var next = new HashMap<TopicPartition, OffsetAndMetadata>();
        for (var partition : records.partitions()) {
            var of = records.records(partition);
            next.put(partition, new OffsetAndMetadata(of.get(of.size() - 1).offset() + 1));
        }
        return next;
    }

    private void act(ConsumerRecords<String, byte[]> records) throws Exception {
        var orders = new LinkedHashMap<UUID, Order>();
        for (ConsumerRecord<String, byte[]> one : records) {
            var order = OrderReader.record(one.value());
            orders.putIfAbsent(order.orderId(), order);
        }
        var events = new LinkedHashMap<UUID, String>();
        var now = Instant.now().toString();
        try (var connection = database.getConnection()) {
            connection.setAutoCommit(false);
            forget(connection, orders);
            if (!orders.isEmpty()) {
                effect(connection, orders, events, now);
            }
            connection.commit();
        }
        var appended = new ArrayList<Future<?>>(events.size());
        events.forEach((id, body) -> appended.add(producer.send(event(id, body, now))));
        for (var one : appended) {
            one.get();
        }
    }

    private static void forget(Connection connection, Map<UUID, Order> orders) throws SQLException {
        try (var select = connection.prepareStatement(KNOWN)) {
            select.setArray(1, connection.createArrayOf("uuid", orders.keySet().toArray()));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    orders.remove(rows.getObject(1, UUID.class));
                }
            }
        }
    }

    private static void effect(Connection connection, Map<UUID, Order> orders, Map<UUID, String> events, String now)
            throws SQLException {
        reserve(connection, orders);
        var lines = new ArrayList<String>(orders.size());
        var outcomes = new ArrayList<String>(orders.size());
        orders.forEach((id, order) -> {
            var note = new StringBuilder("{");
            var body = new StringBuilder("{\"orderId\":\"").append(id).append("\",\"lines\":[");
            for (var line : order.lines()) {
                note.append(note.length() > 1 ? ",\"" : "\"")
                        .append(line.sku())
                        .append("\":")
                        .append(line.quantity());
                body.append(line == order.lines().get(0) ? "" : ",")
                        .append("{\"sku\":\"")
                        .append(line.sku());
                body.append("\",\"quantity\":").append(line.quantity()).append('}');
            }
            String event = body.append("]}").toString();
            lines.add(note.append('}').toString());
            outcomes.add("[{\"type\":\"stock-reserved\",\"time\":\"" + now + "\",\"body\":" + event + "}]");
            events.put(id, event);
        });
        insert(connection, NOTE, orders, lines);
        insert(connection, RECEIPTS, orders, outcomes);
    }

    private static void reserve(Connection connection, Map<UUID, Order> orders) throws SQLException {
        var wanted = new TreeMap<String, Long>();
        orders.values()
                .forEach(order ->
                        order.lines().forEach(line -> wanted.merge(line.sku(), (long) line.quantity(), Long::sum)));
        try (var lock = connection.prepareStatement(LOCK)) {
            lock.setArray(1, connection.createArrayOf("text", wanted.keySet().toArray()));
            try (var rows = lock.executeQuery()) {
                while (rows.next()) {
                    if (rows.getLong(2) < wanted.get(rows.getString(1))) {
                        throw new IllegalStateException("The bench's stock is used up.");
                    }
                }
            }
        }
        try (var update = connection.prepareStatement(RESERVE)) {
            update.setArray(1, connection.createArrayOf("text", wanted.keySet().toArray()));
            update.setArray(2, connection.createArrayOf("int8", wanted.values().toArray()));
            update.executeUpdate();
        }
    }

    private static void insert(Connection connection, String sql, Map<UUID, Order> orders, List<String> texts)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setArray(1, connection.createArrayOf("uuid", orders.keySet().toArray()));
            insert.setArray(2, connection.createArrayOf("text", texts.toArray()));
            insert.executeUpdate();
        }
    }

    private ProducerRecord<String, byte[]> event(UUID id, String body, String now) {
        var event = new ProducerRecord<>(topicOfEvents(topic), id.toString(), body.getBytes(StandardCharsets.UTF_8));
        Backlog.headers(
                event.headers(),
                id + "/stock-reserved",
                CloudEvents.wireType("stock-reserved"),
                "/orderflow/inventory",
                now);
        return event;
    }
}
