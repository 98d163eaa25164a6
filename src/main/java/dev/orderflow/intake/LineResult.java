package dev.orderflow.intake;

import dev.orderflow.door.Problem;
import java.nio.charset.StandardCharsets;

/** The result of one line of a bulk: a line of JSON, which may be known later than that of the lines behind it. */
final class LineResult {

    private final int line;
    private final Runnable known;
    private volatile byte[] text;

    /**
     * @param line its number; the first is 1
     * @param known run when it is known, on the thread that told it
     */
    LineResult(int line, Runnable known) {
        this.line = line;
        this.known = known;
    }

    boolean isKnown() {
        return text != null;
    }

    byte[] text() {
        return text;
    }

    /** The brokers acknowledged the order. */
    void accepted(String orderId) {
        known("{\"line\":" + line + ",\"status\":\"accepted\",\"orderId\":\"" + orderId + "\"}\n");
    }

    /** The order was not kept, and will not be. */
    void invalid(Problem problem) {
        known(head("invalid") + ",\"problem\":" + json(problem) + "}\n");
    }

    /** Whether the order was kept is not known; its problem says how it may be repeated. */
    void unknown(Problem problem) {
        known(head("unknown") + ",\"problem\":" + json(problem) + "}\n");
    }

    private String head(String status) {
        return "{\"line\":" + line + ",\"status\":\"" + status + '"';
    }

    private static String json(Problem problem) {
        return new String(problem.json(), StandardCharsets.UTF_8);
    }

    private void known(String json) {
        boolean first = text == null;
        text = json.getBytes(StandardCharsets.UTF_8);
        if (first) {
            known.run();
        }
    }
}
