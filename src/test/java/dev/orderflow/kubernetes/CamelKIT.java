package dev.orderflow.kubernetes;

import static dev.orderflow.kubernetes.Cluster.each;
import static dev.orderflow.kubernetes.Cluster.name;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.orderflow.Ports;
import dev.orderflow.Settings;
import dev.orderflow.testing.ChildApp;
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
import java.util.ArrayList;
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

    private static final Cluster INTEGRATIONS = Cluster.of("camel-k/sources");
    private static final Path APPLICATION = Path.of("target/camel-k/quarkus-app/quarkus-run.jar");
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

    @BeforeEach
    void open() throws Exception {
        Assumptions.assumeTrue(
                Files.exists(APPLICATION), "There is no " + APPLICATION + "; ./mvnw -Pcamel-k verify makes it.");
        broker = new SecureBroker(mounts.resolve("broker"), "services", PASSWORD);
        world = World.on(broker.innerAddress(), "camel-k");
        mails.start();
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
        try (var first = integration(true)) {
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
        try (var second = integration(true)) {
            second.await("started in");
            awaitQuiet(second);
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
        try (var integration = integration(false)) {
            integration.await("started in");
            world.stock("A", 10);

            world.topics().append(List.of(Records.placed(world.orders(), Records.order(UUID.randomUUID(), "A", 1))));

            await().atMost(LIMIT)
                    .failFast(() -> !integration.handle().isAlive())
                    .until(() -> world.count("SELECT count(*) FROM status.orders WHERE status = 'completed'") == 1);
        }
    }

    /** Where the operator's health trait looks. */
    private static void assertAnswersProbes(ChildApp integration) throws IOException {
        var management =
                Pattern.compile("Management interface listening on (\\S+\\d)").matcher(integration.output());
        assertThat(management.find()).isTrue();
        var health = INTEGRATIONS.one("Integration", "notification").at("/spec/traits/health");
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            var answer =
                    URI.create(management.group(1) + name(health, "/" + probe)).toURL();
            assertThat(answer.openStream()).as(probe).asString(UTF_8).contains("\"status\": \"UP\"");
        }
    }

    private void awaitQuiet(ChildApp integration) {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(200))
                .failFast(() -> !integration.handle().isAlive())
                .until(() -> SERVICES.stream().mapToLong(world::lag).sum() == 0);
    }

    private static String messageId(MimeMessage mail) {
        try {
            return mail.getMessageID();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What stands behind a variable that comes from a ConfigMap. */
    private static String settingsOf(String place) {
        String[] names = place.replace("configmap:", "").split("/");
        return name(INTEGRATIONS.one("ConfigMap", names[0]), "/data/" + names[1]);
    }

    /** A pod as the operator makes it: sources and settings are mounted, and the Integration's variables are set. */
    private ChildApp integration(boolean logsIn) throws IOException {
        Path sources = Files.createDirectories(mounts.resolve("sources"));
        var included = new ArrayList<String>();
        for (String name : List.of("beans", "delivery", "inventory", "shipping", "notification", "status")) {
            Path source = sources.resolve(name + ".camel.yaml");
            Files.writeString(source, Files.readString(Path.of("routes-yaml", name + ".camel.yaml")));
            included.add("file:" + source);
        }
        Path settings = Files.createDirectories(mounts.resolve("conf.d")).resolve("application.properties");
        Files.writeString(settings, Files.readString(Path.of("src/main/resources/application.properties")));
        Path operators = mounts.resolve("application.properties");
        var lines = new ArrayList<>(List.of("camel.main.routes-include-pattern=" + String.join(",", included)));
        var integration = INTEGRATIONS.one("Integration", "notification");
        each(integration.at("/spec/traits/camel/properties"))
                .map(JsonNode::asText)
                .forEach(lines::add);
        Files.write(operators, lines);

        var environment = new HashMap<String, String>();
        world.settings(Map.of()).forEach((key, value) -> environment.put(Settings.variable(key), value));
        environment.put("QUARKUS_CONFIG_LOCATIONS", operators + "," + settings);
        Cluster.variables(integration).forEach((name, value) -> {
            if (value.startsWith("configmap:")) {
                environment.putIfAbsent(name, settingsOf(value));
            } else if (!value.startsWith("secret:")) {
                environment.put(name, value);
            }
        });
        if (logsIn) {
            environment.put("KAFKA_BROKERS", broker.address());
            environment.put(
                    "KAFKA_SSL_TRUSTSTORE_LOCATION", broker.certificate().toString());
            environment.put(
                    "KAFKA_SASL_JAAS_CONFIG",
                    "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"services\" password=\"%s\";"
                            .formatted(PASSWORD));
        } else {
            environment.put("KAFKA_BROKERS", broker.innerAddress());
            environment.keySet().removeIf(it -> it.matches("KAFKA_(SECURITY|SASL|SSL)_.*"));
        }
        environment.put(
                "NOTIFICATION_SMTP", "smtp://127.0.0.1:" + mails.getSmtp().getPort());
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", "0");
        environment.put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
        return ChildApp.program(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx320m",
                        "-XX:+UseSerialGC",
                        // Not the declared one, which an Orderflow on this machine may have; a variable would not win.
                        "-Dquarkus.management.port=0",
                        "-jar",
                        APPLICATION.toString()),
                environment);
    }
}
