package dev.orderflow.intake;

import dev.orderflow.http.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The result of one line of a bulk: a line of JSON, which may be known later than that of the lines behind it. */
final class LineResult {

    private final int line;
    private final Runnable known;
    private final List<LineResult> alike = new ArrayList<>(0);
    private String outcome = "";
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
        known("\"accepted\",\"orderId\":\"" + orderId + "\"}\n");
    }

    /** The order was not kept, and will not be. */
    void invalid(Problem problem) {
        known("\"invalid\",\"problem\":" + json(problem) + "}\n");
    }

    /** Whether the order was kept is not known; its problem says how it may be repeated. */
    void unknown(Problem problem) {
        known("\"unknown\",\"problem\":" + json(problem) + "}\n");
    }

    /** The other one is of the same order under the same key: it becomes what this is or will be. */
    void alike(LineResult other) {
        synchronized (alike) {
            if (!isKnown()) {
                alike.add(other);
                return;
            }
        }
        other.known(outcome);
    }

    private static String json(Problem problem) {
        return new String(problem.json(), StandardCharsets.UTF_8);
    }

    /** What is told twice is told once: a failure may follow another one. */
    private void known(String told) {
        List<LineResult> others;
        boolean first;
        synchronized (alike) {
            first = text == null;
            outcome = told;
            text = ("{\"line\":" + line + ",\"status\":" + told).getBytes(StandardCharsets.UTF_8);
            others = List.copyOf(alike);
            alike.clear();
        }
        if (first) {
            known.run();
        }
        others.forEach(other -> other.known(told));
    }
}
