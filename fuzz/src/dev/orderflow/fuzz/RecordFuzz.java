package dev.orderflow.fuzz;

import dev.orderflow.events.Order;
import dev.orderflow.events.OrderReader;
import dev.orderflow.events.UnreadableException;
import java.nio.charset.StandardCharsets;

/** The body of a record is an order that reads back as the same when it is written again, or unreadable with a sentence. */
public final class RecordFuzz {

    private RecordFuzz() {}

    /** The readers are loaded and instrumented here, so that it does not count for the first input. */
    public static void fuzzerInitialize() {
        fuzzerTestOneInput("{\"orderId\":\"1\"}".getBytes(StandardCharsets.UTF_8));
    }

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
