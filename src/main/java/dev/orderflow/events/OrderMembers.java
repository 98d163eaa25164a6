package dev.orderflow.events;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * One walk over one order's tokens. A request's walk collects violations and goes on; a record's walk throws at the
 * first.
 */
final class OrderMembers extends SectionReader {

    // A member's bit in `seen` is its place here.
    private static final List<String> ORDER =
            List.of("customer", "shipTo", "currency", "lines", "orderId", "placedAt", "reference", "idempotencyKey");
    private static final int REQUEST_MEMBERS = 4;
    private static final int RECORD_MEMBERS = 6;

    private UUID orderId = NO_ID;
    private Instant placedAt = Instant.EPOCH;
    private String currency = "";
    private String reference = "";
    private String key = "";

    OrderMembers(JsonParser parser, Mode mode) {
        super(parser, mode);
    }

    OrderReader.OrderRequest request() throws IOException {
        walk();
        return violations.isEmpty()
                ? new OrderReader.Readable(customer, shipTo, currency, lines, reference)
                : new OrderReader.Invalid(List.copyOf(violations));
    }

    OrderReader.OrderRequest line() throws IOException {
        var request = request();
        return request instanceof OrderReader.Readable order ? new OrderReader.BulkLine(order, key) : request;
    }

    Order record() throws IOException {
        walk();
        return new Order(orderId, placedAt, customer, shipTo, currency, lines, reference);
    }

    private void walk() throws IOException {
        if (parser.nextToken() == null) {
            throw new JsonEOFException(parser, JsonToken.NOT_AVAILABLE, "empty");
        }
        if (isObject("the order")) {
            order();
        }
        if (parser.nextToken() != null) {
            violate("", "the body must be one JSON object, but more follows it");
        }
    }

    private void order() throws IOException {
        int seen = 0;
        for (String name = member(); !name.isEmpty(); name = member()) {
            switch (name) {
                case "customer" -> {
                    seen = once(seen, 0, ORDER);
                    customer();
                }
                case "shipTo" -> {
                    seen = once(seen, 1, ORDER);
                    shipTo();
                }
                case "currency" -> {
                    seen = once(seen, 2, ORDER);
                    currency = text(name);
                    check(
                            name,
                            mode == Mode.RECORD
                                    ? MemberRules.acceptedCurrency(currency)
                                    : MemberRules.currency(currency));
                }
                case "lines" -> {
                    seen = once(seen, 3, ORDER);
                    lines();
                }
                case "reference" -> {
                    seen = once(seen, 6, ORDER);
                    reference = plain(name, 120);
                }
                default -> seen = memberOfSome(name, seen);
            }
        }
        required(seen, ORDER, mode == Mode.RECORD ? RECORD_MEMBERS : REQUEST_MEMBERS);
    }

    // Members that only a record or a line of a bulk has; elsewhere they are as unknown as any.
    private int memberOfSome(String name, int seen) throws IOException {
        if (mode == Mode.LINE && name.equals("idempotencyKey")) {
            key = text(name);
            check(name, MemberRules.idempotencyKey(key));
            return once(seen, 7, ORDER);
        }
        if (mode == Mode.RECORD && name.equals("orderId")) {
            orderId = uuid(text(name));
            return once(seen, 4, ORDER);
        }
        if (mode == Mode.RECORD && name.equals("placedAt")) {
            placedAt = instant(text(name));
            return once(seen, 5, ORDER);
        }
        unknown(name);
        return seen;
    }
}
