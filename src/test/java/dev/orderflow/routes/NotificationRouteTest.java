package dev.orderflow.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.testing.Records;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class NotificationRouteTest extends ServiceRouteTest {

    NotificationRouteTest() {
        super("notification", "notificationOnce", "orders,order-events", EVENTS);
    }

    /** Each kind of event, and the mail that it becomes, word for word. */
    static final class Texts implements RouterTable {

        private static final UUID PLACED = UUID.fromString("00000000-0000-7000-8000-000000000001");
        private static final UUID SHORT = UUID.fromString("00000000-0000-7000-8000-000000000002");

        @Override
        public Map<String, String> expected() {
            return Map.of("order-placed", """
                    %s-order-placed.eml
                    From: orders@orderflow.example
                    To: ada@example.org
                    Message-ID: <confirmation.%s@orderflow.example>
                    Subject: Your order %s

                    Thank you for your order %s.

                    We have it, and tell you when it is on its way.""".replace("%s", PLACED.toString()), "stock-short", """
                    %s-stock-short.eml
                    From: orders@orderflow.example
                    To: bo@example.org
                    Message-ID: <shortage.%s@orderflow.example>
                    Subject: Your order %s has to wait

                    Some of what you ordered with %s is not in stock at the moment.

                    Your shipment is held until we can send all of it.""".replace(
                            "%s", SHORT.toString()));
        }

        @Override
        public Map<String, String> outcomes(StagedRoutes staged) throws Exception {
            staged.broker.feed(
                    "notification", List.of(Records.placed(ORDERS, order(PLACED, "GB", 2)), stockShort(SHORT)));
            var outcomes = new LinkedHashMap<String, String>();
            outcomes.put("order-placed", mail(staged, PLACED));
            outcomes.put("stock-short", mail(staged, SHORT));
            return outcomes;
        }

        private static String mail(StagedRoutes staged, UUID order) throws IOException, MessagingException {
            Path folder = Path.of(staged.context().resolvePropertyPlaceholders("{{orderflow.data.dir}}/mail"));
            try (var files = Files.newDirectoryStream(folder, "*" + order + "*")) {
                var mails = new StringBuilder();
                for (Path file : files) {
                    mails.append(file.getFileName()).append('\n').append(read(file));
                    Files.delete(file);
                }
                return mails.toString();
            }
        }

        private static String read(Path file) throws IOException, MessagingException {
            try (var in = Files.newInputStream(file)) {
                var mail = new MimeMessage(Session.getInstance(new Properties()), in);
                return "From: %s\nTo: %s\nMessage-ID: %s\nSubject: %s\n\n%s"
                        .formatted(
                                mail.getHeader("From", null),
                                mail.getHeader("To", null),
                                mail.getMessageID(),
                                mail.getSubject(),
                                mail.getContent().toString().replace("\r\n", "\n"));
            }
        }
    }

    @Test
    void writesEachMailWordForWord() throws Exception {
        var table = new Texts();

        assertThat(table.outcomes(staged)).isEqualTo(table.expected());
        assertThat(staged.broker.appended(EVENTS))
                .extracting(event -> StagedRoutes.json(event).path("messageId").asText())
                .containsExactly(
                        "<confirmation.%s@orderflow.example>".formatted(Texts.PLACED),
                        "<shortage.%s@orderflow.example>".formatted(Texts.SHORT));
        assertThat(staged.journal.all(StubDatabase.Statement.class))
                .filteredOn(statement -> statement.sql().contains("notification.mail"))
                .singleElement()
                .satisfies(note -> assertThat(note.array(2)).containsExactly("confirmation", "shortage"));
    }

    @Test
    void sendsTheMailsOfABatchInOneTransaction() {
        feed(
                Records.placed(ORDERS, Records.order(UUID.randomUUID(), "mug", 1)),
                Records.placed(ORDERS, Records.order(UUID.randomUUID(), "mug", 1)));

        assertThat(staged.journal.all()).filteredOn("commit"::equals).hasSize(1);
        assertThat(staged.broker.appended(EVENTS)).hasSize(2);
    }

    @Test
    void sendsNoMailForAnEventThatNamesNobody() throws IOException {
        UUID order = UUID.randomUUID();

        feed(Records.event(EVENTS, order, "stock-short", "{\"orderId\":\"%s\",\"missing\":[]}".formatted(order)));

        assertThat(staged.broker.appended(DEAD_LETTERS))
                .singleElement()
                .satisfies(letter -> assertThat(StagedRoutes.header(letter, "kafka_dlt-exception-message"))
                        .isEqualTo("The stock-short event names no customer.email, so nobody can be told."));
        try (var files = Files.newDirectoryStream(data.resolve("mail"), "*" + order + "*")) {
            assertThat(files).isEmpty();
        }
    }

    /** A copy of the file as it was when each mail had a transaction; whoever has edited one goes on with it. */
    @Test
    void runsTheFileOfTheVersionBefore() throws Exception {
        var files = StagedRoutes.shipped("notification");
        files.put(
                "notification.camel.yaml",
                Files.readString(Path.of("src/test/resources/former/notification.camel.yaml")));
        try (var former = new StagedRoutes(
                files, Map.of("orderflow.data.dir", data.toString(), "notification.smtp", "mock:smtp"))) {
            former.context().start();
            var table = new Texts();

            assertThat(table.outcomes(former)).isEqualTo(table.expected());
            assertThat(former.journal.all()).filteredOn("commit"::equals).hasSize(2);
        }
    }

    @Test
    void handsAMailToTheMailServerAsItIs() throws InterruptedException {
        var server = getMockEndpoint("mock:smtp");
        server.expectedBodiesReceived("a mail");

        template.sendBody("direct:mail-to-smtp", "a mail");

        server.assertIsSatisfied();
    }
}
