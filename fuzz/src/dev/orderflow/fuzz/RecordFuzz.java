package dev.orderflow.fuzz;

import dev.orderflow.events.Order;
import dev.orderflow.events.OrderReader;
import dev.orderflow.events.UnreadableException;

/** The body of a record is an order that reads back as the same when it is written again, or unreadable with a sentence. */
public final class RecordFuzz {

    private RecordFuzz() {}

    public static void fuzzerTestOneInput(byte[] json) {
        Order order;
        try {
            order = OrderReader.record(json);
        } catch (UnreadableException e) {
            Promise.isSentence(e.getMessage());
            return;
        }
        Promise.isReadBack(order);
    }
}
