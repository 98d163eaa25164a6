package dev.orderflow.operate;

import java.sql.SQLTransientConnectionException;
import java.util.concurrent.ExecutionException;

/** Words for an exception that a person reads in a health answer. */
final class Causes {

    private Causes() {}

    static String sentence(Throwable failure) {
        Throwable cause = failure;
        // The pool's own sentence tells its figures, and the one behind it who refused.
        while ((cause instanceof ExecutionException || cause instanceof SQLTransientConnectionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null || message.isBlank()
                ? cause.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
