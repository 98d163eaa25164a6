package dev.orderflow.events;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;

/** Spoils a body by a seeded random hand: cuts, flips, and things that do not belong there. */
public final class SpoiltBytes {

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

    private SpoiltBytes() {}

    /** The body with one to three changes. */
    public static byte[] of(Random random, byte[] body) {
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
