package dev.orderflow.status;

import dev.orderflow.http.Cursor;
import dev.orderflow.http.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A cursor of orders is a place that is written as it was read, or is refused; Prefer and If-None-Match never throw. */
public final class PlaceFuzz {

    private static final int WAIT_MAX_S = 30;

    private PlaceFuzz() {}

    /** The readers are loaded and instrumented here, so that it does not count for the first input. */
    public static void fuzzerInitialize() {
        fuzzerTestOneInput(
                "2026-11-22T10:00:00Z 01a216a3-76f5-7000-808e-766b23d99db3".getBytes(StandardCharsets.UTF_8));
    }

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        place(text);
        place(Cursor.of(text));
        PreferHeader.waitSeconds(Optional.of(text), WAIT_MAX_S)
                .ifPresent(seconds -> holds(seconds >= 0 && seconds <= WAIT_MAX_S, "waits " + seconds));
        PreferHeader.has(Optional.of(text), 3);
        holds(PreferHeader.has(Optional.of(text + ", \"3\""), 3), "a state is not seen behind " + text);
    }

    private static void place(String cursor) {
        try {
            var place = Cursor.read(cursor, OrderQueries.OrderPlace::parse).orElseThrow();
            var again = Cursor.read(Cursor.of(place.toString()), OrderQueries.OrderPlace::parse);
            holds(again.equals(Optional.of(place)), place + " is read as " + again);
        } catch (ProblemException e) {
            holds(e.getMessage().contains("cursor must be"), "no sentence: " + e.getMessage());
        }
    }

    private static void holds(boolean promise, String sentence) {
        if (!promise) {
            throw new AssertionError(sentence);
        }
    }
}
