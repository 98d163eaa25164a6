package dev.orderflow.redrive;

import java.sql.SQLException;

/** What Spring's exceptions hide. */
final class Databases {

    private Databases() {}

    /** The deepest cause in one line. */
    static String sentence(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String text = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        return text.lines().findFirst().orElse("").strip();
    }

    /** The SQLException that a failure comes from, or the failure itself. */
    static Exception unwrapped(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return failure;
    }
}
