package dev.orderflow.status;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a call asks for in {@code Prefer} (RFC 7240) and {@code If-None-Match} (RFC 9110, 13.1.2). */
final class PreferHeader {

    private static final Pattern WAIT =
            Pattern.compile("(?:^|,)\\s*wait\\s*=\\s*\"?([0-9]{1,9})\"?\\s*(?=$|[,;])", Pattern.CASE_INSENSITIVE);
    private static final Pattern ETAG = Pattern.compile("(?:W/)?\"([0-9]{1,9})\"");

    private PreferHeader() {}

    /** The seconds of {@code wait=N}, at most {@code max}; empty when it asks for none, or cannot be read (RFC 7240, 2). */
    static Optional<Integer> waitSeconds(Optional<String> prefer, int max) {
        Matcher matcher = WAIT.matcher(prefer.orElse(""));
        return matcher.find() ? Optional.of(Math.min(max, Integer.parseInt(matcher.group(1)))) : Optional.empty();
    }

    /** Whether the caller has this state already. */
    static boolean has(Optional<String> ifNoneMatch, int changed) {
        String known = ifNoneMatch.orElse("").trim();
        if (known.equals("*")) {
            return true;
        }
        Matcher matcher = ETAG.matcher(known);
        while (matcher.find()) {
            if (Integer.parseInt(matcher.group(1)) == changed) {
                return true;
            }
        }
        return false;
    }
}
