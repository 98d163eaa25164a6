package dev.orderflow.events;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rules of an order's values: each gives the empty text for a good value, else the sentence that says what is wrong. */
final class MemberRules {

    static final int LINES_MAX = 100;
    static final int QUANTITY_MAX = 9_999;
    static final String GOOD = "";

    private static final int QUOTED_MAX = 40;
    /** ISO 3166-1, and XK, which it leaves to its users: Kosovo has that in the UPU's and the EU's lists. */
    private static final Set<String> COUNTRIES =
            Stream.concat(Stream.of(Locale.getISOCountries()), Stream.of("XK")).collect(Collectors.toUnmodifiableSet());

    /** Countries whose addresses need no postal code, as the UPU's addressing guides describe them. */
    private static final Set<String> WITHOUT_POSTAL_CODES = Set.of(
            "AE", "AG", "AN", "AO", "AW", "BF", "BI", "BJ", "BO", "BQ", "BS", "BW", "BZ", "CD", "CF", "CG", "CI", "CK",
            "CM", "CW", "DJ", "DM", "ER", "FJ", "GA", "GD", "GH", "GM", "GQ", "GY", "HK", "IE", "JM", "KI", "KM", "KN",
            "KP", "LY", "ML", "MO", "MR", "MW", "NR", "NU", "PA", "QA", "RW", "SB", "SC", "SL", "SO", "SR", "SS", "ST",
            "SX", "SY", "TD", "TF", "TG", "TK", "TL", "TO", "TV", "UG", "VU", "YE", "ZW");

    private static final Set<String> CURRENCIES = Set.copyOf(currencies().stringPropertyNames());

    private MemberRules() {}

    /** Customer ids and SKUs. */
    static String token(String name, String value, int max) {
        boolean good = !value.isEmpty() && value.length() <= max;
        for (int i = 0; good && i < value.length(); i++) {
            good = isTokenChar(value.charAt(i));
        }
        return good ? GOOD : "%s must be 1 to %d of A-Z a-z 0-9 . _ -, but was %s".formatted(name, max, quoted(value));
    }

    /** Names and addresses. They are personal, so the sentence tells their length and not their text. */
    static String text(String name, String value, int max) {
        if (value.isBlank() || value.codePointCount(0, value.length()) > max) {
            return "%s must have 1 to %d characters and not only spaces, but had %d"
                    .formatted(name, max, value.codePointCount(0, value.length()));
        }
        return hasControl(value) ? name + " must have no line breaks, control characters or broken characters" : GOOD;
    }

    /** As the header Idempotency-Key, which this stands for in a bulk. */
    static String idempotencyKey(String value) {
        boolean good = !value.isEmpty() && value.length() <= 255;
        for (int i = 0; good && i < value.length(); i++) {
            good = value.charAt(i) >= ' ' && value.charAt(i) <= '~';
        }
        return good ? GOOD : "idempotencyKey must have 1 to 255 printable ASCII characters";
    }

    /** What a mail can be sent to. */
    static String email(String value) {
        if (MailAddress.isUsual(value)) {
            return GOOD;
        }
        try {
            MailAddress.of(value);
            return GOOD;
        } catch (MailAddress.NoMailAddressException e) {
            return e.getMessage();
        }
    }

    /** Of what was accepted once: no line breaks. Whether a mail can be sent there is seen when it is sent. */
    static String acceptedEmail(String value) {
        return hasControl(value) ? "email must have no control characters or broken characters" : GOOD;
    }

    static String country(String value) {
        return COUNTRIES.contains(value)
                ? GOOD
                : "country must be an upper-case ISO 3166-1 alpha-2 code such as DE, but was " + quoted(value);
    }

    /** Of what was accepted once, whatever codes were withdrawn since. */
    static String acceptedCountry(String value) {
        return isUpperCase(value, 2) ? GOOD : "country must be two capital letters, but was " + quoted(value);
    }

    static boolean hasPostalCodes(String country) {
        return !WITHOUT_POSTAL_CODES.contains(country);
    }

    /** Of what was accepted once. */
    static String acceptedCurrency(String value) {
        return isUpperCase(value, 3) ? GOOD : "currency must be three capital letters, but was " + quoted(value);
    }

    private static boolean isUpperCase(String value, int length) {
        return value.length() == length && value.chars().allMatch(c -> c >= 'A' && c <= 'Z');
    }

    static String currency(String value) {
        return CURRENCIES.contains(value)
                ? GOOD
                : "currency must be an upper-case ISO 4217 code such as EUR, but was " + quoted(value);
    }

    /** One to nine digits, and up to four after a point: never a double, never an exponent. */
    static String unitPrice(String value) {
        int point = value.indexOf('.');
        int whole = point < 0 ? value.length() : point;
        int fraction = point < 0 ? 1 : value.length() - point - 1;
        boolean good = whole >= 1 && whole <= 9 && fraction >= 1 && fraction <= 4;
        for (int i = 0; good && i < value.length(); i++) {
            good = i == point || isDigit(value.charAt(i));
        }
        return good
                ? GOOD
                : "unitPrice must be a decimal string such as \"12.50\", at most 9 digits and 4 after the point, but was "
                        + quoted(value);
    }

    static String quantity(String digits) {
        return "quantity must be from 1 to 9,999, but was " + shortened(digits);
    }

    /** The value as a sentence may show it: in quotes, without what could break a line or a terminal, and not for ever. */
    static String quoted(String value) {
        return "'" + shortened(value) + "'";
    }

    static String shortened(String value) {
        var shown = new StringBuilder();
        for (int i = 0; i < value.length() && i < QUOTED_MAX; i++) {
            char c = value.charAt(i);
            shown.append(c < ' ' || c > '~' ? '?' : c);
        }
        return value.length() > QUOTED_MAX ? shown.append("...").toString() : shown.toString();
    }

    /** ISO 4217 by its own list, and not by the JDK's, which has what was withdrawn long ago too. */
    static Properties currencies() {
        var currencies = new Properties();
        try (var in = MemberRules.class.getResourceAsStream("/currencies.properties")) {
            currencies.load(in);
            return currencies;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isTokenChar(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || c == '.' || c == '_' || c == '-';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    // Line separators count: a name goes into mail headers. A lone surrogate cannot be written as UTF-8 again.
    private static boolean hasControl(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                return true;
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == value.length()
                        || !Character.isLowSurrogate(value.charAt(i + 1))) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }
}
