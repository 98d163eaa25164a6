package dev.orderflow.bench;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Orders of three lines and about 500 bytes, as a shop sends them and as the topic carries them. */
final class Orders {

    private static final String SHIP_TO = "\"shipTo\":{\"name\":\"Ada Lovelace\",\"street\":\"12 St James Square\","
            + "\"city\":\"London\",\"postalCode\":\"SW1Y 4LE\",\"country\":\"GB\"},\"currency\":\"EUR\",\"lines\":[";
    private static final String END = "],\"reference\":\"leave at the front desk, purchase order 4711\"}";
    private static final String CUSTOMER = "cust-0042";
    private static final AtomicLong COUNT = new AtomicLong();

    private Orders() {}

    /** The body of a POST. */
    static String request(int n) {
        return '{' + members(CUSTOMER, n);
    }

    /** The body of a record. */
    static String record(UUID id, int n) {
        return record(id.toString(), "2026-01-31T08:00:00.123Z", CUSTOMER, n);
    }

    /** The same for a customer, at a time. */
    static String record(String id, String time, String customer, long n) {
        return "{\"orderId\":\"" + id + "\",\"placedAt\":\"" + time + "\"," + members(customer, n);
    }

    /** The good of line k of three. */
    static String sku(long n, int k) {
        int sku = (int) Math.floorMod(n * 7 + k * 331, (long) Ground.SKUS);
        var name = new char[] {'s', 'k', 'u', '-', '0', '0', '0', '0'};
        for (int i = name.length - 1; sku > 0; i--) {
            name[i] += (char) (sku % 10);
            sku /= 10;
        }
        return new String(name);
    }

    /** How many of it. */
    static int quantity(long n, int k) {
        return 1 + Math.floorMod(n + k, 3);
    }

    /** Ids that grow with time, as those of intake do. */
    static UUID id() {
        long n = COUNT.incrementAndGet();
        return new UUID(System.currentTimeMillis() << 16 | 0x7000L | n & 0xFFF, 0x8000_0000_0000_0000L | n);
    }

    private static String members(String customer, long n) {
        var body = new StringBuilder(500)
                .append("\"customer\":{\"id\":\"")
                .append(customer)
                .append("\",\"email\":\"ada.lovelace@example.org\"},")
                .append(SHIP_TO);
        for (int k = 0; k < 3; k++) {
            body.append(k > 0 ? "," : "")
                    .append("{\"sku\":\"")
                    .append(sku(n, k))
                    .append("\",\"quantity\":")
                    .append(quantity(n, k))
                    .append(",\"unitPrice\":\"129.90\"}");
        }
        return body.append(END).toString();
    }
}
