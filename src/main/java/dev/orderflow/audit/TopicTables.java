package dev.orderflow.audit;

import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.Event;
import dev.orderflow.events.Order;
import dev.orderflow.events.OrderId;
import dev.orderflow.events.OrderReader;
import dev.orderflow.events.UnreadableException;
import dev.orderflow.telemetry.DaemonThreads;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What the topics say, as temporary tables of one database session. So memory does not grow with the topics, and the
 * comparing is the database's.
 */
final class TopicTables implements AutoCloseable {

    private static final String TABLES = """
            CREATE TEMP TABLE audit_placed (
                order_id uuid, part int, off bigint, lines text, pieces int, customer text, tail boolean);
            CREATE TEMP TABLE audit_unreadable (part int, off bigint, tail boolean);
            CREATE TEMP TABLE audit_event (
                order_id uuid, event text, service text, part int, off bigint, hash bigint);
            CREATE TEMP TABLE audit_redriven (
                service text, order_id uuid, event text, attempt int, letter text, topic text, part int, off bigint,
                lines text, pieces int, customer text, tail boolean);
            CREATE TEMP TABLE audit_letter (id text, service text, attempt int);
            CREATE TEMP TABLE audit_committed (service text, topic text, part int, off bigint);""";

    private static final String SOURCE = "/orderflow/";
    private static final Comparator<Order.Line> BY_KEY =
            Comparator.comparingInt((Order.Line line) -> line.sku().length()).thenComparing(Order.Line::sku);
    private static final Object NULL = "";
    private static final int WORD_CHARS = 64;

    private final BinaryCopy placed;
    private final BinaryCopy unreadable;
    private final BinaryCopy events;
    private final BinaryCopy redriven;
    private final BinaryCopy letters;
    private final ExecutorService sender = Executors.newSingleThreadExecutor(DaemonThreads.named("audit-copy"));
    private final CRC32 crc32 = new CRC32();
    private final CRC32C crc32c = new CRC32C();
    private final TopicsSeen seen;
    private boolean tail;

    TopicTables(Connection connection, TopicsSeen seen) throws SQLException {
        this.seen = seen;
        try (var statement = connection.createStatement()) {
            statement.execute(TABLES);
        }
        placed = new BinaryCopy(connection, "audit_placed", sender);
        unreadable = new BinaryCopy(connection, "audit_unreadable", sender);
        events = new BinaryCopy(connection, "audit_event", sender);
        redriven = new BinaryCopy(connection, "audit_redriven", sender);
        letters = new BinaryCopy(connection, "audit_letter", sender);
    }

    /** From here on records only explain what is found; they were appended after the audit began. */
    void tail() {
        tail = true;
    }

    void flush() throws SQLException {
        for (BinaryCopy copy : new BinaryCopy[] {placed, unreadable, events, redriven, letters}) {
            copy.flush();
        }
    }

    void order(ConsumerRecord<byte[], byte[]> kafkaRecord) throws SQLException {
        String wireType = header(kafkaRecord, CloudEvents.TYPE);
        String type = CloudEvents.shortType(wireType);
        boolean nearly = wireType.isEmpty()
                || !type.equals(Event.ORDER_PLACED)
                        && CloudEvents.likelyType(wireType).equals(Event.ORDER_PLACED);
        if (!nearly && !type.equals(Event.ORDER_PLACED)) {
            ignore(kafkaRecord, type);
            return;
        }
        Order order = nearly || isRedrivenByNobody(kafkaRecord) ? null : order(kafkaRecord.key(), kafkaRecord.value());
        if (isRedriven(kafkaRecord)) {
            redriven(kafkaRecord, type, order);
        } else if (order == null) {
            unreadable.add(kafkaRecord.partition(), kafkaRecord.offset(), tail);
        } else {
            placed.add(
                    order.orderId(),
                    kafkaRecord.partition(),
                    kafkaRecord.offset(),
                    lines(order),
                    order.pieces(),
                    order.customer().id(),
                    tail);
        }
    }

    /** Of an event only its identity counts, and whether its repeats are equal. */
    void event(ConsumerRecord<byte[], byte[]> kafkaRecord) throws SQLException {
        String type = CloudEvents.shortType(header(kafkaRecord, CloudEvents.TYPE));
        UUID orderId = OrderId.ofKey(kafkaRecord.key()).orElse(null);
        String source = header(kafkaRecord, CloudEvents.SOURCE);
        source = source.startsWith(SOURCE) ? source.substring(SOURCE.length()) : source;
        if (!isWord(type) || orderId == null) {
            ignore(kafkaRecord, type);
            return;
        }
        if (isRedriven(kafkaRecord)) {
            redriven(kafkaRecord, type, null);
        } else if (!tail) {
            events.add(
                    orderId,
                    type,
                    isWord(source) ? source : "unknown",
                    kafkaRecord.partition(),
                    kafkaRecord.offset(),
                    hash(kafkaRecord.value()));
        }
    }

