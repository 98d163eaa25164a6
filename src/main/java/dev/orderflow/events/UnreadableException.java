package dev.orderflow.events;

/** The body of a record that no repetition will make readable; the message is a sentence without the body. */
public final class UnreadableException extends RuntimeException {

    public UnreadableException(String sentence) {
        super(sentence);
    }
}
