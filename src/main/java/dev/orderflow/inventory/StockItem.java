package dev.orderflow.inventory;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** The stock of one SKU; {@code reserved} is a part of {@code onHand}. */
record StockItem(String sku, long onHand, long reserved) {

    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("sku", sku);
        json.writeNumberField("onHand", onHand);
        json.writeNumberField("reserved", reserved);
        json.writeNumberField("available", onHand - reserved);
        json.writeEndObject();
    }
}