    void letter(ConsumerRecord<byte[], byte[]> kafkaRecord) throws SQLException {
        String id = clean(header(kafkaRecord, "orderflow-id"));
        String service = clean(header(kafkaRecord, "orderflow-service"));
        if (!id.isEmpty() && !service.isEmpty()) {
            letters.add(id, service, number(header(kafkaRecord, "orderflow-attempt")));
        }
    }

    private void redriven(ConsumerRecord<byte[], byte[]> kafkaRecord, String type, Order order) throws SQLException {
        UUID orderId = OrderId.ofKey(kafkaRecord.key()).orElse(null);
        redriven.add(
                clean(header(kafkaRecord, "orderflow-redrive-service")),
                orderId == null ? NULL : orderId,
                isWord(type) ? type : "",
                number(header(kafkaRecord, "orderflow-attempt")),
                clean(header(kafkaRecord, "orderflow-id")),
                clean(kafkaRecord.topic()),
                kafkaRecord.partition(),
                kafkaRecord.offset(),
                order == null ? "" : lines(order),
                order == null ? NULL : order.pieces(),
                order == null ? "" : order.customer().id(),
                tail);
    }

    /** By the rule of the services: the header, and what redrive writes beside it. */
    private static boolean isRedriven(ConsumerRecord<byte[], byte[]> kafkaRecord) {
        String service = header(kafkaRecord, "orderflow-redrive-service");
        return !service.isEmpty()
                && header(kafkaRecord, "orderflow-id").startsWith(service + '/')
                && number(header(kafkaRecord, "orderflow-attempt")) > 1;
    }

    private static boolean isRedrivenByNobody(ConsumerRecord<byte[], byte[]> kafkaRecord) {
        return !header(kafkaRecord, "orderflow-redrive-service").isEmpty() && !isRedriven(kafkaRecord);
    }

    /** What has a type of ours is an event that some service may hear. */
    private void ignore(ConsumerRecord<byte[], byte[]> kafkaRecord, String type) {
        if (type.isEmpty() && !tail) {
            seen.ignored(kafkaRecord.topic() + '-' + kafkaRecord.partition() + '@' + kafkaRecord.offset());
        }
    }

    /** Null for what no service can read, by the services' own rules. */
    private static Order order(byte[] key, byte[] body) {
        try {
            Order order = body == null ? null : OrderReader.record(body);
            return order != null
                            && OrderId.ofKey(key)
                                    .filter(order.orderId()::equals)
                                    .isPresent()
                    ? order
                    : null;
        } catch (UnreadableException e) {
            return null;
        }
    }

    /** As PostgreSQL prints the jsonb of a reservation: keys by length, then by byte. */
    private static String lines(Order order) {
        var sorted = new ArrayList<>(order.lines());
        sorted.sort(BY_KEY);
        var text = new StringBuilder(64).append('{');
        for (Order.Line line : sorted) {
            text.append(text.length() > 1 ? ", \"" : "\"").append(line.sku());
            text.append("\": ").append(line.quantity());
        }
        return text.append('}').toString();
    }

    /** Two sums of 32 bits: nobody forges them here, they only tell equal from different. */
    private long hash(byte[] body) {
        if (body == null) {
            return 0;
        }
        crc32.reset();
        crc32c.reset();
        crc32.update(body);
        crc32c.update(body);
        return crc32.getValue() << 32 | crc32c.getValue();
    }

    private static String header(ConsumerRecord<byte[], byte[]> kafkaRecord, String name) {
        var header = kafkaRecord.headers().lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static boolean isWord(String text) {
        boolean word = !text.isEmpty() && text.length() <= WORD_CHARS;
        for (int i = 0; word && i < text.length(); i++) {
            char c = text.charAt(i);
            word = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-';
        }
        return word;
    }

    private static String clean(String text) {
        String clean = text.replaceAll("[\\p{Cntrl}\\\\]", "?");
        return clean.length() <= 512 ? clean : clean.substring(0, 512);
    }

    private static int number(String text) {
        return text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 1;
    }

    @Override
    public void close() {
        sender.shutdownNow();
    }
}
