package dev.orderflow.credentials;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One client that may come in. Only the SHA-256 of its bearer token is known here, in {@code door.tokens}:
 * {@code name:role+role:sha256hex}, comma separated. A token is 256 random bits, so it needs no slow hash.
 *
 * @param name the client, for the log and for its Idempotency-Keys, which outlive its token
 */
public record Token(String name, Set<String> roles, byte[] hash) {

    static final Set<String> ROLES = Set.of("orders", "read", "operate");

    private static final int TOKEN_BYTES = 32;

    /** A new random token and the line that {@code door.tokens} takes for it. */
    public record Fresh(String token, String line) {}

    /**
     * Makes a token for a client.
     *
     * @param roles such as {@code orders+read}
     */
    public static Fresh fresh(String name, String roles) {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        String line = "%s:%s:%s".formatted(name, roles, HexFormat.of().formatHex(Sha256.of(token)));
        parse(line);
        return new Fresh(token, line);
    }

    /** Entries of one name are one client: while a token is replaced, the old one and the new one both come in. */
    public static List<Token> parse(String setting) {
        var tokens = new ArrayList<Token>();
        for (String entry : setting.split(",")) {
            if (!entry.isBlank()) {
                tokens.add(entry(entry.trim()));
            }
        }
        return List.copyOf(tokens);
    }

    /** A sentence when the setting cannot be read; it never quotes a hash. */
    public static Optional<String> fault(String setting) {
        try {
            parse(setting);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(e.getMessage());
        }
    }

    public boolean matches(byte[] presented) {
        return MessageDigest.isEqual(hash, presented);
    }

    // The hash is not quoted: a wrong entry may hold the token itself.
    private static Token entry(String entry) {
        String[] parts = entry.split(":", -1);
        if (parts.length != 3 || !parts[0].matches("[A-Za-z0-9._-]{1,64}") || !parts[2].matches("[0-9a-fA-F]{64}")) {
            throw new IllegalArgumentException(
                    "An entry of door.tokens must be name:role+role:sha256hex, with a name of A-Z a-z 0-9 . _ - and 64 hexadecimal digits, but entry '%s' is not. 'orderflow token' prints one."
                            .formatted(parts[0]));
        }
        var roles = Set.copyOf(new HashSet<>(Arrays.asList(parts[1].split("\\+", -1))));
        if (!ROLES.containsAll(roles)) {
            throw new IllegalArgumentException(
                    "The roles of '%s' in door.tokens must be of orders, read and operate, joined by +, but are '%s'."
                            .formatted(parts[0], parts[1]));
        }
        return new Token(parts[0], roles, HexFormat.of().parseHex(parts[2]));
    }
}
