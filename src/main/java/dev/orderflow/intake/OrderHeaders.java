package dev.orderflow.intake;

import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.Event;
import dev.orderflow.events.Order;
import dev.orderflow.events.Times;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;

/** The headers of an accepted order's record: CloudEvents 1.0 in the Kafka binary binding, and the trace. */
final class OrderHeaders {

    // Encoded once: most of them are the same for each order.
    private static final byte[] VERSION = ascii("1.0");
    private static final byte[] TYPE = ascii(CloudEvents.wireType(Event.ORDER_PLACED));
    private static final byte[] SOURCE = ascii("/orderflow/intake");
    private static final byte[] CONTENT_TYPE = ascii("application/json");

    private OrderHeaders() {}

    static void of(Order order, String traceparent, BiConsumer<String, byte[]> header) {
        header.accept(CloudEvents.SPECVERSION, VERSION);
        header.accept(CloudEvents.ID, ascii(order.orderId() + "/" + Event.ORDER_PLACED));
        header.accept(CloudEvents.TYPE, TYPE);
        header.accept(CloudEvents.SOURCE, SOURCE);
        header.accept(CloudEvents.TIME, ascii(Times.text(order.placedAt())));
        header.accept(CloudEvents.CONTENT_TYPE, CONTENT_TYPE);
        header.accept(CloudEvents.TRACEPARENT, ascii(traceparent));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
