package dev.orderflow.events;

import dev.orderflow.events.MailAddress.NoMailAddressException;
import java.nio.charset.StandardCharsets;

/** A mail address is refused with a sentence that does not show it, or is one that reads back as the same from the wire. */
public final class MailFuzz {

    private static final int SENTENCE_CHARS_MAX = 400;
    private static final int OCTETS_MAX = 254;

    private MailFuzz() {}

    /** The readers are loaded and instrumented here, so that it does not count for the first input. */
    public static void fuzzerInitialize() {
        fuzzerTestOneInput("ada@müller.example".getBytes(StandardCharsets.UTF_8));
    }

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        MailAddress address;
        try {
            address = MailAddress.of(text);
        } catch (NoMailAddressException e) {
            holds(e.getMessage().length() <= SENTENCE_CHARS_MAX, "no sentence: " + e.getMessage());
            holds(!MailAddress.isUsual(text), "usual at a glance, and refused: " + text);
            return;
        }
        String wire = address.wire();
        holds(wire.getBytes(StandardCharsets.UTF_8).length <= OCTETS_MAX, "too long for a server: " + wire);
        holds(address.domain().chars().allMatch(c -> c > ' ' && c < 0x7F), "no A-labels: " + address.domain());
        holds(wire.chars().noneMatch(c -> Character.isISOControl(c) || Character.isWhitespace(c)), "breaks: " + wire);
        holds(!MailAddress.isUsual(text) || wire.equals(text), "usual at a glance, and written otherwise: " + text);
        try {
            MailAddress again = MailAddress.of(wire);
            holds(again.equals(address), text + " is written as " + wire + " and read as " + again);
        } catch (NoMailAddressException e) {
            throw new AssertionError(text + " is written as " + wire + ", which is refused: " + e.getMessage(), e);
        }
    }

    private static void holds(boolean promise, String sentence) {
        if (!promise) {
            throw new AssertionError(sentence);
        }
    }
}
