package dev.orderflow.events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes an order as its record carries it: members in a fixed order, so that one order has one text. */
public final class OrderWriter {

    private static final JsonFactory JSON = new JsonFactory();

    // Encoded once: names are half of an order's text.
    private static final SerializableString ORDER_ID = new SerializedString("orderId");
    private static final SerializableString PLACED_AT = new SerializedString("placedAt");
    private static final SerializableString CURRENCY = new SerializedString("currency");
    private static final SerializableString REFERENCE = new SerializedString("reference");
    private static final SerializableString ID = new SerializedString("id");
    private static final SerializableString EMAIL = new SerializedString("email");
    private static final SerializableString NAME = new SerializedString("name");
    private static final SerializableString STREET = new SerializedString("street");
    private static final SerializableString CITY = new SerializedString("city");
    private static final SerializableString POSTAL_CODE = new SerializedString("postalCode");
    private static final SerializableString COUNTRY = new SerializedString("country");
    private static final SerializableString SKU = new SerializedString("sku");
    private static final SerializableString UNIT_PRICE = new SerializedString("unitPrice");
    private static final SerializableString QUANTITY = new SerializedString("quantity");
    private static final SerializableString CUSTOMER = new SerializedString("customer");
    private static final SerializableString SHIP_TO = new SerializedString("shipTo");
    private static final SerializableString LINES = new SerializedString("lines");

    private OrderWriter() {}

    public static byte[] bytes(Order order) {
        var out = new ByteArrayOutputStream(512);
        try (var json = JSON.createGenerator(out)) {
            json.writeStartObject();
            text(json, ORDER_ID, order.orderId().toString());
            text(json, PLACED_AT, Times.text(order.placedAt()));
            parties(json, order);
            text(json, CURRENCY, order.currency());
            lines(json, order);
            if (!order.reference().isEmpty()) {
                text(json, REFERENCE, order.reference());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void text(JsonGenerator json, SerializableString name, String value) throws IOException {
        json.writeFieldName(name);
        json.writeString(value);
    }

    private static void parties(JsonGenerator json, Order order) throws IOException {
        json.writeFieldName(CUSTOMER);
        json.writeStartObject();
        text(json, ID, order.customer().id());
        text(json, EMAIL, order.customer().email());
        json.writeEndObject();
        json.writeFieldName(SHIP_TO);
        json.writeStartObject();
        text(json, NAME, order.shipTo().name());
        text(json, STREET, order.shipTo().street());
        text(json, CITY, order.shipTo().city());
        text(json, POSTAL_CODE, order.shipTo().postalCode());
        text(json, COUNTRY, order.shipTo().country());
        json.writeEndObject();
    }

    private static void lines(JsonGenerator json, Order order) throws IOException {
        json.writeFieldName(LINES);
        json.writeStartArray();
        for (var line : order.lines()) {
            json.writeStartObject();
            text(json, SKU, line.sku());
            json.writeFieldName(QUANTITY);
            json.writeNumber(line.quantity());
            // The scale is the customer's own: 12.50 stays 12.50.
            text(json, UNIT_PRICE, line.unitPrice().toPlainString());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
