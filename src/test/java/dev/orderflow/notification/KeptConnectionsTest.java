package dev.orderflow.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Mails over connections that stay open, and what a server does to them. */
class KeptConnectionsTest {

    private static final String ADA = "ada@example.org";

    @Test
    void sendsManyMailsOverOneConnection() throws Exception {
        try (var server = new RawMailServer(List.of(), command -> "")) {
            var sender = sender(server, 2, 0);

            for (int i = 0; i < 20; i++) {
                sender.send(mail(i, ADA));
            }

            assertThat(server.accepted()).hasSize(20);
            assertThat(server.texts()).element(19).asString().contains("Message-ID: <19@orderflow.example>");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void hasNoMoreConnectionsThanItMay() throws Exception {
        try (var server = new RawMailServer(List.of(), command -> "")) {
            var sender = sender(server, 3, 0);
            var threads = Executors.newFixedThreadPool(10);
            try {
                List<Future<?>> sent = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    int id = i;
                    sent.add(threads.submit(() -> {
                        sender.send(mail(id, ADA));
                        return null;
                    }));
                }
                for (Future<?> one : sent) {
                    one.get();
                }
            } finally {
                threads.shutdownNow();
            }

            assertThat(server.accepted()).hasSize(100);
            assertThat(server.connections()).isBetween(1, 3);
        }
    }

    @Test
    void takesAnotherConnectionWhenTheServerHasEndedOne() throws Exception {
        try (var server = new RawMailServer(List.of(), command -> "")) {
            var sender = sender(server, 1, 0);
            sender.send(mail(1, ADA));
            server.hangUp();

            sender.send(mail(2, ADA));

            assertThat(server.accepted()).hasSize(2);
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    /** As servers do that allow a connection so many mails. */
    @Test
    void takesAnotherConnectionWhenTheServerClosesOneBeforeAMail() throws Exception {
        var mails = new AtomicInteger();
        var server = new AtomicReference<RawMailServer>();
        server.set(new RawMailServer(List.of(), command -> {
            if (command.startsWith("MAIL") && mails.incrementAndGet() == 3) {
                server.get().hangUp();
                return "421 Too many mails on this connection";
            }
            return "";
        }));
        try (var running = server.get()) {
            var sender = sender(running, 1, 0);

            for (int i = 0; i < 4; i++) {
                sender.send(mail(i, ADA));
            }

            assertThat(running.accepted()).hasSize(4);
            assertThat(running.connections()).isEqualTo(2);
        }
    }

    /** It may have the mail, so the mail is not sent again behind the caller's back. */
    @Test
    void failsWhenTheConnectionIsLostBehindTheText() throws Exception {
        var texts = new AtomicInteger();
        var server = new AtomicReference<RawMailServer>();
        server.set(new RawMailServer(List.of(), command -> {
            if (command.equals(".") && texts.incrementAndGet() == 2) {
                server.get().hangUp();
            }
            return "";
        }));
        try (var running = server.get()) {
            var sender = sender(running, 1, 0);
            sender.send(mail(1, ADA));

            assertThatThrownBy(() -> sender.send(mail(2, ADA))).isInstanceOf(MessagingException.class);

            assertThat(running.connections()).isEqualTo(1);
            sender.send(mail(3, ADA));
            assertThat(running.connections()).isEqualTo(2);
        }
    }

    @Test
    void keepsTheConnectionOfARefusedRecipient() throws Exception {
        try (var server = RawMailServer.refusing(
                recipient -> recipient.startsWith("nobody") ? "550 5.1.1 No such user" : "250 OK")) {
            var sender = sender(server, 1, 0);

            assertThatThrownBy(() -> sender.send(mail(1, "nobody@example.org")))
                    .isInstanceOf(SendFailedException.class)
                    .satisfies(e -> assertThat(MailFailure.ofRecipient(e)).contains("550 5.1.1"));
            sender.send(mail(2, ADA));

            assertThat(server.accepted()).containsExactly(ADA);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void sendsNoMoreMailsASecondThanItMay() throws Exception {
        try (var server = new RawMailServer(List.of(), command -> "")) {
            var sender = sender(server, 2, 20);
            Instant begin = Instant.now();

            for (int i : IntStream.range(0, 11).toArray()) {
                sender.send(mail(i, ADA));
            }

            assertThat(Duration.between(begin, Instant.now())).isGreaterThanOrEqualTo(Duration.ofMillis(500));
            assertThat(server.accepted()).hasSize(11);
        }
    }

    private static KeptConnections sender(RawMailServer server, int connections, int perSecond) {
        var sender = new KeptConnections(connections, perSecond);
        sender.setProtocol("smtp");
        sender.setHost("127.0.0.1");
        sender.setPort(server.port());
        var properties = new Properties();
        properties.setProperty("mail.smtp.timeout", "5000");
        sender.setJavaMailProperties(properties);
        return sender;
    }

    private static IdentifiedMessage mail(int id, String to) throws MessagingException {
        var mail = new IdentifiedMessage("<%d@orderflow.example>".formatted(id), false);
        mail.setFrom("orders@orderflow.example");
        mail.setHeader("To", to);
        mail.setText("Hello");
        mail.saveChanges();
        return mail;
    }
}
