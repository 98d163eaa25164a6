package dev.orderflow.fuzz;

import dev.orderflow.events.Order;
import dev.orderflow.events.OrderReader;
import dev.orderflow.events.OrderWriter;
import java.time.temporal.ChronoUnit;

/** What must hold, told by the input that breaks it. */
final class Promise {

    /** A sentence for a caller quotes 40 characters of a value at most. */
    private static final int SENTENCE_CHARS_MAX = 400;

    private Promise() {}

    static void holds(boolean promise, String sentence) {
        if (!promise) {
            throw new AssertionError(sentence);
        }
    }

    static void isSentence(String text) {
        holds(!text.isBlank() && text.length() <= SENTENCE_CHARS_MAX, "no sentence: " + text);
    }

    /** Every service reads an order back as it was written; what a foreign time has beyond milliseconds is left out. */
    static void isReadBack(Order given) {
        Order order = new Order(
                given.orderId(),
                given.placedAt().truncatedTo(ChronoUnit.MILLIS),
                given.customer(),
                given.shipTo(),
                given.currency(),
                given.lines(),
                given.reference());
        Order read = OrderReader.record(OrderWriter.bytes(given));
        holds(read.equals(order), "written as " + order + " but read as " + read);
    }
}
