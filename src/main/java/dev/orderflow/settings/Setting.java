package dev.orderflow.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * One row of {@link SettingLimits}: what a setting's value may be, as a test and in words.
 *
 * @param wanted what it must be, such as {@code true or false}
 * @param range of a number
 * @param secret whether the value is never shown
 */
record Setting(String key, String wanted, Predicate<String> fits, Optional<Range> range, boolean secret) {

    private static final String FOREVER = "-1";
    private static final int PORT_MAX = 65_535;

    /** Both ends are included. */
    record Range(int min, int max) {

        boolean holds(String value) {
            try {
                int number = Integer.parseInt(value);
                return number >= min && number <= max;
            } catch (NumberFormatException e) {
                return false;
            }
        }
    }

    static Setting number(String key, String unit, int min, int max) {
        var range = new Range(min, max);
        return new Setting(
                key,
                "a whole number of %s from %d to %d".formatted(unit, min, max),
                range::holds,
                Optional.of(range),
                false);
    }

    static Setting millis(String key, int min, int max) {
        return number(key, "milliseconds", min, max);
    }

    /** Hours to keep something, or -1 for keeping it forever. */
    static Setting hoursOrForever(String key, int max) {
        var hours = number(key, "hours", 1, max);
        return new Setting(
                key,
                hours.wanted + ", or -1 to keep it forever",
                value -> value.equals(FOREVER) || hours.fits.test(value),
                hours.range,
                false);
    }

    /** A port to listen on; 0 takes a free one. */
    static Setting port(String key) {
        var range = new Range(0, PORT_MAX);
        return new Setting(key, "a port from 1 to 65535, or 0 for a free one", range::holds, Optional.of(range), false);
    }

    static Setting flag(String key) {
        return choice(key, "true", "false");
    }

    static Setting choice(String key, String... words) {
        return matching(
                key, oneOf(Arrays.asList(words)), value -> List.of(words).contains(value));
    }

    /** A choice whose letter case does not matter. */
    static Setting anyCase(String key, String... words) {
        return matching(
                key,
                oneOf(Arrays.asList(words)),
                value -> Arrays.stream(words).anyMatch(word -> word.equalsIgnoreCase(value)));
    }

    private static String oneOf(List<String> words) {
        var shown = words.stream().map(word -> word.isEmpty() ? "empty" : word).toList();
        int last = shown.size() - 1;
        return last == 0 ? shown.get(0) : String.join(", ", shown.subList(0, last)) + " or " + shown.get(last);
    }

    /** Anything, and nothing too. */
    static Setting text(String key) {
        return matching(key, "text", value -> true);
    }

    static Setting filled(String key) {
        return matching(key, "set to something", value -> !value.isEmpty());
    }

    static Setting topic(String key) {
        return pattern(key, "a topic's name of 1 to 249 characters of A-Z a-z 0-9 . _ -", "[A-Za-z0-9._-]{1,249}");
    }

    /** Addresses such as {@code b1:9092,b2:9092}, or nothing. */
    static Setting addresses(String key) {
        return matching(
                key,
                "addresses host:port, comma separated, or empty",
                value ->
                        value.isEmpty() || Arrays.stream(value.split(",", -1)).allMatch(one -> isAddress(one.strip())));
    }

    private static boolean isAddress(String value) {
        int colon = value.lastIndexOf(':');
        return colon > 0
                && value.substring(0, colon).matches("\\[[0-9a-fA-F:.%]+]|[^\\s:/]+")
                && new Range(1, PORT_MAX).holds(value.substring(colon + 1));
    }

    /** One that a client of ours can call: what follows {@code ?} or {@code #} would swallow the paths that we add. */
    static Setting httpAddress(String key) {
        return matching(
                key,
                "http://host:port or https://host:port, with no user, ? or #, and a host of letters, digits, dots and hyphens",
                Setting::isHttpAddress);
    }

    private static boolean isHttpAddress(String value) {
        try {
            var address = new URI(value);
            return value.matches("https?://.*")
                    && address.getHost() != null
                    && address.getRawUserInfo() == null
                    && address.getRawQuery() == null
                    && address.getRawFragment() == null
                    && (address.getPort() == -1 || new Range(1, PORT_MAX).holds(String.valueOf(address.getPort())));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** The driver reads no user before the host, and would show whoever reads its error the password there. */
    static Setting databaseAddress(String key) {
        return pattern(key, "jdbc:postgresql://host:port/database, or empty", "|jdbc:postgresql:(?!//[^/?]*@)\\S+");
    }

    static Setting pattern(String key, String wanted, String regex) {
        return matching(key, wanted, Pattern.compile(regex).asMatchPredicate());
    }

    private static Setting matching(String key, String wanted, Predicate<String> fits) {
        return new Setting(key, wanted, fits, Optional.empty(), false);
    }

    Setting hidden() {
        return new Setting(key, wanted, fits, range, true);
    }

    /** What was found, what is wanted, and what to do; empty where the value is well. */
    Optional<String> fault(String value) {
        return fits.test(value) ? Optional.empty() : Optional.of(sentence(value));
    }

    private String sentence(String value) {
        return "Setting '%s' must be %s, but %s. Set %s."
                .formatted(key, wanted, secret ? "its value, which is a secret, is not" : found(value), variable());
    }

    private static String found(String value) {
        return "is '" + Secrets.masked(value) + "'";
    }

    private String variable() {
        return Settings.variable(key);
    }
}
