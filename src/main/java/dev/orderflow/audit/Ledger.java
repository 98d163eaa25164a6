package dev.orderflow.audit;

import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.Event;
import dev.orderflow.events.Order;
import dev.orderflow.events.OrderReader;
import dev.orderflow.events.UnreadableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What the topics say, as temporary tables of one database session. So memory does not grow with the topics, and the
 * comparing is the database's.
 */
final class Ledger {

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

    private static final String WORD = "[a-z0-9]+(-[a-z0-9]+)*";
    private static final int WORD_CHARS = 64;

    private final Copy placed;
    private final Copy unreadable;
    private final Copy events;
    private final Copy redriven;
    private final Copy letters;
    private final MessageDigest md5 = md5();
    private boolean tail;

    Ledger(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(TABLES);
        }
        placed = new Copy(connection, "audit_placed");
        unreadable = new Copy(connection, "audit_unreadable");
        events = new Copy(connection, "audit_event");
        redriven = new Copy(connection, "audit_redriven");
        letters = new Copy(connection, "audit_letter");
    }

    /** From here on records only explain what is found; they were appended after the audit began. */
    void tail() {
        tail = true;
    }

    void flush() throws SQLException, IOException {
        for (Copy copy : new Copy[] {placed, unreadable, events, redriven, letters}) {
            copy.flush();
        }
    }

    void order(ConsumerRecord<byte[], byte[]> kafkaRecord) throws SQLException, IOException {
        String type = CloudEvents.shortType(header(kafkaRecord, CloudEvents.TYPE));
        boolean typed = kafkaRecord.headers().lastHeader(CloudEvents.TYPE) != null;
        if (typed && !type.equals(Event.ORDER_PLACED)) {
            return;
        }
        Order order = typed ? order(kafkaRecord.key(), kafkaRecord.value()) : null;
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
    void event(ConsumerRecord<byte[], byte[]> kafkaRecord) throws SQLException, IOException {
        String type = CloudEvents.shortType(header(kafkaRecord, CloudEvents.TYPE));
        UUID orderId = uuid(kafkaRecord.key());
        String source = header(kafkaRecord, CloudEvents.SOURCE).replaceFirst("^/orderflow/", "");
        if (!isWord(type) || orderId == null) {
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

    void letter(ConsumerRecord<byte[], byte[]> kafkaRecord) throws SQLException, IOException {
        String id = clean(header(kafkaRecord, "orderflow-id"));
        String service = clean(header(kafkaRecord, "orderflow-service"));
        if (!id.isEmpty() && !service.isEmpty()) {
            letters.add(id, service, number(header(kafkaRecord, "orderflow-attempt")));
        }
    }

    private void redriven(ConsumerRecord<byte[], byte[]> kafkaRecord, String type, Order order)
            throws SQLException, IOException {
        UUID orderId = uuid(kafkaRecord.key());
        redriven.add(
                clean(header(kafkaRecord, "orderflow-redrive-service")),
                orderId == null ? "" : orderId,
                isWord(type) ? type : "",
                number(header(kafkaRecord, "orderflow-attempt")),
                clean(header(kafkaRecord, "orderflow-id")),
                clean(kafkaRecord.topic()),
                kafkaRecord.partition(),
                kafkaRecord.offset(),
                order == null ? "" : lines(order),
                order == null ? "" : order.pieces(),
                order == null ? "" : order.customer().id(),
                tail);
    }

    private static boolean isRedriven(ConsumerRecord<byte[], byte[]> kafkaRecord) {
        return !header(kafkaRecord, "orderflow-redrive-service").isEmpty();
    }

    /** Null for what no service can read, by the services' own rules. */
    private static Order order(byte[] key, byte[] body) {
        try {
            Order order = body == null ? null : OrderReader.record(body);
            return order != null && order.orderId().equals(uuid(key)) ? order : null;
        } catch (UnreadableException e) {
            return null;
        }
    }

    /** As PostgreSQL prints the jsonb of a reservation: keys by length, then by byte. */
    private static String lines(Order order) {
        return order.lines().stream()
                .sorted(Comparator.comparingInt((Order.Line line) -> line.sku().length())
                        .thenComparing(Order.Line::sku))
                .map(line -> "\"" + line.sku() + "\": " + line.quantity())
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private long hash(byte[] body) {
        return body == null ? 0 : ByteBuffer.wrap(md5.digest(body)).getLong();
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has MD5.", e);
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> kafkaRecord, String name) {
        var header = kafkaRecord.headers().lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static boolean isWord(String text) {
        return text.length() <= WORD_CHARS && text.matches(WORD);
    }

    private static String clean(String text) {
        String clean = text.replaceAll("[\\p{Cntrl}\\\\]", "?");
        return clean.length() <= 512 ? clean : clean.substring(0, 512);
    }

    private static int number(String text) {
        return text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 1;
    }

    private static UUID uuid(byte[] key) {
        if (key == null || key.length != 36) {
            return null;
        }
        try {
            return UUID.fromString(new String(key, StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
