package dev.orderflow.bench;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Orders of three lines and about 500 bytes, as a shop sends them and as the topic carries them. */
final class Orders {

    private static final String PARTIES = "\"customer\":{\"id\":\"cust-0042\",\"email\":\"ada.lovelace@example.org\"},"
            + "\"shipTo\":{\"name\":\"Ada Lovelace\",\"street\":\"12 St James Square\",\"city\":\"London\","
            + "\"postalCode\":\"SW1Y 4LE\",\"country\":\"GB\"},\"currency\":\"EUR\",\"lines\":[";
    private static final AtomicLong COUNT = new AtomicLong();

    private Orders() {}

    /** The body of a POST. */
    static String request(int n) {
        return '{' + PARTIES + lines(n) + "],\"reference\":\"leave at the front desk, purchase order 4711\"}";
    }

    /** The body of a record. */
    static String record(UUID id, int n) {
        return "{\"orderId\":\"" + id + "\",\"placedAt\":\"2026-01-31T08:00:00.123Z\"," + PARTIES + lines(n)
                + "],\"reference\":\"leave at the front desk, purchase order 4711\"}";
    }

    /** Ids that grow with time, as those of intake do. */
    static UUID id() {
        long n = COUNT.incrementAndGet();
        return new UUID(System.currentTimeMillis() << 16 | 0x7000L | n & 0xFFF, 0x8000_0000_0000_0000L | n);
    }

    private static String lines(int n) {
        var lines = new StringBuilder(180);
        for (int k = 0; k < 3; k++) {
            int sku = Math.floorMod(n * 7 + k * 331, Ground.SKUS);
            lines.append(k > 0 ? "," : "")
                    .append("{\"sku\":\"sku-")
                    .append((char) ('0' + sku / 1000 % 10))
                    .append((char) ('0' + sku / 100 % 10))
                    .append((char) ('0' + sku / 10 % 10))
                    .append((char) ('0' + sku % 10))
                    .append("\",\"quantity\":")
                    .append(1 + Math.floorMod(n + k, 3))
                    .append(",\"unitPrice\":\"129.90\"}");
        }
        return lines.toString();
    }
}
