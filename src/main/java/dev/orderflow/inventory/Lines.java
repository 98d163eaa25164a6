package dev.orderflow.inventory;

import dev.orderflow.events.Event;
import java.util.List;
import java.util.Map;

/** The reserved lines of an order as JSON, {@code {"SKU": quantity}}; empty for a shortage. SKUs need no escaping. */
final class Lines {

    private Lines() {}

    static String json(Event said) {
        if (!(((Map<?, ?>) said.data()).get("lines") instanceof List<?> lines)) {
            return "{}";
        }
        var json = new StringBuilder("{");
        for (Object line : lines) {
            var members = (Map<?, ?>) line;
            json.append(json.length() > 1 ? ",\"" : "\"").append(members.get("sku"));
            json.append("\":").append(members.get("quantity"));
        }
        return json.append('}').toString();
    }
}
