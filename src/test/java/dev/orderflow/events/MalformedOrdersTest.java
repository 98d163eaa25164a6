package dev.orderflow.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** 10,000 bodies made from a good one by a seeded random hand; the seed is printed, and replays them. */
class MalformedOrdersTest {

    private static final String[] TOKENS = {
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\\u0000",
        "\\ud800",
        "null",
        "true",
        "-",
        "1e999999999",
        "NaN",
        "0x1",
        "\"kafka.KEY\":\"k\",",
        "\"Camel\":{},",
        "\"sku\":\"A\",",
        "[[[[[[[[[[[[[[[[[[[[",
        "\u0000",
        "\u2028",
        "\uD83D\uDE00",
        "99999999999999999999999999999999999999",
        "\"lines\":[],",
        "/*",
        "//",
        "'",
        "\r\n",
        "\t"
    };

    @Test
    void givesNothingButAVerdictForAnyBody() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("MalformedOrdersTest: seed " + seed);
        var random = new Random(seed);
        int readable = 0;

        for (int i = 0; i < 10_000; i++) {
            var verdict = OrderReader.request(spoilt(random, Orders.utf8(Orders.REQUEST)));
            if (verdict instanceof OrderReader.Readable order) {
                readable++;
                roundTrip(order.placed(new UUID(1, i), Instant.EPOCH));
            } else if (verdict instanceof OrderReader.Invalid invalid) {
                assertThat(invalid.violations()).isNotEmpty().hasSizeLessThanOrEqualTo(20);
            }
            readOrRefuse(spoilt(random, Orders.utf8(Orders.recordText(text -> text))));
        }

        assertThat(readable).isLessThan(5_000);
    }

    // Whatever a request lets through, each service can read.
    private static void roundTrip(Order order) {
        assertThat(OrderReader.record(OrderWriter.bytes(order))).isEqualTo(order);
    }

    private static void readOrRefuse(byte[] record) {
        try {
            OrderReader.record(record);
        } catch (UnreadableException e) {
            assertThat(e.getMessage()).endsWith(".").hasSizeLessThan(400);
        }
    }

    private static byte[] spoilt(Random random, byte[] body) {
        byte[] spoilt = body;
        for (int change = random.nextInt(3); change >= 0; change--) {
            int at = random.nextInt(spoilt.length + 1);
            spoilt = switch (random.nextInt(5)) {
                case 0 -> Arrays.copyOf(spoilt, at);
                case 1 -> joined(spoilt, at, at, new byte[] {(byte) random.nextInt(256)});
                case 2 -> joined(spoilt, at, Math.min(spoilt.length, at + 1 + random.nextInt(20)), new byte[0]);
                case 3 -> joined(spoilt, at, Math.min(spoilt.length, at + 1), new byte[] {(byte) random.nextInt(256)});
                default -> joined(spoilt, at, at, Orders.utf8(TOKENS[random.nextInt(TOKENS.length)]));
            };
        }
        return spoilt;
    }

    private static byte[] joined(byte[] body, int from, int to, byte[] between) {
        var joined = new ByteArrayOutputStream();
        joined.write(body, 0, from);
        joined.writeBytes(between);
        joined.write(body, to, body.length - to);
        return joined.toByteArray();
    }
}
