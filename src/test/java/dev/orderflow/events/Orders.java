package dev.orderflow.events;

import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** Order bodies for tests. */
public final class Orders {

    public static final String REQUEST = """
            {"customer": {"id": "c-42", "email": "ada@example.com"},
             "shipTo": {"name": "Ada Lovelace", "street": "12 Analytical Row", "city": "London", "postalCode": "N1 9GU", "country": "GB"},
             "currency": "EUR",
             "lines": [{"sku": "TEA-1", "quantity": 2, "unitPrice": "12.50"}, {"sku": "CUP.2", "quantity": 1, "unitPrice": "3"}],
             "reference": "PO 7"}""";

    private Orders() {}

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The request with {@code found} replaced; fails when there is none, so that no test passes by a misprint. */
    public static byte[] request(String found, String replacement) {
        return utf8(replaced(REQUEST, found, replacement));
    }

    public static String recordText(UnaryOperator<String> change) {
        String record = REQUEST.replaceFirst(
                "\\{",
                "{\"orderId\": \"019aa000-0000-7000-8000-000000000001\", \"placedAt\": \"2026-01-31T08:00:00.123Z\", ");
        return change.apply(record);
    }

    public static String replaced(String text, String found, String replacement) {
        if (!text.contains(found)) {
            throw new IllegalArgumentException("The text does not hold " + found);
        }
        return text.replace(found, replacement);
    }
}
