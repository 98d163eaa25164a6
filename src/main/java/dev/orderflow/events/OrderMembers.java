package dev.orderflow.events;

import static dev.orderflow.events.MemberRules.GOOD;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.orderflow.events.Order.Address;
import dev.orderflow.events.Order.Customer;
import dev.orderflow.events.Order.Line;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * One walk over one order's tokens. A request's walk collects violations and goes on; a record's walk throws at the
 * first. A value that breaks a rule is replaced by an empty one, which nobody sees, because the walk then has a violation.
 */
final class OrderMembers {

    enum Mode {
        REQUEST,
        LINE,
        RECORD
    }

    // A member's bit in `seen` is its place here.
    private static final List<String> ORDER =
            List.of("customer", "shipTo", "currency", "lines", "orderId", "placedAt", "reference", "idempotencyKey");
    private static final List<String> CUSTOMER = List.of("id", "email");
    private static final List<String> ADDRESS = List.of("name", "street", "city", "postalCode", "country");
    private static final List<String> LINE = List.of("sku", "quantity", "unitPrice");
    private static final int POSTAL_CODE = 3;
    private static final int COUNTRY = 4;
    private static final int POSTAL_CODE_MAX = 16;

    /** Stands for a value that was violated already. */
    private static final String WRONG = "?";

    private static final int REQUEST_MEMBERS = 4;
    private static final int RECORD_MEMBERS = 6;

    private static final UUID NO_ID = new UUID(0, 0);
    private static final int NOT_IN_A_LINE = -1;

    private final JsonParser parser;
    private final Mode mode;
    private final List<Violation> violations = new ArrayList<>(0);

    private String section = "";
    private int line = NOT_IN_A_LINE;
    private boolean wrongType;

    private UUID orderId = NO_ID;
    private Instant placedAt = Instant.EPOCH;
    private Customer customer = new Customer("", "");
    private Address shipTo = new Address("", "", "", "", "");
    private String currency = "";
    private List<Line> lines = List.of();
    private String reference = "";
    private String key = "";

