package dev.orderflow.settings;

/** A reason not to start that a person can put right: its message is the sentence that says how. */
public final class CannotStart extends RuntimeException {

    public CannotStart(String sentence) {
        super(sentence);
    }

    public CannotStart(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
