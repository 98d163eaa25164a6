package dev.orderflow.bench;

import dev.orderflow.database.Database;
import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.Times;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * What orders leave behind when every service is done with them, laid down directly: records, rows and committed offsets.
 * One order in {@value #SHORT_EVERY} is short of stock. Order n is the same wherever it is made.
 *
 * <pre>{@code
 * var fill = Fill.of(ground, "database", "orders");   // topics orders, orders-events, orders-dlt; makes them and the tables
 * fill.upTo(10_000);
 * fill.upTo(1_000_000);                               // adds what is missing
 * }</pre>
 */
public final class Fill {

    static final int SHORT_EVERY = 100;
    static final int CUSTOMERS = 10_000;

    /** Orders of one statement. */
    private static final long STEP = 100_000;

    private static final long FIRST_MS = Instant.parse("2026-01-31T08:00:00Z").toEpochMilli();
    private static final List<String> SERVICES = List.of("inventory", "shipping", "notification", "status");

    /** The rows of orders :from to :to, one statement after the other. Its n, id and lines are those of the records. */
    private static final String ROWS = """
            CREATE TEMP TABLE fill AS
            SELECT n, (lpad(to_hex(%1$d + n), 12, '0') || '7' || lpad(to_hex(n & 4095), 3, '0')
                   || '8' || lpad(to_hex(n), 15, '0'))::uuid AS id,
                   n %% %2$d = %3$d AS short, timestamptz 'epoch' + (%1$d + n) * interval '1 ms' AS at,
                   'cust-' || to_char(n %% %4$d, 'FM0000') AS customer,
                   'sku-' || to_char(n * 7 %% %5$d, 'FM0000') AS sku0, 1 + n %% 3 AS quantity0,
                   'sku-' || to_char((n * 7 + 331) %% %5$d, 'FM0000') AS sku1, 1 + (n + 1) %% 3 AS quantity1,
                   'sku-' || to_char((n * 7 + 662) %% %5$d, 'FM0000') AS sku2, 1 + (n + 2) %% 3 AS quantity2
              FROM generate_series(%6$d::bigint, %7$d::bigint) n;

            INSERT INTO inventory.reservation (order_id, state, lines, at)
            SELECT id, CASE WHEN short THEN 'short' ELSE 'reserved' END, CASE WHEN short THEN '{}' ELSE
                   jsonb_build_object(sku0, quantity0, sku1, quantity1, sku2, quantity2) END, at FROM fill;

            UPDATE inventory.stock s SET reserved = s.reserved + l.quantity
              FROM (SELECT sku, sum(quantity) AS quantity FROM (
                     SELECT sku0 AS sku, quantity0 AS quantity FROM fill WHERE NOT short
                     UNION ALL SELECT sku1, quantity1 FROM fill WHERE NOT short
                     UNION ALL SELECT sku2, quantity2 FROM fill WHERE NOT short) a GROUP BY sku) l
             WHERE s.sku = l.sku;

            INSERT INTO shipping.shipment (order_id, state, carrier, service_level, label, pieces, at)
            SELECT id, CASE WHEN short THEN 'held' ELSE 'prepared' END, 'world-parcel', 'tracked',
                   'OF-' || upper(lpad(to_hex(n), 16, '0')), 6, at FROM fill;

            INSERT INTO notification.mail (order_id, kind, message_id, at)
            SELECT id, kind, '<' || kind || '.' || id || '@orderflow.example>', at
              FROM fill, (VALUES ('confirmation'), ('shortage')) k (kind) WHERE kind = 'confirmation' OR short;

            INSERT INTO status.orders (order_id, customer_id, placed_at, facts, body)
            SELECT id, customer, at, CASE WHEN short THEN 1 | 4 | 16 | 32 | 64 ELSE 1 | 2 | 8 | 32 END, format(
                   '{"orderId":"%%s","placedAt":"%%s","customer":{"id":"%%s","email":"ada.lovelace@example.org"},"shipTo":{"name":"Ada Lovelace","street":"12 St James Square","city":"London","postalCode":"SW1Y 4LE","country":"GB"},"currency":"EUR","lines":[{"sku":"%%s","quantity":%%s,"unitPrice":"129.90"},{"sku":"%%s","quantity":%%s,"unitPrice":"129.90"},{"sku":"%%s","quantity":%%s,"unitPrice":"129.90"}],"reference":"leave at the front desk, purchase order 4711"}',
                   id, to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), customer, sku0, quantity0, sku1, quantity1, sku2, quantity2)::json
              FROM fill;

            CREATE TEMP TABLE said AS
            SELECT n, id, at, event, service,
                   CASE event WHEN 'stock-reserved' THEN format('"lines":[{"sku":"%%s","quantity":%%s},{"sku":"%%s","quantity":%%s},{"sku":"%%s","quantity":%%s}]',
                                   sku0, quantity0, sku1, quantity1, sku2, quantity2)
                              WHEN 'stock-short' THEN format('"missing":[{"sku":"%%s","wanted":%%s,"available":0}],"customer":{"id":"%%s","email":"ada.lovelace@example.org"}',
                                   sku0, quantity0, customer)
                              WHEN 'shipment-prepared' THEN format('"carrier":"world-parcel","serviceLevel":"tracked","label":"OF-%%s","pieces":6', upper(lpad(to_hex(n), 16, '0')))
                              WHEN 'shipment-held' THEN '"reason":"stock-short"'
                              WHEN 'customer-notified' THEN format('"messageId":"<confirmation.%%s@orderflow.example>"', id)
                              ELSE format('"messageId":"<shortage.%%s@orderflow.example>"', id) END AS members
              FROM fill, (VALUES ('customer-notified', 'notification', 'both'), ('shipment-held', 'shipping', 'short'),
                                 ('shipment-prepared', 'shipping', 'enough'), ('shortage-notified', 'notification', 'short'),
                                 ('stock-reserved', 'inventory', 'enough'), ('stock-short', 'inventory', 'short'))
                         e (event, service, which)
             WHERE which = 'both' OR short = (which = 'short');

            INSERT INTO status.timeline (order_id, event, service, at, detail)
            SELECT id, event, service, at, ('{' || members || '}')::json FROM said
            UNION ALL SELECT id, 'order-placed', 'intake', at, '{}' FROM fill
             ORDER BY 1, 2;

            INSERT INTO delivery.receipts (service, order_id, event, outcome, at)
            SELECT service, id, CASE event WHEN 'shipment-held' THEN 'stock-short'
                                           WHEN 'shortage-notified' THEN 'stock-short' ELSE 'order-placed' END,
                   format('[{"type":"%%s","time":"%%s","body":{"orderId":"%%s",%%s}}]',
                          event, to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), id, members), at FROM said
            UNION ALL SELECT 'shipping', id, 'order-placed', NULL, at FROM fill WHERE short
            UNION ALL SELECT 'status', id, event, NULL, at FROM said
            UNION ALL SELECT 'status', id, 'order-placed', NULL, at FROM fill
             ORDER BY 1, 2, 3;

            DROP TABLE fill, said;""";

    private final String brokers;
    private final String url;
    private final String user;
    private final String password;
    private final String topic;
    private long filled;

    private Fill(String brokers, String url, String user, String password, String topic) {
        this.brokers = brokers;
        this.url = url;
        this.user = user;
        this.password = password;
        this.topic = topic;
    }

    /** {@code BENCH_MAIN=Fill bench/run BROKERS JDBC_URL USER PASSWORD TOPIC ORDERS} fills what runs elsewhere. */
    public static void main(String[] arguments) throws SQLException {
        of(arguments[0], arguments[1], arguments[2], arguments[3], arguments[4]).upTo(Long.parseLong(arguments[5]));
    }

    /** A new world on the bench's own broker and database, whose settings are those of {@link Sides#product}. */
    static Fill of(Ground ground, String database, String topic) throws SQLException {
        ground.database(database);
        return of(ground.brokers, ground.url(database), ground.user, ground.password, topic);
    }

    /**
     * A new world: topics {@code topic}, {@code topic-events} and {@code topic-dlt} of three partitions, and the tables.
     * Nothing but a fill may have written there.
     */
    public static Fill of(String brokers, String url, String user, String password, String topic) throws SQLException {
        var fill = new Fill(brokers, url, user, password, topic);
        fill.open();
        return fill;
    }

    private void open() throws SQLException {
        try (var admin = admin()) {
            for (String name : List.of(topic, topic + "-events", topic + "-dlt")) {
                create(admin, name);
            }
        }
        try (var database = new Database()) {
            database.setUrl(url);
            database.setUsername(user);
            database.setPassword(password);
            database.start();
        }
        try (var connection = connection();
                var statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO inventory.stock (sku, on_hand) SELECT 'sku-' || to_char(n, 'FM0000'), 1000000000 FROM generate_series(0, "
                            + (Ground.SKUS - 1) + ") n ON CONFLICT DO NOTHING");
        }
    }

    private static void create(Admin admin, String name) {
        try {
            admin.createTopics(List.of(new NewTopic(name, 3, (short) 1))).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new IllegalStateException(e);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Adds orders until there are so many. Takes about a minute and 4 GB of disk for each million. */
    public void upTo(long orders) {
        long from = filled;
        var rows = CompletableFuture.runAsync(() -> rows(from, orders));
        records(from, orders);
        rows.join();
        commit();
        filled = orders;
    }

    /** The id of order n. */
    public static UUID id(long n) {
        return new UUID(FIRST_MS + n << 16 | 0x7000L | n & 0xFFF, 0x8000_0000_0000_0000L | n);
    }

    static boolean isShort(long n) {
        return n % SHORT_EVERY == SHORT_EVERY - 1;
    }

    static String customer(long n) {
        return "cust-" + Long.toString(CUSTOMERS + n % CUSTOMERS).substring(1);
    }

    private void rows(long from, long to) {
        try (var connection = connection();
                var statement = connection.createStatement()) {
            statement.execute("SET synchronous_commit = off; SET work_mem = '128MB'; SET temp_buffers = '128MB'");
            for (long n = from; n < to; n += STEP) {
                statement.execute(ROWS.formatted(
                        FIRST_MS, SHORT_EVERY, SHORT_EVERY - 1, CUSTOMERS, Ground.SKUS, n, Math.min(to, n + STEP) - 1));
            }
            statement.execute(
                    "ANALYZE delivery.receipts; ANALYZE inventory.reservation; ANALYZE shipping.shipment; ANALYZE notification.mail; ANALYZE status.orders; ANALYZE status.timeline");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void records(long from, long to) {
        var settings = RawServer.settings(brokers, 20);
        settings.put("batch.size", "262144");
        settings.put("buffer.memory", "67108864");
        var failure = new AtomicReference<Exception>();
        try (var producer = new KafkaProducer<String, byte[]>(settings)) {
            for (long n = from; n < to; n++) {
                for (ProducerRecord<String, byte[]> one : said(n)) {
                    producer.send(one, (metadata, e) -> {
                        if (e != null) {
                            failure.set(e);
                        }
                    });
                }
            }
        }
        if (failure.get() != null) {
            throw new IllegalStateException(failure.get());
        }
    }

    private List<ProducerRecord<String, byte[]>> said(long n) {
        String id = id(n).toString();
        String time = Times.text(Instant.ofEpochMilli(FIRST_MS + n));
        var placed = one(topic, id, "order-placed", "intake", time, Orders.record(id, time, customer(n), n));
        String body = "{\"orderId\":\"" + id + "\",";
        var notified = said(
                id,
                "customer-notified",
                "notification",
                time,
                body + "\"messageId\":\"<confirmation." + id + "@orderflow.example>\"}");
        if (isShort(n)) {
            return List.of(
                    placed,
                    notified,
                    said(
                            id,
                            "stock-short",
                            "inventory",
                            time,
                            body + "\"missing\":[{\"sku\":\"" + Orders.sku(n, 0) + "\",\"wanted\":"
                                    + Orders.quantity(n, 0) + ",\"available\":0}],\"customer\":{\"id\":\"" + customer(n)
                                    + "\",\"email\":\"ada.lovelace@example.org\"}}"),
                    said(id, "shipment-held", "shipping", time, body + "\"reason\":\"stock-short\"}"),
                    said(
                            id,
                            "shortage-notified",
                            "notification",
                            time,
                            body + "\"messageId\":\"<shortage." + id + "@orderflow.example>\"}"));
        }
        return List.of(
                placed,
                notified,
                said(id, "stock-reserved", "inventory", time, body + "\"lines\":" + reserved(n) + '}'),
                said(
                        id,
                        "shipment-prepared",
                        "shipping",
                        time,
                        body + "\"carrier\":\"world-parcel\",\"serviceLevel\":\"tracked\",\"label\":\"OF-" + label(n)
                                + "\",\"pieces\":6}"));
    }

    private static String label(long n) {
        return HexFormat.of().withUpperCase().toHexDigits(n);
    }

    private static String reserved(long n) {
        var lines = new StringBuilder("[");
        for (int k = 0; k < 3; k++) {
            lines.append(k > 0 ? "," : "")
                    .append("{\"sku\":\"")
                    .append(Orders.sku(n, k))
                    .append("\",\"quantity\":")
                    .append(Orders.quantity(n, k))
                    .append('}');
        }
        return lines.append(']').toString();
    }

    private ProducerRecord<String, byte[]> said(String id, String type, String service, String time, String body) {
        return one(topic + "-events", id, type, service, time, body);
    }

    private static ProducerRecord<String, byte[]> one(
            String topic, String id, String type, String service, String time, String body) {
        var one = new ProducerRecord<>(topic, id, body.getBytes(StandardCharsets.UTF_8));
        Backlog.headers(one.headers(), id + '/' + type, CloudEvents.wireType(type), "/orderflow/" + service, time);
        return one;
    }

    /** Every service stands at the end of what it reads. */
    private void commit() {
        try (var admin = admin()) {
            for (String service : SERVICES) {
                Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
                offsets.putAll(ends(admin, topic));
                if (!service.equals("inventory")) {
                    offsets.putAll(ends(admin, topic + "-events"));
                }
                admin.alterConsumerGroupOffsets(service, offsets).all().get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> ends(Admin admin, String topic)
            throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (int partition = 0; partition < 3; partition++) {
            asked.put(new TopicPartition(topic, partition), OffsetSpec.latest());
        }
        Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
        admin.listOffsets(asked)
                .all()
                .get()
                .forEach((partition, end) -> ends.put(partition, new OffsetAndMetadata(end.offset())));
        return ends;
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", brokers));
    }

    private Connection connection() throws SQLException {
        return DriverManager.getConnection(url, user, password);
    }
}
