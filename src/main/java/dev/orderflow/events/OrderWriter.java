package dev.orderflow.events;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Writes an order as its record carries it: members in a fixed order, so that one order has one text. The shape is known,
 * so it is put together from its pieces; Jackson escapes the values that need it, which are few.
 */
public final class OrderWriter {

    private static final JsonStringEncoder ESCAPES = JsonStringEncoder.getInstance();
    private static final int USUAL_LENGTH = 768;

    private OrderWriter() {}

    public static byte[] bytes(Order order) {
        var json = new StringBuilder(USUAL_LENGTH);
        json.append("{\"orderId\":\"").append(order.orderId());
        json.append("\",\"placedAt\":\"").append(Times.text(order.placedAt()));
        text(json, "\",\"customer\":{\"id\":\"", order.customer().id());
        text(json, "\",\"email\":\"", order.customer().email());
        text(json, "\"},\"shipTo\":{\"name\":\"", order.shipTo().name());
        text(json, "\",\"street\":\"", order.shipTo().street());
        text(json, "\",\"city\":\"", order.shipTo().city());
        text(json, "\",\"postalCode\":\"", order.shipTo().postalCode());
        text(json, "\",\"country\":\"", order.shipTo().country());
        text(json, "\"},\"currency\":\"", order.currency());
        String before = "\",\"lines\":[{\"sku\":\"";
        for (var line : order.lines()) {
            text(json, before, line.sku());
            json.append("\",\"quantity\":").append(line.quantity());
            // The scale is the customer's own: 12.50 stays 12.50.
            text(json, ",\"unitPrice\":\"", line.unitPrice().toPlainString());
            before = "\"},{\"sku\":\"";
        }
        json.append(order.lines().isEmpty() ? "\",\"lines\":[]" : "\"}]");
        if (!order.reference().isEmpty()) {
            text(json, ",\"reference\":\"", order.reference());
            json.append('"');
        }
        return json.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void text(StringBuilder json, String before, String value) {
        json.append(before);
        if (isPlain(value)) {
            json.append(value);
        } else {
            ESCAPES.quoteAsString(value, json);
        }
    }

    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }
}
