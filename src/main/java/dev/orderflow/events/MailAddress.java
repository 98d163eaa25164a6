package dev.orderflow.events;

import com.ibm.icu.text.IDNA;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * A customer's mail address, as the door takes it and as a mail server gets it (RFC 5321, 4.1.2; RFC 6531, 3.3).
 *
 * @param local the part before @, without quotes
 * @param domain in A-labels (IDNA by UTS 46, non-transitional), so ASCII alone
 */
public record MailAddress(String local, String domain) {

    /** RFC 5321, 4.5.3.1: octets of a local part, and of a path without its brackets. */
    private static final int LOCAL_MAX = 64;

    private static final int ALL_MAX = 254;
    private static final int LABEL_MAX = 63;

    /** What an atom may have besides letters and digits (RFC 5322, 3.2.3). */
    private static final String ATEXT = "!#$%&'*+-/=?^_`{|}~";

    private static final IDNA UTS46 = IDNA.getUTS46Instance(IDNA.NONTRANSITIONAL_TO_ASCII
            | IDNA.NONTRANSITIONAL_TO_UNICODE
            | IDNA.USE_STD3_RULES
            | IDNA.CHECK_BIDI
            | IDNA.CHECK_CONTEXTJ);

    /** Labels such as r3---sn of names that exist have hyphens in the places of xn--. */
    private static final Set<IDNA.Error> ALLOWED = EnumSet.of(IDNA.Error.HYPHEN_3_4);

    /** Why a text is no address; the sentence never shows the address. */
    public static final class NoMailAddressException extends Exception {
        private static final long serialVersionUID = 1L;

        NoMailAddressException(String sentence) {
            super(sentence, null, false, false);
        }
    }

    /** @throws NoMailAddressException when no mail can go there, with a sentence */
    public static MailAddress of(String text) throws NoMailAddressException {
        int at = text.lastIndexOf('@');
        if (at < 1 || at == text.length() - 1 || text.indexOf('@') < at) {
            throw new NoMailAddressException("email must have exactly one @, with text before and after it");
        }
        var address = new MailAddress(local(text.substring(0, at)), domain(text.substring(at + 1)));
        if (octets(address.wire()) > ALL_MAX) {
            throw new NoMailAddressException("email must have at most %d octets as it is sent, but had %d"
                    .formatted(ALL_MAX, octets(address.wire())));
        }
        return address;
    }

    /**
     * Whether it is one at a glance: ASCII, atoms with single dots, and a domain that is neither long nor an A-label. Most
     * are; the others are looked at in {@link #of}.
     */
    static boolean isUsual(String text) {
        int length = text.length();
        int at = text.indexOf('@');
        if (at < 1 || at > LOCAL_MAX || length > LABEL_MAX + 1) {
            return false;
        }
        for (int i = 0; i < at; i++) {
            char c = text.charAt(i);
            if (!(isAtext(c) || c == '.' && i > 0 && i < at - 1 && text.charAt(i + 1) != '.')) {
                return false;
            }
        }
        boolean letters = false;
        int label = at + 1;
        for (int i = label; i < length; i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (i == label || i == length - 1 || text.charAt(i - 1) == '-') {
                    return false;
                }
                label = i + 1;
                letters = false;
            } else if (c == '-') {
                if (i == label || i == length - 1 || text.charAt(i - 1) == '-') {
                    return false;
                }
            } else if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
                letters = true;
            } else if (c < '0' || c > '9') {
                return false;
            }
        }
        return letters;
    }

    /** As it stands in a header and behind RCPT TO: the local part in quotes where its dots need them. */
    public String wire() {
        boolean quoted = local.startsWith(".") || local.endsWith(".") || local.contains("..");
        return (quoted ? '"' + local + '"' : local) + '@' + domain;
    }

    /** Whether any mail server can take it; else only one that offers SMTPUTF8. */
    public boolean isAscii() {
        return local.chars().allMatch(c -> c < 0x80);
    }

    private static String local(String text) throws NoMailAddressException {
        boolean quoted = text.length() > 2 && text.startsWith("\"") && text.endsWith("\"");
        String local = quoted ? text.substring(1, text.length() - 1) : text;
        for (int i = 0; i < local.length(); ) {
            int c = local.codePointAt(i);
            if (!(c < 0x80 ? isAtext(c) || c == '.' : isVisible(c))) {
                throw new NoMailAddressException(
                        "email has a character before @ that is not taken there: letters, digits, dots and "
                                + ATEXT
                                + " are");
            }
            i += Character.charCount(c);
        }
        if (octets(local) > LOCAL_MAX) {
            throw new NoMailAddressException(
                    "email must have at most %d octets before @, but had %d".formatted(LOCAL_MAX, octets(local)));
        }
        return local;
    }

    private static boolean isAtext(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || ATEXT.indexOf(c) >= 0;
    }

    /** No space, control, direction mark or half of a pair, and nothing that Unicode has not given out. */
    private static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private static String domain(String text) throws NoMailAddressException {
        boolean plain = text.chars().allMatch(c -> c < 0x80)
                && !text.toLowerCase(Locale.ROOT).contains("xn--");
        String ascii = plain ? text : ascii(text);
        String last = "";
        for (String label : ascii.split("\\.", -1)) {
            if (!isLabel(label)) {
                throw new NoMailAddressException(
                        "email must have a domain of letters, digits and hyphens behind @, with single dots between them and none at its end");
            }
            last = label;
        }
        if (last.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new NoMailAddressException("email must have the name of a domain behind @, not an IP address");
        }
        return ascii;
    }

    /** RFC 5321, 2.3.5 and RFC 1123, 2.1. */
    private static boolean isLabel(String label) {
        return !label.isEmpty()
                && label.length() <= LABEL_MAX
                && !label.startsWith("-")
                && !label.endsWith("-")
                && label.chars()
                        .allMatch(
                                c -> c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-');
    }

    private static String ascii(String domain) throws NoMailAddressException {
        var info = new IDNA.Info();
        var ascii = new StringBuilder();
        UTS46.nameToASCII(domain, ascii, info);
        if (!ALLOWED.containsAll(info.getErrors())) {
            throw new NoMailAddressException("email has a domain that is none by IDNA (UTS 46)");
        }
        return ascii.toString();
    }

    private static int octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
