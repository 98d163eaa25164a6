package dev.orderflow.events;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/**
 * What an order id is, wherever one comes in: the 36 characters of a UUID, in either case (RFC 9562, 4). It goes out in
 * lower case. Java's own reading also takes shortened groups, of which two texts are one id.
 */
public final class OrderId {

    private static final int CHARS = 36;

    private OrderId() {}

    /** Empty for what is none. */
    public static Optional<UUID> parse(String text) {
        return isId(text) ? Optional.of(UUID.fromString(text)) : Optional.empty();
    }

    /** The id that a record's key is; empty for a key that is none, and for none. */
    public static Optional<UUID> ofKey(byte[] key) {
        return key == null || key.length != CHARS
                ? Optional.empty()
                : parse(new String(key, StandardCharsets.ISO_8859_1));
    }

    private static boolean isId(String text) {
        if (text == null || text.length() != CHARS) {
            return false;
        }
        for (int i = 0; i < CHARS; i++) {
            char c = text.charAt(i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            boolean hex = c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
            if (dash ? c != '-' : !hex) {
                return false;
            }
        }
        return true;
    }
}
