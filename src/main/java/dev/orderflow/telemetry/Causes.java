package dev.orderflow.telemetry;

import java.sql.SQLTransientConnectionException;
import java.util.concurrent.ExecutionException;

/** One line of bounded length for a failure, for a person. */
public final class Causes {

    private static final int CAUSES_MAX = 20;
    private static final int SENTENCE_CHARS_MAX = 200;

    private Causes() {}

    /** What the deepest cause says. */
    public static String sentence(Throwable failure) {
        return line(root(failure));
    }

    /** What a client says: not its deepest cause, but what stands behind wrappers that say nothing of it. */
    public static String ofClient(Throwable failure) {
        Throwable cause = failure;
        // The pool's own sentence tells its figures, and the one behind it who refused.
        while ((cause instanceof ExecutionException || cause instanceof SQLTransientConnectionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return line(cause);
    }

    /** As {@link #sentence}, with its kind where it is one word. */
    public static String named(Throwable failure) {
        String line = sentence(failure);
        String name = root(failure).getClass().getSimpleName();
        return line.contains(" ") || line.equals(name) ? line : name + ": " + line;
    }

    /** All that the deepest cause says, on as many lines as it likes. */
    public static String whole(Throwable failure) {
        Throwable root = root(failure);
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }

    public static Throwable root(Throwable failure) {
        Throwable root = failure;
        for (int depth = 0; root.getCause() != null && depth < CAUSES_MAX; depth++) {
            root = root.getCause();
        }
        return root;
    }

    private static String line(Throwable cause) {
        String text = cause.getMessage() == null || cause.getMessage().isBlank()
                ? cause.getClass().getSimpleName()
                : cause.getMessage();
        String line = text.lines().findFirst().orElse("").strip();
        return line.length() <= SENTENCE_CHARS_MAX ? line : line.substring(0, SENTENCE_CHARS_MAX);
    }
}
