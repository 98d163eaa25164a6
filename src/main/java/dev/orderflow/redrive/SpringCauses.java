package dev.orderflow.redrive;

import java.sql.SQLException;

/** What Spring's exceptions hide. */
final class SpringCauses {

    private SpringCauses() {}

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
