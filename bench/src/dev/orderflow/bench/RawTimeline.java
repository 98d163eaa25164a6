package dev.orderflow.bench;

import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.OrderReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/**
 * The whole of status by hand: orders and what services say of them, in timelines and states, with a receipt for each. One
 * transaction for all records of a poll. Repeats are rare, so the receipts are written first, and what is known is asked for only
 * when one of them is there.
 */
final class RawTimeline {

    private static final String KNOWN =
            "SELECT order_id, event FROM delivery.receipts WHERE service = 'status' AND order_id = ANY(?)";
    private static final String TIMELINE = """
            INSERT INTO status.timeline (order_id, event, service, at, detail, route_version)
            SELECT e.order_id, e.event, e.service, e.at, e.detail::json, e.route_version
            FROM unnest(?::uuid[], ?::text[], ?::text[], ?::timestamptz[], ?::text[], ?::text[])
                AS e (order_id, event, service, at, detail, route_version)
            ORDER BY e.order_id, e.event""";
    private static final String RECEIPTS =
            "INSERT INTO delivery.receipts(service, order_id, event) SELECT 'status', v.id, v.e FROM unnest(?::uuid[], ?::text[]) v(id, e)";

    private static final String UNIQUE_VIOLATION = "23505";
    private static final String PLACED = "order-placed";
    private static final Map<String, Integer> BITS =
            Map.of(PLACED, 1, "stock-reserved", 2, "shipment-prepared", 8, "customer-notified", 32);
    private static final String SOURCE = "/orderflow/";

    private final DataSource database;
    private final String ordersTopic;

    /** One event is one, however often it is read. */
    private record Key(UUID order, String event) {}

    /** @param body of the order; empty where the event is another */
    private record Heard(
            Key key, String service, String time, String detail, String version, String customer, String body) {}

    RawTimeline(DataSource database, String ordersTopic) {
        this.database = database;
        this.ordersTopic = ordersTopic;
    }

    void note(ConsumerRecords<String, byte[]> records) throws SQLException {
        var heard = new LinkedHashMap<Key, Heard>(records.count() * 2);
        for (ConsumerRecord<String, byte[]> one : records) {
            var event = one.topic().equals(ordersTopic) ? placed(one.value()) : said(one);
            heard.putIfAbsent(event.key, event);
        }
        try (var connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                write(connection, heard);
            } catch (SQLException e) {
                if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
                    throw e;
                }
                connection.rollback();
                forget(connection, heard);
                write(connection, heard);
            }
            connection.commit();
        }
    }

    private static void write(Connection connection, Map<Key, Heard> heard) throws SQLException {
        if (!heard.isEmpty()) {
            receipts(connection, heard.keySet());
            timeline(connection, heard.values());
            orders(connection, heard.values());
        }
    }

    private static Heard placed(byte[] value) {
        var order = OrderReader.record(value);
        return new Heard(
                new Key(order.orderId(), PLACED),
                "intake",
                order.placedAt().toString(),
                "{}",
                null,
                order.customer().id(),
                new String(value, StandardCharsets.UTF_8));
    }

    /** The detail is the body without its first member, the order's id. */
    private static Heard said(ConsumerRecord<String, byte[]> event) {
        String body = new String(event.value(), StandardCharsets.UTF_8);
        int comma = body.indexOf(',');
        return new Heard(
                new Key(UUID.fromString(event.key()), CloudEvents.shortType(header(event, CloudEvents.TYPE))),
                header(event, CloudEvents.SOURCE).substring(SOURCE.length()),
                header(event, CloudEvents.TIME),
                comma < 0 ? "{}" : '{' + body.substring(comma + 1),
                header(event, CloudEvents.ROUTE_VERSION),
                null,
                "");
    }

    private static String header(ConsumerRecord<String, byte[]> event, String name) {
        return new String(event.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static void forget(Connection connection, Map<Key, Heard> heard) throws SQLException {
        try (var select = connection.prepareStatement(KNOWN)) {
            RawWork.bind(
                    select,
                    1,
                    "uuid",
                    heard.keySet().stream().map(Key::order).distinct().toList());
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    heard.remove(new Key(rows.getObject(1, UUID.class), rows.getString(2)));
                }
            }
        }
    }

    private static void timeline(Connection connection, Collection<Heard> events) throws SQLException {
        try (var insert = connection.prepareStatement(TIMELINE)) {
            RawWork.bind(
                    insert, 1, "uuid", events.stream().map(one -> one.key.order).toList());
            RawWork.bind(
                    insert, 2, "text", events.stream().map(one -> one.key.event).toList());
            RawWork.bind(insert, 3, "text", events.stream().map(Heard::service).toList());
            RawWork.bind(
                    insert, 4, "timestamptz", events.stream().map(Heard::time).toList());
            RawWork.bind(insert, 5, "text", events.stream().map(Heard::detail).toList());
            RawWork.bind(insert, 6, "text", events.stream().map(Heard::version).toList());
            insert.executeUpdate();
        }
    }

    /** One row for all events of an order in the batch. */
    private static void orders(Connection connection, Collection<Heard> events) throws SQLException {
        var facts = new LinkedHashMap<UUID, Integer>(events.size() * 2);
        var placed = new LinkedHashMap<UUID, Heard>(events.size() * 2);
        for (Heard one : events) {
            facts.merge(one.key.order, BITS.get(one.key.event), (a, b) -> a | b);
            if (!one.body.isEmpty()) {
                placed.put(one.key.order, one);
            }
        }
        var customers = new ArrayList<String>(facts.size());
        var times = new ArrayList<String>(facts.size());
        var bodies = new ArrayList<String>(facts.size());
        for (UUID order : facts.keySet()) {
            Heard one = placed.get(order);
            customers.add(one == null ? null : one.customer);
            times.add(one == null ? null : one.time);
            bodies.add(one == null ? null : one.body);
        }
        RawStatus.orders(
                connection, List.copyOf(facts.keySet()), List.copyOf(facts.values()), customers, times, bodies);
    }

    private static void receipts(Connection connection, Collection<Key> keys) throws SQLException {
        try (var insert = connection.prepareStatement(RECEIPTS)) {
            RawWork.bind(insert, 1, "uuid", keys.stream().map(Key::order).toList());
            RawWork.bind(insert, 2, "text", keys.stream().map(Key::event).toList());
            insert.executeUpdate();
        }
    }
}
