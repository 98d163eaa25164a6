package dev.orderflow.inventory;

import dev.orderflow.events.Order;
import java.util.List;

/** Lines of an order as JSON, {@code {"SKU": quantity}}. SKUs need no escaping. */
final class Lines {

    private Lines() {}

    static String json(List<Order.Line> lines) {
        var json = new StringBuilder("{");
        for (var line : lines) {
            json.append(json.length() > 1 ? ",\"" : "\"").append(line.sku());
            json.append("\":").append(line.quantity());
        }
        return json.append('}').toString();
    }
}
