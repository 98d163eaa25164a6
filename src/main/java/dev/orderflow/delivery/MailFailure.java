package dev.orderflow.delivery;

import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import java.util.Set;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;

/**
 * What a mail server's refusal means. An address that it refuses for good (RFC 5321, reply 5xx) is the order's own
 * fault; no connection, no login and "try again later" (4xx) are not.
 */
final class MailFailure {

    /** A login that is missing, refused, too weak or not encrypted (RFC 4954): the same for every order. */
    private static final Set<Integer> LOGIN = Set.of(530, 534, 535, 538);

    private MailFailure() {}

    static boolean isPassing(Throwable cause) {
        if (cause instanceof SMTPSendFailedException refused) {
            return isPassing(refused.getReturnCode());
        }
        if (cause instanceof SMTPAddressFailedException refused) {
            return isPassing(refused.getReturnCode());
        }
        if (cause instanceof SendFailedException partial) {
            return partial.getInvalidAddresses() == null || partial.getInvalidAddresses().length == 0;
        }
        return cause instanceof MessagingException && !(cause instanceof jakarta.mail.internet.ParseException);
    }

    private static boolean isPassing(int reply) {
        return reply < 500 || LOGIN.contains(reply);
    }
}
