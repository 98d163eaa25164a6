package dev.orderflow.notification;

import dev.orderflow.delivery.FailureRule;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.util.MailConnectException;

/**
 * What a mail server's refusal is about (RFC 5321, 4.2 and 4.3.2). A 5xx to RCPT is about the recipient. Everything else
 * is the server's: no connection, no login, "try again later" (4xx), a sender or a text that it does not take.
 */
public final class MailFailure implements FailureRule {

    /** A login that is missing, refused, too weak or not encrypted (RFC 4954): the same for every mail. */
    private static final Set<Integer> LOGIN = Set.of(530, 534, 535, 538);

    /** To RCPT, and yet not about the recipient: commands out of order, a full server, and 552 as RFC 5321, 4.5.3.1.10 has it. */
    private static final Set<Integer> NOT_THE_RECIPIENT = Set.of(500, 502, 503, 504, 521, 552);

    /** How the events end that say so of a customer. */
    private static final String UNREACHABLE = "-unreachable";

    /** The code, and the enhanced one (RFC 3463) where there is one. The text behind them may name the address. */
    private static final Pattern CODES = Pattern.compile("^([0-9]{3})[ -]([245]\\.[0-9]{1,3}\\.[0-9]{1,3})?");

    /** Security and policy (RFC 3463, 3.8), such as a relay that is denied to us: the sender's to mend. */
    private static final String POLICY = "5.7.";

    private static final int CAUSES_MAX = 20;

    /** The server's codes, where it refused the recipient for good; also why no server was asked. */
    public static Optional<String> ofRecipient(Throwable failure) {
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth < CAUSES_MAX; cause = cause.getCause(), depth++) {
            if (cause instanceof SMTPAddressFailedException refused) {
                return isOfRecipient(refused) ? Optional.of(codes(refused.getMessage())) : Optional.empty();
            }
            if (cause instanceof UnreachableRecipientException unreachable) {
                return Optional.of(unreachable.getMessage());
            }
        }
        return Optional.empty();
    }

    private static boolean isOfRecipient(SMTPAddressFailedException refused) {
        int reply = refused.getReturnCode();
        return reply >= 500
                && reply < 600
                && !LOGIN.contains(reply)
                && !NOT_THE_RECIPIENT.contains(reply)
                && !codes(refused.getMessage()).contains(POLICY);
    }

    private static String codes(String reply) {
        var found = CODES.matcher(reply == null ? "" : reply.strip());
        return !found.find() ? "" : found.group(2) == null ? found.group(1) : found.group(1) + ' ' + found.group(2);
    }

    @Override
    public boolean isPutOff(Throwable cause) {
        if (cause instanceof SMTPAddressFailedException refused) {
            return !isOfRecipient(refused) && !LOGIN.contains(refused.getReturnCode());
        }
        return cause instanceof SMTPSendFailedException refused
                && !LOGIN.contains(refused.getReturnCode())
                && refused.getCommand() != null
                && !refused.getCommand().startsWith("MAIL");
    }

    /** An address that no mail can reach says nothing of the server. */
    @Override
    public boolean isTaken(String said) {
        return !said.endsWith(UNREACHABLE);
    }

    @Override
    public boolean isPassing(Throwable cause) {
        if (cause instanceof SMTPAddressFailedException refused) {
            return !isOfRecipient(refused);
        }
        if (cause instanceof SMTPSendFailedException) {
            return true;
        }
        if (cause instanceof UnreachableRecipientException) {
            return false;
        }
        if (cause instanceof SendFailedException partial) {
            return partial.getInvalidAddresses() == null || partial.getInvalidAddresses().length == 0;
        }
        return cause instanceof MessagingException && !(cause instanceof jakarta.mail.internet.ParseException);
    }

    @Override
    public String whom(Throwable cause) {
        if (cause instanceof MailConnectException mail) {
            return "the mail server %s:%d".formatted(mail.getHost(), mail.getPort());
        }
        return cause instanceof MessagingException ? "the mail server" : "";
    }
}
