package dev.orderflow.notification;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.net.IDN;

/**
 * An address as it goes over the wire (RFC 5321): ASCII alone. A mail client writes the low byte of each other
 * character, which makes another address of it, or ends the line.
 */
final class MailAddress {

    /** Letters that the two versions of IDNA map to different domains: sharp s, final sigma, and the two joiners. */
    private static final String AMBIGUOUS = "\u00df\u03c2\u200c\u200d";

    private MailAddress() {}

    /**
     * The domain by IDNA, and the local part as it is.
     *
     * @throws AddressException where the local part is not ASCII, or the domain is none
     */
    static InternetAddress wire(String address) throws AddressException {
        int at = address.lastIndexOf('@');
        String local = address.substring(0, Math.max(at, 0));
        if (!local.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new AddressException("The part before @ has characters that mail servers do not take");
        }
        return new InternetAddress(local + '@' + ascii(address.substring(at + 1)), true);
    }

    private static String ascii(String domain) throws AddressException {
        if (domain.chars().anyMatch(c -> AMBIGUOUS.indexOf(c) >= 0)) {
            throw new AddressException("The domain has letters that mean two domains; its xn-- form means one");
        }
        try {
            return IDN.toASCII(domain, IDN.USE_STD3_ASCII_RULES);
        } catch (IllegalArgumentException e) {
            throw new AddressException("The domain is none by IDNA");
        }
    }
}
