package dev.orderflow.bench;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Orders that differ from each other: 60 countries, 1 to 150 pieces, 1 to 6 lines, 5,000 customers. Order n of a seed is the
 * same wherever it is made, so both sides get the same.
 */
final class FlowOrders {

    static final int CUSTOMERS = 5_000;
    static final int PIECES_MAX = 150;
    static final int LINES_MAX = 6;

    private static final List<String> COUNTRIES =
            List.of(("AR AT AU BE BG BR CA CH CL CN CO CR CY CZ DE DK EE EG ES FI FR GB GR HR HU ID IL IN IS IT "
                            + "JP KE KR LT LU LV MA MT MX MY NG NL NO NZ PE PH PK PL PT RO RS SA SE SG SI SK TH TR US ZA")
                    .split(" "));
    private static final List<String> STREETS =
            List.of("High Street", "Long Lane", "Rue de la Paix", "Hauptstrasse", "Via Roma", "Calle Mayor");

    /** So far apart that no two of {@link #LINES_MAX} goods are one: an order names each good once. */
    private static final int STEP_MAX = Ground.SKUS / LINES_MAX;

    /** More than the orders of a run, so that neighbouring seeds have none in common. */
    private static final long SEED_STEP = 1_000_000_007;

    private final long seed;

    FlowOrders(long seed) {
        this.seed = seed;
    }

    /** The body of a POST. */
    String request(long n) {
        return '{' + members(n);
    }

    /** The body of a record. */
    String record(String id, String time, long n) {
        return "{\"orderId\":\"" + id + "\",\"placedAt\":\"" + time + "\"," + members(n);
    }

    private String members(long n) {
        var random = new SplittableRandom(seed * SEED_STEP + n);
        String customer = Integer.toString(10_000 + random.nextInt(CUSTOMERS)).substring(1);
        var body = new StringBuilder(600)
                .append("\"customer\":{\"id\":\"cust-")
                .append(customer)
                .append("\",\"email\":\"customer.")
                .append(customer)
                .append("@example.org\"},\"shipTo\":{\"name\":\"Customer ")
                .append(customer)
                .append("\",\"street\":\"")
                .append(1 + random.nextInt(200))
                .append(' ')
                .append(STREETS.get(random.nextInt(STREETS.size())))
                .append("\",\"city\":\"Springfield\",\"postalCode\":\"")
                .append(10_000 + random.nextInt(90_000))
                .append("\",\"country\":\"")
                .append(COUNTRIES.get(random.nextInt(COUNTRIES.size())))
                .append("\"},\"currency\":\"EUR\",\"lines\":[");
        int left = 1 + random.nextInt(PIECES_MAX);
        int lines = 1 + random.nextInt(Math.min(LINES_MAX, left));
        int sku = random.nextInt(Ground.SKUS);
        int step = 1 + random.nextInt(STEP_MAX);
        for (int behind = lines - 1; behind >= 0; behind--) {
            int quantity = behind == 0 ? left : 1 + random.nextInt(left - behind);
            left -= quantity;
            body.append("{\"sku\":\"sku-")
                    .append(Integer.toString(10_000 + sku).substring(1))
                    .append("\",\"quantity\":")
                    .append(quantity)
                    .append(",\"unitPrice\":\"")
                    .append(1 + random.nextInt(400))
                    .append(".90\"}")
                    .append(behind == 0 ? "" : ",");
            sku = (sku + step) % Ground.SKUS;
        }
        return body.append("],\"reference\":\"purchase order ")
                .append(n)
                .append("\"}")
                .toString();
    }
}
