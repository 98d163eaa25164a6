package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.internet.InternetAddress;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutageTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"08006", "40001", "40P01", "53300", "57P01", "57P03", "58030", "55P03", "25P03", "25006", "28P01"
            })
    void waitsForWhatPassesInTheDatabase(String state) {
        assertThat(Outage.is(new IllegalStateException(new SQLException("x", state))))
                .isTrue();
        assertThat(Outage.isOurFault(new SQLException("x", state))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"23514", "22003", "23505"})
    void doesNotWaitForARowThatIsRefused(String state) {
        assertThat(Outage.is(new SQLException("x", state))).isFalse();
        assertThat(Outage.isOurFault(new SQLException("x", state))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"42P01", "42601", "42501", "25001"})
    void knowsAFaultOfOurs(String state) {
        assertThat(Outage.isOurFault(new RuntimeException(new SQLException("x", state))))
                .isTrue();
    }

    @Test
    void waitsForPoolBrokerAndNetwork() {
        assertThat(Outage.is(new SQLException("Connection is closed"))).isTrue();
        assertThat(Outage.is(new SQLTransientConnectionException("pool is empty")))
                .isTrue();
        assertThat(Outage.is(new RuntimeException(new TimeoutException("no broker"))))
                .isTrue();
        assertThat(Outage.is(new RuntimeException(new ConnectException("refused"))))
                .isTrue();
        assertThat(Outage.is(new RuntimeException(new TopicAuthorizationException("events"))))
                .isTrue();
        assertThat(Outage.is(new SaslAuthenticationException("wrong password"))).isTrue();
        assertThat(Outage.is(new RecordTooLargeException("too large"))).isFalse();
    }

    /** A drill's seed 2329941285: a stop interrupted a mail whose database did not answer, and its order was parked. */
    @Test
    void parksNobodyForAStop() {
        for (Exception stop : List.of(
                new InterruptedException(),
                new InterruptException("stop"),
                new InterruptedIOException(),
                new SocketTimeoutException(),
                new ClosedByInterruptException(),
                new RejectedExecutionException("stopped"))) {
            assertThat(Outage.is(new IllegalStateException(stop)))
                    .as("%s", stop)
                    .isTrue();
        }
    }

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
        assertThat(Outage.is(refused)).isEqualTo(ofRecipient == null);
        assertThat(MailFailure.isPutOff(refused))
                .isEqualTo(ofRecipient == null && !command.equals("MAIL") && code != 530);
    }

    @Test
    void waitsForALoginThatIsRefused() {
        assertThat(Outage.is(new AuthenticationFailedException("wrong password")))
                .isTrue();
        assertThat(Outage.is(new UnreachableRecipientException("no domain"))).isFalse();
        assertThat(MailFailure.ofRecipient(new UnreachableRecipientException("no domain")))
                .contains("no domain");
    }

    @Test
    void tellsTheDeepestCauseInOneBoundedLine() {
        var deep = new RuntimeException("outer", new IllegalStateException("inner\nsecond line"));

        assertThat(Outage.sentence(deep)).isEqualTo("inner");
        assertThat(Outage.sentence(new IllegalStateException("x".repeat(1_000))))
                .hasSize(200);
    }
}
