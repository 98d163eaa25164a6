package dev.orderflow.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.delivery.FailureClassifier;
import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.internet.InternetAddress;
import java.util.Optional;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a mail server's refusal means to the delivery, which finds the rule by itself. */
class MailFailureTest {

    /** RFC 5321: a 5xx to RCPT is about the recipient; all else is the server's, also a 5xx that is about us. */
    @ParameterizedTest
    @CsvSource({
        "RCPT, 550 5.1.1 no such user, 550 5.1.1",
        "RCPT, 551 moved, 551",
        "RCPT, 553-5.1.3 odd syntax, 553 5.1.3",
        "RCPT, 554 5.7.1 relay access denied,",
        "RCPT, 552 5.2.2 too many recipients,",
        "RCPT, 503 5.5.1 MAIL first,",
        "RCPT, 530 5.7.0 login first,",
        "RCPT, 450 4.2.1 busy,",
        "MAIL, 550 5.1.8 bad sender,",
        "DATA, 554 5.6.0 spam,"
    })
    void tellsARecipientsRefusalFromTheServers(String command, String reply, String ofRecipient) throws Exception {
        int code = Integer.parseInt(reply.substring(0, 3));
        MessagingException refused = command.equals("RCPT")
                ? new SendFailedException(
                        "Invalid Addresses",
                        new SMTPAddressFailedException(new InternetAddress("a@b.c"), "RCPT TO:<a@b.c>", code, reply),
                        null,
                        null,
                        code < 500 || code == 552 ? null : new Address[] {new InternetAddress("a@b.c")})
                : new SMTPSendFailedException(command, code, reply, null, null, null, null);

        assertThat(MailFailure.ofRecipient(refused)).isEqualTo(Optional.ofNullable(ofRecipient));
        assertThat(FailureClassifier.is(refused)).isEqualTo(ofRecipient == null);
        assertThat(isPutOff(refused)).isEqualTo(ofRecipient == null && !command.equals("MAIL") && code != 530);
    }

    @Test
    void waitsForALoginThatIsRefused() {
        assertThat(FailureClassifier.is(new AuthenticationFailedException("wrong password")))
                .isTrue();
        assertThat(FailureClassifier.is(new UnreachableRecipientException("no domain")))
                .isFalse();
        assertThat(MailFailure.ofRecipient(new UnreachableRecipientException("no domain")))
                .contains("no domain");
    }

    private static boolean isPutOff(Throwable failure) {
        var rule = new MailFailure();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (rule.isPutOff(cause)) {
                return true;
            }
        }
        return false;
    }
}