    OrderMembers(JsonParser parser, Mode mode) {
        this.parser = parser;
        this.mode = mode;
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

    private void customer() throws IOException {
        if (!isObject("customer")) {
            return;
        }
        section = "/customer";
        int seen = 0;
        String id = "";
        String email = "";
        for (String name = member(); !name.isEmpty(); name = member()) {
            switch (name) {
                case "id" -> {
                    seen = once(seen, 0, CUSTOMER);
                    id = text(name);
                    check(name, MemberRules.token("customer id", id, 64));
                }
                case "email" -> {
                    seen = once(seen, 1, CUSTOMER);
                    email = text(name);
                    check(name, mode == Mode.RECORD ? MemberRules.acceptedEmail(email) : MemberRules.email(email));
                }
                default -> unknown(name);
            }
        }
        required(seen, CUSTOMER, CUSTOMER.size());
        customer = new Customer(id, email);
        section = "";
    }

    private void shipTo() throws IOException {
        if (!isObject("shipTo")) {
            return;
        }
        section = "/shipTo";
        int seen = 0;
        var values = new String[] {"", "", "", "", ""};
        for (String name = member(); !name.isEmpty(); name = member()) {
            int place = ADDRESS.indexOf(name);
            if (place < 0) {
                unknown(name);
                continue;
            }
            seen = once(seen, place, ADDRESS);
            values[place] = addressPart(name);
        }
        if (values[POSTAL_CODE].isEmpty()) {
            if (!MemberRules.hasPostalCodes(values[COUNTRY])) {
                seen |= 1 << POSTAL_CODE;
                values[POSTAL_CODE] = Order.NO_POSTAL_CODE;
            } else if ((seen & 1 << POSTAL_CODE) != 0) {
                violate("postalCode", MemberRules.text("postalCode", "", POSTAL_CODE_MAX));
            }
        }
        required(seen, ADDRESS, ADDRESS.size());
        shipTo = new Address(values[0], values[1], values[2], values[3], values[4]);
        section = "";
    }

    private String addressPart(String name) throws IOException {
        if (name.equals("postalCode")) {
            // Whether one is needed is known by the country, which may follow.
            String code = text(name);
            check(name, code.isEmpty() ? GOOD : MemberRules.text(name, code, POSTAL_CODE_MAX));
            return wrongType ? WRONG : code;
        }
        if (!name.equals("country")) {
            return plain(name, 120);
        }
        String country = text(name);
        check(name, mode == Mode.RECORD ? MemberRules.acceptedCountry(country) : MemberRules.country(country));
        return country;
    }

    private void lines() throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            violate("lines", "lines must be an array, but was " + found());
            parser.skipChildren();
            return;
        }
        var read = new ArrayList<Line>(4);
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (count++ >= MemberRules.LINES_MAX) {
                parser.skipChildren();
                continue;
            }
            line = count - 1;
            line(read);
        }
        line = NOT_IN_A_LINE;
        lines = List.copyOf(read);
        if (count < 1 || count > MemberRules.LINES_MAX) {
            violate("lines", "lines must have 1 to %d entries, but had %d".formatted(MemberRules.LINES_MAX, count));
        }
    }

    private void line(List<Line> read) throws IOException {
        if (!isObject("")) {
            return;
        }
        int seen = 0;
        String sku = "";
        int quantity = 0;
        BigDecimal unitPrice = BigDecimal.ZERO;
        for (String name = member(); !name.isEmpty(); name = member()) {
            switch (name) {
                case "sku" -> {
                    seen = once(seen, 0, LINE);
                    sku = text(name);
                    check(name, MemberRules.token("sku", sku, 40));
                    if (!wrongType && isIn(read, sku)) {
                        violate(
                                name,
                                "a sku may stand in an order once, but " + MemberRules.quoted(sku) + " came again");
                    }
                }
                case "quantity" -> {
                    seen = once(seen, 1, LINE);
                    quantity = quantity();
                }
                case "unitPrice" -> {
                    seen = once(seen, 2, LINE);
                    unitPrice = unitPrice();
                }
                default -> unknown(name);
            }
        }
        required(seen, LINE, LINE.size());
        read.add(new Line(sku, quantity, unitPrice));
    }

    // They are few: a look at each is cheaper than a set.
    private static boolean isIn(List<Line> read, String sku) {
        for (Line line : read) {
            if (line.sku().equals(sku)) {
                return true;
            }
        }
        return false;
    }

    private int quantity() throws IOException {
        var token = parser.currentToken();
        if (token == JsonToken.VALUE_NUMBER_INT) {
            int quantity = parser.getTextLength() <= 5 ? parser.getIntValue() : 0;
            if (quantity < 1 || quantity > MemberRules.QUANTITY_MAX) {
                violate("quantity", MemberRules.quantity(parser.getText()));
            }
            return quantity;
        }
        String found = token == JsonToken.VALUE_NUMBER_FLOAT ? MemberRules.shortened(parser.getText()) : found();
        violate("quantity", "quantity must be a whole number from 1 to 9,999, but was " + found);
        parser.skipChildren();
        return 0;
    }

    private BigDecimal unitPrice() throws IOException {
        String price = text("unitPrice");
        String sentence = MemberRules.unitPrice(price);
        check("unitPrice", sentence);
        return sentence.equals(GOOD) ? new BigDecimal(price) : BigDecimal.ZERO;
    }

    private String plain(String name, int max) throws IOException {
        String value = text(name);
        check(name, MemberRules.text(name, value, max));
        return value;
    }

    private UUID uuid(String text) {
        var id = OrderId.parse(text);
        check("orderId", id.isPresent() ? GOOD : "orderId must be a UUID, but was " + MemberRules.quoted(text));
        return id.orElse(NO_ID);
    }

    private Instant instant(String text) {
        try {
            return Times.parse(text);
        } catch (DateTimeException e) {
            check(
                    "placedAt",
                    "placedAt must be a time such as 2026-01-31T08:00:00Z, but was " + MemberRules.quoted(text));
            return Instant.EPOCH;
        }
    }

    /** Moves to the next member's value and gives its name; empty at the end of the object. */
    private String member() throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (!name.isEmpty()) {
                return name;
            }
            unknown(name);
        }
        return "";
    }

    private String text(String name) throws IOException {
        wrongType = parser.currentToken() != JsonToken.VALUE_STRING;
        if (wrongType) {
            violate(name, name + " must be a string, but was " + found());
            parser.skipChildren();
            return "";
        }
        return parser.getText();
    }

    // A value of the wrong type has its violation already.
    private void check(String name, String sentence) {
        if (!wrongType && !sentence.equals(GOOD)) {
            violate(name, sentence);
        }
    }

    private boolean isObject(String name) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            return true;
        }
        String pointed = name.equals("the order") ? "" : name;
        violate(pointed, (name.isEmpty() ? "a line" : name) + " must be an object, but was " + found());
        parser.skipChildren();
        return false;
    }

    private int once(int seen, int place, List<String> names) {
        int bit = 1 << place;
        if ((seen & bit) != 0) {
            violate(names.get(place), names.get(place) + " must stand once, but came again");
        }
        return seen | bit;
    }

    private void required(int seen, List<String> names, int count) {
        for (int i = 0; i < count; i++) {
            if ((seen & 1 << i) == 0) {
                violate(names.get(i), names.get(i) + " is missing");
            }
        }
    }

    private void unknown(String name) throws IOException {
        if (mode != Mode.RECORD) {
            violate(MemberRules.shortened(name), MemberRules.quoted(name) + " is not a member of an order here");
        }
        parser.skipChildren();
    }

    private String found() {
        return switch (parser.currentToken()) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            default -> "null";
        };
    }

    private void violate(String name, String sentence) {
        String member = name.isEmpty() ? "" : "/" + name.replace("~", "~0").replace("/", "~1");
        String pointer = (line == NOT_IN_A_LINE ? section : "/lines/" + line) + member;
        if (mode == Mode.RECORD) {
            throw new UnreadableException("The record is not an order: " + sentence + " (at '" + pointer + "').");
        }
        if (violations.size() < OrderReader.VIOLATIONS_MAX) {
            violations.add(new Violation(pointer, sentence));
        }
    }
}
