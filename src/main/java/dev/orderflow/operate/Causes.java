package dev.orderflow.operate;

import java.util.concurrent.ExecutionException;

/** Words for an exception that a person reads in a health answer. */
final class Causes {

    private Causes() {}

    static String sentence(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof ExecutionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null || message.isBlank()
                ? cause.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
