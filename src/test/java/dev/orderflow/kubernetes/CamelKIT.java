package dev.orderflow.kubernetes;

import static dev.orderflow.kubernetes.Cluster.name;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.orderflow.settings.Ports;
import dev.orderflow.settings.Settings;
import dev.orderflow.testing.ChildApp;
import dev.orderflow.testing.Embedded;
import dev.orderflow.testing.Records;
import dev.orderflow.testing.SecureBroker;
import dev.orderflow.testing.World;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The route files on the runtime that Camel K builds from them; {@code ./mvnw -Pcamel-k verify} builds it first. */
class CamelKIT {

    private static final Path APPLICATION = IntegrationPod.APPLICATION;
    private static final List<String> SERVICES = List.of("inventory", "shipping", "notification", "status");
    private static final String PASSWORD = "services-secret";
    private static final int ORDERS = 100;
    private static final Duration LIMIT = Duration.ofSeconds(120);

    @TempDir
    Path mounts;

    private final GreenMail mails =
            new GreenMail(new ServerSetup(Ports.free(), "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    private SecureBroker broker;
    private World world;
    private IntegrationPod pod;

    @BeforeEach
    void open() throws Exception {
        Assumptions.assumeTrue(
                Files.exists(APPLICATION), "There is no " + APPLICATION + "; ./mvnw -Pcamel-k verify makes it.");
        broker = new SecureBroker(mounts.resolve("broker"), "services", PASSWORD);
        world = World.on(broker.innerAddress(), "camel-k");
        mails.start();
        pod = new IntegrationPod(
                mounts, broker, PASSWORD, "smtp://127.0.0.1:" + mails.getSmtp().getPort());
    }

    @AfterEach
    void close() {
        if (world != null) {
            mails.stop();
            world.close();
            broker.close();
        }
    }

    @Test
    void doesEachOrderOnceAlsoWhenItIsKilled() throws IOException {
        // Given
        List<UUID> orders = Stream.generate(UUID::randomUUID).limit(ORDERS).toList();
        try (var first = pod.start(world)) {
            first.await("started in");
            world.stock("A", 1_000_000);

            // When
            world.topics()
                    .append(orders.stream()
                            .map(id -> Records.placed(world.orders(), Records.order(id, "A", 1)))
                            .toList());
            await().atMost(LIMIT).until(() -> world.count("SELECT count(*) FROM inventory.reservation") > 0);
            first.kill();
        }
        long done = world.count("SELECT count(*) FROM delivery.receipts");
        try (var second = pod.start(world)) {
            second.await("started in");
            awaitQuiet(second, world);
            assertAnswersProbes(second);
        }

        // Then
        System.out.printf("Camel K: killed with %d receipts of at least %d%n", done, 4 * ORDERS);
        assertThat(world.count("SELECT count(*) FROM inventory.reservation WHERE state = 'reserved'"))
                .isEqualTo(ORDERS);
        assertThat(world.count("SELECT reserved FROM inventory.stock WHERE sku = 'A'"))
                .isEqualTo(ORDERS);
        assertThat(world.count("SELECT count(*) FROM shipping.shipment WHERE state = 'prepared'"))
                .isEqualTo(ORDERS);
        assertThat(world.count("SELECT count(*) FROM notification.mail")).isEqualTo(ORDERS);
        // A mail that was handed over just before the kill is handed over again, with the same Message-ID.
        assertThat(Stream.of(mails.getReceivedMessages())
                        .map(CamelKIT::messageId)
                        .distinct())
                .hasSize(ORDERS);
        assertThat(world.count("SELECT count(*) FROM status.orders WHERE status = 'completed'"))
                .isEqualTo(ORDERS);
        assertThat(world.topics().readAll(world.deadLetters())).isEmpty();
    }

    /** On brokers of somebody's own, without the component that logs in. */
    @Test
    void startsWhereNobodyAsksForALogin() throws IOException {
        try (var integration = pod.startWithoutLogin(world)) {
            integration.await("started in");
            world.stock("A", 10);

            world.topics().append(List.of(Records.placed(world.orders(), Records.order(UUID.randomUUID(), "A", 1))));

            await().atMost(LIMIT)
                    .failFast(() -> !integration.handle().isAlive())
                    .until(() -> world.count("SELECT count(*) FROM status.orders WHERE status = 'completed'") == 1);
        }
    }

    @Test
    void appendsWhatTheProductionBuildAppendsToTheByte() throws IOException {
        try (var productions = world.twin(Embedded.shared().brokers())) {
            // When
            play(world, pod::start, "started in");
            play(productions, this::production, "Orderflow is ready");

            // Then
            assertThat(RecordText.events(world))
                    .hasSizeGreaterThan(3 * 40)
                    .containsExactlyInAnyOrderElementsOf(RecordText.events(productions));
            assertThat(RecordText.deadLetters(world))
                    .hasSize(PlayedOrders.deadLetters())
                    .containsExactlyInAnyOrderElementsOf(RecordText.deadLetters(productions));
        }
    }

    private interface Start {
        ChildApp in(World world) throws IOException;
    }

    private static void play(World world, Start services, String ready) throws IOException {
        world.topics().append(PlayedOrders.events(world));
        try (var running = services.in(world)) {
            running.await(ready);
            world.stock(PlayedOrders.SKU, 1_000_000);
            world.stock(PlayedOrders.SECOND_SKU, 1_000_000);
            world.topics().append(PlayedOrders.orders(world));
            awaitQuiet(running, world);
        }
    }

    private ChildApp production(World world) {
        var environment = new HashMap<String, String>();
        world.settings(Map.of(
                        "orderflow.services", String.join(",", SERVICES),
                        "notification.channel", "direct:mail-to-smtp",
                        "notification.smtp", pod.smtp()))
                .forEach((key, value) -> environment.put(Settings.variable(key), value));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("JAVA_OPTS", "-Xmx320m");
        return ChildApp.program(
                List.of(Path.of("target/orderflow/bin/orderflow")
                        .toAbsolutePath()
                        .toString()),
                environment);
    }

    /** Where the operator's health trait looks. */
    private static void assertAnswersProbes(ChildApp integration) throws IOException {
        var management =
                Pattern.compile("Management interface listening on (\\S+\\d)").matcher(integration.output());
        assertThat(management.find()).isTrue();
        var health =
                IntegrationPod.INTEGRATIONS.one("Integration", "notification").at("/spec/traits/health");
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            var answer =
                    URI.create(management.group(1) + name(health, "/" + probe)).toURL();
            assertThat(answer.openStream()).as(probe).asString(UTF_8).contains("\"status\": \"UP\"");
        }
    }

    private static void awaitQuiet(ChildApp services, World world) {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(200))
                .failFast(() -> !services.handle().isAlive())
                .until(() -> SERVICES.stream().mapToLong(world::lag).sum() == 0);
    }

    private static String messageId(MimeMessage mail) {
        try {
            return mail.getMessageID();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }
}
