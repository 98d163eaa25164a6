package dev.orderflow.delivery;

import dev.orderflow.events.Event;
import dev.orderflow.events.OrderWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Makes one JSON array of the orders of a batch, each as the topic {@code orders} carries it, so that one SQL statement
 * can act on all of them: {@code jsonb_array_elements(CAST(:#${body} AS jsonb))}.
 */
public class OrdersAsJson {

    /** @param events of type {@code order-placed} */
    public String of(List<Event> events) {
        return events.stream()
                .map(event -> new String(OrderWriter.bytes(event.order()), StandardCharsets.UTF_8))
                .collect(Collectors.joining(",", "[", "]"));
    }
}
