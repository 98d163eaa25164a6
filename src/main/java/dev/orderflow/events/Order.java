package dev.orderflow.events;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * An accepted order, as {@code OrderPlaced} carries it on the topic {@code orders}. Its rules are checked by
 * {@link OrderReader}, which is the only way in; {@code reference} is empty when the customer gave none.
 */
public record Order(
        UUID orderId,
        Instant placedAt,
        Customer customer,
        Address shipTo,
        String currency,
        List<Line> lines,
        String reference) {

    /** The postal code of an address in a country that has none: readers of {@code order-placed} rely on the member. */
    public static final String NO_POSTAL_CODE = "-";

    public record Customer(String id, String email) {

        @Override
        public String toString() {
            return "Customer[...]";
        }
    }

    /** {@code country} is ISO 3166-1 alpha-2. */
    public record Address(String name, String street, String city, String postalCode, String country) {

        @Override
        public String toString() {
            return "Address[...]";
        }
    }

    public record Line(String sku, int quantity, BigDecimal unitPrice) {}

    /** Pieces in the whole order, the measure by which shipping chooses a parcel or freight. */
    public int pieces() {
        int pieces = 0;
        for (var line : lines) {
            pieces += line.quantity();
        }
        return pieces;
    }

    /** Names the order and shows nothing of its content: Camel's own sentences quote a body so, and they reach logs. */
    @Override
    public String toString() {
        return "Order[" + orderId + "]";
    }
}
