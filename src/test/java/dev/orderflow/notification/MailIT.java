package dev.orderflow.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.orderflow.delivery.Deliveries;
import dev.orderflow.delivery.DeliveryState;
import dev.orderflow.events.Order;
import dev.orderflow.settings.Ports;
import dev.orderflow.testing.CapturedLog;
import dev.orderflow.testing.Records;
import dev.orderflow.testing.RunningApp;
import dev.orderflow.testing.Topics;
import dev.orderflow.testing.World;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.subethamail.smtp.helper.SimpleMessageListener;
import org.subethamail.smtp.server.SMTPServer;

/** Mails by SMTP: one for each order, whatever the server does; an address that it refuses costs that order only. */
class MailIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String SECRET = "s3cret&more";

    private final int port = Ports.free();
    private World world;
    private CapturedLog log;

    @BeforeEach
    void open() {
        world = World.of("mail");
        log = new CapturedLog();
    }

    @AfterEach
    void close() {
        log.close();
        world.close();
    }

    @Test
    void logsInAndHandsTheMailOverWithOurMessageId() throws Exception {
        // Given
        Order order = order("ada@example.org");
        var server = greenMail();
        server.start();
        try (var app = start(port, SECRET)) {
            // When
            append(order);
            awaitQuiet();

            // Then
            var mails = server.getReceivedMessages();
            assertThat(mails).hasSize(1);
            String id = "<confirmation.%s@orderflow.example>".formatted(order.orderId());
            assertThat(mails[0].getMessageID()).isEqualTo(id);
            assertThat(mails[0].getSubject()).isEqualTo("Your order " + order.orderId());
            assertThat(mails[0].getHeader("To", null)).isEqualTo("ada@example.org");
            assertThat(mails[0].getFrom()[0]).hasToString("orders@orderflow.example");
            assertThat(String.valueOf(mails[0].getContent())).startsWith("Thank you for your order");
            assertThat(mails[0].getAllHeaders().asIterator())
                    .toIterable()
                    .noneMatch(header -> header.getName().startsWith("ce_")
                            || header.getName().startsWith("kafka"));
            assertThat(world.count("SELECT count(*) FROM notification.mail WHERE message_id = '%s'".formatted(id)))
                    .isEqualTo(1);
        } finally {
            server.stop();
        }
        assertThat(log.text()).doesNotContain(SECRET).doesNotContain("s3cret");
    }

    @Test
    void waitsForAServerThatIsAwayAndSendsEachMailOnce() {
        // Given
        var before = order("before@example.org");
        var during = order("during@example.org");
        var server = greenMail();
        server.start();
        try (var app = start(port, SECRET)) {
            append(before);
            awaitQuiet();
            server.stop();

            // When
            append(during);
            awaitState(app, DeliveryState.WAITING);
            assertThat(world.lag("notification")).isEqualTo(1);
            server.start();
            awaitQuiet();

            // Then
            assertThat(recipients(server)).containsExactly("during@example.org");
            assertThat(world.topics().readAll(world.deadLetters())).isEmpty();
        } finally {
            server.stop();
        }
        assertThat(log.text()).doesNotContain("s3cret");
    }

    @Test
    void waitsForALoginThatIsRefusedAndSaysSo() {
        // Given
        var server = greenMail();
        server.start();
        try (var app = start(port, "wr0ng")) {
            // When
            append(order("ada@example.org"));
            awaitState(app, DeliveryState.WAITING);

            // Then
            assertThat(state(app).cause()).contains("535");
            assertThat(world.topics().readAll(world.deadLetters())).isEmpty();
            assertThat(server.getReceivedMessages()).isEmpty();
        } finally {
            server.stop();
        }
        assertThat(log.text()).doesNotContain("wr0ng");
    }

    @Test
    void tellsThatACustomerIsUnreachableWhoseAddressIsRefusedForGood() throws Exception {
        // Given
        var nobody = order("nobody@example.org");
        try (var server = RawMailServer.refusing(
                        recipient -> recipient.startsWith("nobody") ? "550 5.1.1 No such user" : "250 OK");
                var app = start(server.port(), SECRET)) {
            // When
            append(order("ada@example.org"), nobody, order("bob@example.org"));
            awaitQuiet();

            // Then
            assertThat(server.accepted()).containsExactlyInAnyOrder("ada@example.org", "bob@example.org");
            assertThat(world.topics().readAll(world.deadLetters())).isEmpty();
            assertThat(unreachable(nobody)).isEqualTo("550 5.1.1");
            assertThat(said(nobody, "customer-unreachable").path("reason").asText())
                    .isEqualTo("550 5.1.1");
            assertThat(world.count("SELECT count(*) FROM notification.mail WHERE unreachable IS NULL"))
                    .isEqualTo(2);
            assertThat(state(app).state()).isEqualTo(DeliveryState.RUNNING);
        }
        assertThat(log.text()).doesNotContain("nobody@example.org");
    }

    /** Only one of the two offers SMTPUTF8; what neither can take is told too, and holds nobody up. */
    @Test
    void writesUtf8ToAServerThatOffersItAndTellsOfTheOthers() throws Exception {
        // Given
        Order capek = order("čapek@example.cz");
        Order nobody = order("ada@example..com");
        var received = new CopyOnWriteArrayList<String>();
        var utf8 = SMTPServer.port(Ports.free())
                .bindAddress(InetAddress.getLoopbackAddress())
                .simpleMessageListener(new SimpleMessageListener() {
                    @Override
                    public boolean accept(String from, String recipient) {
                        return true;
                    }

                    @Override
                    public void deliver(String from, String recipient, InputStream data) {
                        received.add(recipient);
                    }
                })
                .build();
        utf8.start();
        try (var app = start(utf8.getPort(), SECRET)) {
            append(capek, nobody, order("ada@müller.de"));
            awaitQuiet();
        } finally {
            utf8.stop();
        }
        assertThat(received).containsExactlyInAnyOrder("čapek@example.cz", "ada@xn--mller-kva.de");
        assertThat(unreachable(nobody)).startsWith("email must have a domain").doesNotContain("example");
        try (var server = new RawMailServer(List.of("8BITMIME"), command -> "");
                var app = start(server.port(), SECRET)) {
            // When
            Order ell = order("ł@example.com");
            append(ell, order("ada@straße.de"));
            awaitQuiet();

            // Then
            assertThat(server.accepted()).containsExactly("ada@xn--strae-oqa.de");
            assertThat(said(ell, "customer-unreachable").path("reason").asText())
                    .contains("SMTPUTF8");
            assertThat(world.topics().readAll(world.deadLetters())).isEmpty();
        }
    }

    /** Nothing is concluded about a customer whose mail the server puts off or does not take as it is. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "RCPT|452 4.2.2 Mailbox full",
                "RCPT|554 5.7.1 Relay access denied",
                ".|554 5.6.0 Looks like spam"
            })
    void oneMailThatIsPutOffHoldsUpTheOthersOnlySoLong(String refusal) {
        // Given
        String[] at = refusal.split("\\|");
        Order odd = order("odd@example.org");
        var last = new AtomicReference<>("");
        try (var server = new RawMailServer(List.of(), command -> {
                    if (command.startsWith("RCPT")) {
                        last.set(RawMailServer.path(command));
                    }
                    return command.startsWith(at[0]) && last.get().startsWith("odd") ? at[1] : "";
                });
                var app = start(
                        server.port(), SECRET, Map.of("delivery.putOffMs", "2000", "notification.connections", "1"))) {
            // When
            append(odd);
            awaitState(app, DeliveryState.WAITING);
            assertThat(state(app).cause()).contains(at[1].substring(0, 9));
            append(order("ada@example.org"), order("bob@example.org"), order("cleo@example.org"));
            awaitQuiet();

            // Then
            assertThat(server.accepted())
                    .containsExactlyInAnyOrder("ada@example.org", "bob@example.org", "cleo@example.org");
            var dead = world.topics().readAll(world.deadLetters());
            assertThat(dead)
                    .extracting(letter -> letter.key())
                    .containsExactly(odd.orderId().toString());
            assertThat(world.count("SELECT count(*) FROM notification.mail WHERE unreachable IS NOT NULL"))
                    .isZero();
        }
    }

    /** The three orders stand in three partitions, each with a consumer of its own: no batch ever has two of them. */
    @Test
    void oneMailThatIsPutOffIsJudgedByTheMailsOfAllConsumers() {
        // Given
        Order odd = orderIn(0, "odd@example.org");
        var last = new AtomicReference<>("");
        try (var server = new RawMailServer(List.of(), command -> {
                    if (command.startsWith("RCPT")) {
                        last.set(RawMailServer.path(command));
                    }
                    return command.startsWith("RCPT") && last.get().startsWith("odd") ? "452 4.2.2 Mailbox full" : "";
                });
                var app = start(
                        server.port(),
                        SECRET,
                        Map.of(
                                "delivery.putOffMs",
                                "2000",
                                "delivery.consumers",
                                "3",
                                "notification.connections",
                                "1"))) {
            append(odd);
            awaitState(app, DeliveryState.WAITING);

            // When
            append(orderIn(1, "ada@example.org"), orderIn(2, "bob@example.org"));
            awaitQuiet();

            // Then
            assertThat(server.accepted()).containsExactlyInAnyOrder("ada@example.org", "bob@example.org");
            assertThat(world.topics().readAll(world.deadLetters()))
                    .extracting(letter -> letter.key())
                    .containsOnly(odd.orderId().toString());
        }
    }

    /** A sender that is refused is refused for all: the service waits, and parks nothing. */
    @Test
    void waitsWhileTheServerTakesNoMailOfOurs() {
        var refuses = new AtomicBoolean(true);
        try (var server = new RawMailServer(
                        List.of(),
                        command -> command.startsWith("MAIL") && refuses.get() ? "550 5.1.8 Bad sender" : "");
                var app = start(server.port(), SECRET, Map.of("delivery.putOffMs", "0"))) {
            append(order("ada@example.org"), order("bob@example.org"));
            awaitState(app, DeliveryState.WAITING);
            assertThat(server.commands()).noneMatch(command -> command.startsWith("RCPT"));

            refuses.set(false);
            awaitQuiet();

            assertThat(server.accepted()).containsExactlyInAnyOrder("ada@example.org", "bob@example.org");
            assertThat(world.topics().readAll(world.deadLetters())).isEmpty();
            assertThat(world.count("SELECT count(*) FROM notification.mail WHERE unreachable IS NULL"))
                    .isEqualTo(2);
        }
    }

    /** In the middle of a batch: what went out is not sent again, and what did not go out is sent when the server is back. */
    @Test
    void sendsEachMailOnceThoughTheServerGoesAwayInTheMiddleOfABatch() {
        // Given
        var away = new AtomicBoolean(true);
        var taken = new AtomicInteger();
        var orders = IntStream.range(0, 60)
                .mapToObj(i -> order("customer-%d@example.org".formatted(i)))
                .toArray(Order[]::new);
        append(orders);
        try (var server = new RawMailServer(
                        List.of(),
                        command -> command.equals(".")
                                ? count(taken)
                                : command.startsWith("MAIL") && taken.get() >= 20 && away.get()
                                        ? "421 Shutting down"
                                        : "");
                var app = start(
                        server.port(), SECRET, Map.of("notification.connections", "4", "delivery.putOffMs", "0"))) {
            // When
            awaitState(app, DeliveryState.WAITING);
            away.set(false);
            awaitQuiet();

            // Then
            assertThat(server.accepted())
                    .containsExactlyInAnyOrder(Arrays.stream(orders)
                            .map(order -> order.customer().email())
                            .toArray(String[]::new));
            assertThat(world.topics().readAll(world.deadLetters())).isEmpty();
            assertThat(world.count("SELECT count(*) FROM notification.mail")).isEqualTo(orders.length);
            assertThat(world.topics().readAll(world.events())).hasSize(orders.length);
        }
    }

    private static String count(AtomicInteger taken) {
        taken.incrementAndGet();
        return "";
    }

    /** A server that takes its time for each, and a transaction that may not wait for all of them. */
    @Test
    void sendsEachMailOnceThoughATransactionMayNotWaitForAll() throws Exception {
        var orders = IntStream.range(0, 10)
                .mapToObj(i -> order("customer-%d@example.org".formatted(i)))
                .toArray(Order[]::new);
        append(orders);
        try (var server = new RawMailServer(List.of(), command -> "");
                var app = start(server.port(), SECRET, Map.of("notification.batchMs", "1"))) {
            awaitQuiet();

            assertThat(server.accepted()).hasSize(orders.length).doesNotHaveDuplicates();
            assertThat(world.count("SELECT count(DISTINCT xmin::text) FROM notification.mail"))
                    .isGreaterThan(1);
            assertThat(world.count("SELECT count(*) FROM delivery.receipts WHERE service = 'notification'"))
                    .isEqualTo(orders.length);
        }
    }

    @Test
    void triesAgainWhenTheServerSaysLater() {
        // Given
        var asked = new AtomicInteger();
        try (var server = RawMailServer.refusing(
                        recipient -> asked.incrementAndGet() < 3 ? "451 4.7.1 Try again later" : "250 OK");
                var app = start(server.port(), SECRET)) {
            // When
            append(order("ada@example.org"));
            awaitQuiet();

            // Then
            assertThat(server.accepted()).containsExactly("ada@example.org");
            assertThat(world.topics().readAll(world.deadLetters())).isEmpty();
            assertThat(app.settings().text("notification.channel")).isEqualTo("direct:mail-to-smtp");
        }
    }

    private GreenMail greenMail() {
        return new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP))
                .withConfiguration(new GreenMailConfiguration().withUser("orders@orderflow.example", "orders", SECRET));
    }

    private RunningApp start(int port, String password) {
        return start(port, password, Map.of());
    }

    private RunningApp start(int port, String password, Map<String, String> more) {
        var settings = new HashMap<>(world.settings(Map.of()));
        settings.put("orderflow.services", "notification");
        settings.put("notification.channel", "direct:mail-to-smtp");
        settings.put(
                "notification.smtp",
                "smtp://127.0.0.1:%d?username=orders&password=RAW(%s)%s"
                        .formatted(port, password, port == this.port ? "&mail.smtp.auth=true" : ""));
        settings.putAll(more);
        var app = RunningApp.start(settings);
        awaitState(app, DeliveryState.RUNNING);
        return app;
    }

    private String unreachable(Order order) throws SQLException {
        try (var connection = world.database().getConnection();
                var rows = connection
                        .createStatement()
                        .executeQuery("SELECT unreachable FROM notification.mail WHERE order_id = '%s'"
                                .formatted(order.orderId()))) {
            return rows.next() ? rows.getString(1) : "there is no row";
        }
    }

    private JsonNode said(Order order, String event) throws IOException {
        String id = order.orderId() + "/" + event;
        for (var said : world.topics().readAll(world.events())) {
            if (Topics.header(said, "ce_id").equals(id)) {
                return new ObjectMapper().readTree(said.value());
            }
        }
        return MissingNode.getInstance();
    }

    private static Order order(String email) {
        Order like = Records.order(UUID.randomUUID(), "A", 1);
        return new Order(
                like.orderId(),
                like.placedAt(),
                new Order.Customer("c-1", email),
                like.shipTo(),
                like.currency(),
                like.lines(),
                like.reference());
    }

    private static Order orderIn(int partition, String email) {
        while (true) {
            Order order = order(email);
            byte[] key = order.orderId().toString().getBytes(StandardCharsets.UTF_8);
            if (BuiltInPartitioner.partitionForKey(key, 3) == partition) {
                return order;
            }
        }
    }

    private void append(Order... orders) {
        world.topics()
                .append(Arrays.stream(orders)
                        .map(order -> Records.placed(world.orders(), order))
                        .toList());
    }

    private static DeliveryState state(RunningApp app) {
        return app.context().getRegistry().findSingleByType(Deliveries.class).states().stream()
                .filter(state -> state.route().equals("notification"))
                .findFirst()
                .orElseThrow();
    }

    private static void awaitState(RunningApp app, String wanted) {
        await().atMost(LIMIT).until(() -> state(app).state().equals(wanted));
    }

    private void awaitQuiet() {
        await().atMost(LIMIT).until(() -> world.lag("notification") == 0);
    }

    private static List<String> recipients(GreenMail server) {
        return Arrays.stream(server.getReceivedMessages())
                .map(mail -> {
                    try {
                        return mail.getHeader("To", null);
                    } catch (jakarta.mail.MessagingException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
    }
}
