package dev.orderflow.inventory;

import dev.orderflow.events.Event;
import dev.orderflow.events.Order;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is left on the locked shelf while the orders of a batch are served. */
final class Shelf {

    private final Map<String, Long> available;
    private final Map<String, Long> taken = new LinkedHashMap<>();

    Shelf(Map<String, Long> available) {
        this.available = available;
    }

    /** How much of each SKU the orders took. */
    Map<String, Long> taken() {
        return taken;
    }

    /** Every line of the order or none: {@code stock-reserved}, or {@code stock-short} with what is missing. */
    Event allocate(Order order) {
        List<Map<String, Object>> missing = new ArrayList<>(0);
        for (var line : order.lines()) {
            long left = available.getOrDefault(line.sku(), 0L);
            if (left < line.quantity()) {
                missing.add(ordered("sku", line.sku(), "wanted", line.quantity(), "available", left));
            }
        }
        if (!missing.isEmpty()) {
            var customer = ordered(
                    "id", order.customer().id(), "email", order.customer().email());
            return Event.of(order.orderId(), Stock.SAID_SHORT, ordered("missing", missing, "customer", customer));
        }
        List<Map<String, Object>> lines = new ArrayList<>(order.lines().size());
        for (var line : order.lines()) {
            available.merge(line.sku(), (long) -line.quantity(), Long::sum);
            taken.merge(line.sku(), (long) line.quantity(), Long::sum);
            lines.add(ordered("sku", line.sku(), "quantity", line.quantity()));
        }
        return Event.of(order.orderId(), Stock.SAID_RESERVED, ordered("lines", lines));
    }

    private static Map<String, Object> ordered(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }
}
