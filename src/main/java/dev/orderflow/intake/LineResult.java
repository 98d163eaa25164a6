package dev.orderflow.intake;

import dev.orderflow.door.Problem;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** The result of one line of a bulk: a line of JSON, which may be known later than that of the lines behind it. */
final class LineResult {

    private final int line;
    private volatile byte[] text;

    /** @param line its number; the first is 1 */
    LineResult(int line) {
        this.line = line;
    }

    boolean isKnown() {
        return text != null;
    }

    byte[] text() {
        return text;
    }

    /** The brokers acknowledged the order. */
    void accepted(UUID id) {
        text = utf8("{\"line\":" + line + ",\"status\":\"accepted\",\"orderId\":\"" + id + "\"}\n");
    }

    /** The order was not kept, and will not be. */
    void invalid(Problem problem) {
        text = utf8(head("invalid") + ",\"problem\":" + json(problem) + "}\n");
    }

    /** Whether the order was kept is not known; its problem says how it may be repeated. */
    void unknown(Problem problem) {
        text = utf8(head("unknown") + ",\"problem\":" + json(problem) + "}\n");
    }

    private String head(String status) {
        return "{\"line\":" + line + ",\"status\":\"" + status + '"';
    }

    private static String json(Problem problem) {
        return new String(problem.json(), StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
