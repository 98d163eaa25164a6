package dev.orderflow.contracts;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.List;
import java.util.UUID;

/** What is at the end of what there can be, and beyond. */
final class Extremes {

    private static final String LONG_NUMBER = "9".repeat(1_001);
    private static final String DEEP = "[".repeat(1_001) + "]".repeat(1_001);

    static final List<String> TEXTS = List.of(
            "",
            "0",
            "x",
            "\0",
            "a\0b",
            "\ud800",
            "\u202e",
            "é",
            "-1",
            "1e9",
            LONG_NUMBER,
            "../../etc/passwd",
            "%25",
            "' OR 1=1 --",
            "+1000000000-12-31T23:59:59Z",
            "-999999999-01-01T00:00:00Z",
            "0000-00-00T00:00:00Z",
            "9999-12-31T23:59:59.999999999Z",
            "9".repeat(400),
            cursor("+1000000000-12-31T23:59:59Z " + UUID.randomUUID()),
            cursor("-999999999-01-01T00:00:00Z a\0b"),
            cursor("+1000000000-12-31T23:59:59Z x"),
            cursor("\0"),
            cursor("a b c d"));

    static final List<String> BODIES = List.of(
            "",
            " ",
            "{}",
            "[]",
            "null",
            "7",
            LONG_NUMBER,
            "-" + LONG_NUMBER,
            "1e" + LONG_NUMBER,
            "1e400",
            DEEP,
            "{\"a\":".repeat(1_001) + "1" + "}".repeat(1_001),
            "{\"onHand\":" + LONG_NUMBER + "}",
            "{\"onHand\":1e1000000000}",
            "{\"onHand\":-0.0}",
            "{\"onHand\":" + DEEP + "}",
            "{\"operation\":\"rewind\",\"service\":\"shipping\",\"to\":\"+1000000000-12-31T23:59:59Z\"}",
            "{\"operation\":\"skip\",\"service\":\"a\\u0000b\",\"partition\":\"x-1\",\"first\":" + LONG_NUMBER + "}",
            "{\"service\":\"shipping\",\"from\":\"+1000000000-12-31T23:59:59Z\"}",
            "{\"service\":\"\\u0000\",\"ids\":[\"\\ud800\"]}",
            "{\"ids\":" + DEEP + "}",
            "{\"body\":" + LONG_NUMBER + ",\"reason\":\"x\"}",
            "{\"body\":" + DEEP + "}",
            "{\"\\u0000\":\"\\u0000\"}",
            "{\"a\":1,\"a\":2}",
            "\ufeff{}",
            "{\"a\":\"\ud800\"}",
            "{".repeat(100));

    private Extremes() {}

    private static String cursor(String place) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(place.getBytes(UTF_8));
    }
}
