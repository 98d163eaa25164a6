package dev.orderflow.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;

/** The place where a page ended, as text that says nothing to a client and so stays ours to change. */
public final class Cursor {

    private Cursor() {}

    public static String of(String place) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(place.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads a cursor back; {@code parse} may throw on what it never wrote. */
    public static <T> Optional<T> read(String cursor, Function<String, T> parse) {
        if (cursor == null) {
            return Optional.empty();
        }
        try {
            String place = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            if (place.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("NUL");
            }
            return Optional.of(parse.apply(place));
        } catch (RuntimeException e) {
            throw Call.refuse("cursor must be the 'next' of a page before, but was '%s'. Leave it out to start anew."
                    .formatted(Call.shown(cursor)));
        }
    }
}
