package dev.orderflow.inventory;

import dev.orderflow.events.Order;
import java.util.List;
import java.util.Map;

/** Lines of an order as JSON, {@code {"SKU": quantity}}. SKUs need no escaping. */
final class Lines {

    private Lines() {}

    static String json(List<Order.Line> lines) {
        var json = new StringBuilder("{");
        for (var line : lines) {
            add(json, line.sku(), line.quantity());
        }
        return json.append('}').toString();
    }

    static String json(Map<String, Long> lines) {
        var json = new StringBuilder("{");
        lines.forEach((sku, quantity) -> add(json, sku, quantity));
        return json.append('}').toString();
    }

    private static void add(StringBuilder json, String sku, long quantity) {
        json.append(json.length() > 1 ? ",\"" : "\"").append(sku).append("\":").append(quantity);
    }
}
