package dev.orderflow.delivery;

import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;

/**
 * What a mail server's refusal means. An address that it refuses for good (RFC 5321, reply 5xx) is the order's own
 * fault; no connection, no login and "try again later" (4xx) are not.
 */
final class MailFailure {

    private MailFailure() {}

    static boolean isPassing(Throwable cause) {
        if (cause instanceof SMTPSendFailedException refused) {
            return refused.getReturnCode() < 500;
        }
        if (cause instanceof SMTPAddressFailedException refused) {
            return refused.getReturnCode() < 500;
        }
        if (cause instanceof SendFailedException partial) {
            return partial.getInvalidAddresses() == null || partial.getInvalidAddresses().length == 0;
        }
        return cause instanceof MessagingException && !(cause instanceof jakarta.mail.internet.ParseException);
    }
}
