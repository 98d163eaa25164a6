package dev.orderflow.events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * The only way from JSON to an {@link Order}: every order in a topic and every request has passed the same rules. Reads
 * the bytes once, without a tree and without reflection. Safe for any number of threads.
 */
public final class OrderReader {

    static final int REQUEST_DEPTH_MAX = 16;
    public static final int RECORD_DEPTH_MAX = 64;
    static final int VIOLATIONS_MAX = 20;

    // Two factories, so that names made up by clients never crowd the symbol table of the record reader.
    private static final JsonFactory REQUESTS = StrictJson.factory(REQUEST_DEPTH_MAX);
    private static final JsonFactory RECORDS = StrictJson.factory(RECORD_DEPTH_MAX);

    private OrderReader() {}

    /** What a request body turned out to be. */
    public sealed interface OrderRequest permits Readable, BulkLine, Invalid, Malformed {}

    /** An order that keeps every rule, before it has an id and a time. */
    public record Readable(
            Order.Customer customer, Order.Address shipTo, String currency, List<Order.Line> lines, String reference)
            implements OrderRequest {

        public Order placed(UUID orderId, Instant placedAt) {
            return new Order(orderId, placedAt, customer, shipTo, currency, lines, reference);
        }
    }

    /** An order of a bulk; {@code key} is its {@code idempotencyKey}, empty when it has none. */
    public record BulkLine(Readable order, String key) implements OrderRequest {}

    /** JSON that breaks rules: the first 20 violations, in the order of the body. */
    public record Invalid(List<Violation> violations) implements OrderRequest {}

    /** Not JSON at all; {@code sentence} names the place and never quotes the body. */
    public record Malformed(String sentence) implements OrderRequest {}

    /**
     * Reads the body of an {@code order-placed} record. Members that it does not know are skipped, so that a newer
     * writer does not stop an older reader.
     *
     * @throws UnreadableException when it is not JSON or breaks a rule
     */
    public static Order record(byte[] json) {
        if (!Utf8.isValid(json)) {
            throw new UnreadableException(StrictJson.notUtf8("record"));
        }
        try (JsonParser parser = RECORDS.createParser(json)) {
            return new OrderMembers(parser, OrderMembers.Mode.RECORD).record();
        } catch (IOException e) {
            throw new UnreadableException(StrictJson.malformed("record", e, RECORD_DEPTH_MAX));
        }
    }

    /** Reads the body of a request. Unknown and repeated members are violations. */
    public static OrderRequest request(byte[] json) {
        return request("body", json, parser -> new OrderMembers(parser, OrderMembers.Mode.REQUEST).request());
    }

    /** Reads a line of a bulk: an order as in a request, which may have an {@code idempotencyKey} too. */
    public static OrderRequest line(byte[] json) {
        return request("line", json, parser -> new OrderMembers(parser, OrderMembers.Mode.LINE).line());
    }

    private interface Walk {
        OrderRequest of(JsonParser parser) throws IOException;
    }

    private static OrderRequest request(String subject, byte[] json, Walk walk) {
        if (!Utf8.isValid(json)) {
            return new Malformed(StrictJson.notUtf8(subject));
        }
        try (JsonParser parser = REQUESTS.createParser(json)) {
            return walk.of(parser);
        } catch (IOException e) {
            return new Malformed(StrictJson.malformed(subject, e, REQUEST_DEPTH_MAX));
        }
    }
}
