package dev.orderflow.events;

import static dev.orderflow.events.MemberRules.GOOD;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Walks from member to member of one order's JSON, reads their values by their rules, and keeps what breaks one. A value
 * that does is replaced by an empty one, which nobody sees, because the walk then has a violation. {@link SectionReader} and
 * {@link OrderMembers} extend it, so that a walk is one object: there is one for each order.
 */
abstract class MemberReader {

    enum Mode {
        REQUEST,
        LINE,
        RECORD
    }

    static final int NOT_IN_A_LINE = -1;

    static final UUID NO_ID = new UUID(0, 0);

    final JsonParser parser;
    final Mode mode;
    final List<Violation> violations = new ArrayList<>(0);

    /** Where the walk is: the pointer of its object, and of a line the place among the lines. */
    String section = "";

    int line = NOT_IN_A_LINE;

    /** Whether the value that was read last was no string, and so is violated already. */
    boolean wrongType;

    MemberReader(JsonParser parser, Mode mode) {
        this.parser = parser;
        this.mode = mode;
    }

    /** Moves to the next member's value and gives its name; empty at the end of the object. */
    final String member() throws IOException {
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

    final String text(String name) throws IOException {
        wrongType = parser.currentToken() != JsonToken.VALUE_STRING;
        if (wrongType) {
            violate(name, name + " must be a string, but was " + found());
            parser.skipChildren();
            return "";
        }
        return parser.getText();
    }

    // A value of the wrong type has its violation already.
    final void check(String name, String sentence) {
        if (!wrongType && !sentence.equals(GOOD)) {
            violate(name, sentence);
        }
    }

    final boolean isObject(String name) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            return true;
        }
        String pointed = name.equals("the order") ? "" : name;
        violate(pointed, (name.isEmpty() ? "a line" : name) + " must be an object, but was " + found());
        parser.skipChildren();
        return false;
    }

    final int once(int seen, int place, List<String> names) {
        int bit = 1 << place;
        if ((seen & bit) != 0) {
            violate(names.get(place), names.get(place) + " must stand once, but came again");
        }
        return seen | bit;
    }

    final void required(int seen, List<String> names, int count) {
        for (int i = 0; i < count; i++) {
            if ((seen & 1 << i) == 0) {
                violate(names.get(i), names.get(i) + " is missing");
            }
        }
    }

    final void unknown(String name) throws IOException {
        if (mode != Mode.RECORD) {
            violate(MemberRules.shortened(name), MemberRules.quoted(name) + " is not a member of an order here");
        }
        parser.skipChildren();
    }

    final String found() {
        return switch (parser.currentToken()) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            default -> "null";
        };
    }

    final void violate(String name, String sentence) {
        String member = name.isEmpty() ? "" : "/" + name.replace("~", "~0").replace("/", "~1");
        String pointer = (line == NOT_IN_A_LINE ? section : "/lines/" + line) + member;
        if (mode == Mode.RECORD) {
            throw new UnreadableException("The record is not an order: " + sentence + " (at '" + pointer + "').");
        }
        if (violations.size() < OrderReader.VIOLATIONS_MAX) {
            violations.add(new Violation(pointer, sentence));
        }
    }

    final String plain(String name, int max) throws IOException {
        String value = text(name);
        check(name, MemberRules.text(name, value, max));
        return value;
    }

    final int quantity() throws IOException {
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

    final BigDecimal unitPrice() throws IOException {
        String price = text("unitPrice");
        String sentence = MemberRules.unitPrice(price);
        check("unitPrice", sentence);
        return sentence.equals(GOOD) ? new BigDecimal(price) : BigDecimal.ZERO;
    }

    final UUID uuid(String text) {
        var id = OrderId.parse(text);
        check("orderId", id.isPresent() ? GOOD : "orderId must be a UUID, but was " + MemberRules.quoted(text));
        return id.orElse(NO_ID);
    }

    final Instant instant(String text) {
        try {
            return Times.parse(text);
        } catch (DateTimeException e) {
            check(
                    "placedAt",
                    "placedAt must be a time such as 2026-01-31T08:00:00Z, but was " + MemberRules.quoted(text));
            return Instant.EPOCH;
        }
    }
}
