package dev.orderflow.events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes an order as its record carries it: members in a fixed order, so that one order has one text. */
public final class OrderWriter {

    private static final JsonFactory JSON = new JsonFactory();

    private OrderWriter() {}

    public static byte[] bytes(Order order) {
        var out = new ByteArrayOutputStream(512);
        try (var json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("orderId", order.orderId().toString());
            json.writeStringField("placedAt", order.placedAt().toString());
            parties(json, order);
            json.writeStringField("currency", order.currency());
            lines(json, order);
            if (!order.reference().isEmpty()) {
                json.writeStringField("reference", order.reference());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void parties(JsonGenerator json, Order order) throws IOException {
        json.writeObjectFieldStart("customer");
        json.writeStringField("id", order.customer().id());
        json.writeStringField("email", order.customer().email());
        json.writeEndObject();
        json.writeObjectFieldStart("shipTo");
        json.writeStringField("name", order.shipTo().name());
        json.writeStringField("street", order.shipTo().street());
        json.writeStringField("city", order.shipTo().city());
        json.writeStringField("postalCode", order.shipTo().postalCode());
        json.writeStringField("country", order.shipTo().country());
        json.writeEndObject();
    }

    private static void lines(JsonGenerator json, Order order) throws IOException {
        json.writeArrayFieldStart("lines");
        for (var line : order.lines()) {
            json.writeStartObject();
            json.writeStringField("sku", line.sku());
            json.writeNumberField("quantity", line.quantity());
            // The scale is the customer's own: 12.50 stays 12.50.
            json.writeStringField("unitPrice", line.unitPrice().toPlainString());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
