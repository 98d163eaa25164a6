package dev.orderflow.intake;

import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.Event;
import dev.orderflow.events.Order;
import dev.orderflow.events.Times;
import java.util.function.BiConsumer;

/** The headers of an accepted order's record: CloudEvents 1.0 in the Kafka binary binding, and the trace. */
final class OrderHeaders {

    private static final String SOURCE = "/orderflow/intake";
    private static final String TYPE = CloudEvents.wireType(Event.ORDER_PLACED);

    private OrderHeaders() {}

    static void of(Order order, String traceparent, BiConsumer<String, String> header) {
        header.accept(CloudEvents.SPECVERSION, "1.0");
        header.accept(CloudEvents.ID, order.orderId() + "/" + Event.ORDER_PLACED);
        header.accept(CloudEvents.TYPE, TYPE);
        header.accept(CloudEvents.SOURCE, SOURCE);
        header.accept(CloudEvents.TIME, Times.text(order.placedAt()));
        header.accept(CloudEvents.CONTENT_TYPE, "application/json");
        header.accept(CloudEvents.TRACEPARENT, traceparent);
    }
}
