package dev.orderflow.live;

/** A version that was checked, and yet did not start; the version before it runs again. */
final class NotStarted extends Exception {

    private static final long serialVersionUID = 1L;

    NotStarted(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
