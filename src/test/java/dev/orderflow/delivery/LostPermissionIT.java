package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.events.Order;
import dev.orderflow.testing.CapturedLog;
import dev.orderflow.testing.Records;
import dev.orderflow.testing.RunningApp;
import dev.orderflow.testing.SecureBroker;
import dev.orderflow.testing.World;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the brokers refuse for a while stops nobody for longer: who may not do what is told, once, and all is done later. */
class LostPermissionIT {

    private static final String USER = "orderflow";
    private static final String PASSWORD = "br0ker-secret";
    private static final Duration HEALED = Duration.ofSeconds(15);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int ORDERS = 20;
    private static final int LINES_MAX = 20;

    @TempDir
    static Path folder;

    private static SecureBroker broker;
    private static Admin admin;
    private static World world;
    private static RunningApp app;

    private final HttpClient client = HttpClient.newHttpClient();
    private CapturedLog log;

    @BeforeAll
    static void start() throws Exception {
        broker = SecureBroker.withGrants(folder, List.of(USER), PASSWORD);
        admin = Admin.create(Map.of("bootstrap.servers", broker.innerAddress()));
        admin.createAcls(Stream.of(
                                new ResourcePattern(ResourceType.TOPIC, "*", PatternType.LITERAL),
                                new ResourcePattern(ResourceType.GROUP, "*", PatternType.LITERAL),
                                new ResourcePattern(ResourceType.CLUSTER, "kafka-cluster", PatternType.LITERAL))
                        .map(on -> entry(on, AclOperation.ALL, AclPermissionType.ALLOW))
                        .toList())
                .all()
                .get();
        Files.writeString(passwordFile(), PASSWORD);
        world = World.on(broker.innerAddress(), "refused");
        app = RunningApp.start(settings(Map.of("orderflow.services", "intake,inventory,shipping,redrive")));
    }

    @AfterAll
    static void stop() {
        app.close();
        world.close();
        admin.close();
        broker.close();
    }

    @BeforeEach
    void capture() {
        log = new CapturedLog();
    }

    @AfterEach
    void endCapture() {
        log.close();
    }

    @Test
    void goesOnWhenItMayReadTheTopicAgain() throws Exception {
        goesOnAfter(
                new ResourcePattern(ResourceType.TOPIC, world.orders(), PatternType.LITERAL),
                "inventory has waited since",
                "its user may not read topic " + world.orders());
    }

    @Test
    void goesOnWhenItMayUseItsGroupAgain() throws Exception {
        goesOnAfter(
                new ResourcePattern(ResourceType.GROUP, "inventory", PatternType.LITERAL),
                "inventory has waited since",
                "its user may not use consumer group inventory");
    }

    private void goesOnAfter(ResourcePattern on, String... told) throws Exception {
        // Given
        var denied = entry(on, AclOperation.READ, AclPermissionType.DENY);
        long before = done();

        // When
        admin.createAcls(List.of(denied)).all().get();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(health(app)).contains(told));
        append();

        // Then
        await().during(Duration.ofSeconds(6)).atMost(LIMIT).until(() -> done() == before);
        admin.deleteAcls(List.of(denied.toFilter())).all().get();
        await().atMost(HEALED).until(() -> done() == before + ORDERS);
        awaitQuietHealth();
        assertThat(lines("reads nothing")).isBetween(1L, 2L);
        assertThat(lines("reads again")).isEqualTo(lines("reads nothing"));
        assertThat(lines("")).as(log.text()).isLessThan(LINES_MAX);
    }

    @Test
    void goesOnWhenThePasswordIsTheRightOneAgain() throws Exception {
        // Given
        long before = done();
        long letters = letters();

        // When
        password("an0ther-secret");

        // Then
        awaitNotLetIn();
        append();
        world.topics().append(List.of(Records.garbage(world.orders(), UUID.randomUUID())));
        await().during(Duration.ofSeconds(6)).atMost(LIMIT).until(() -> done() == before);
        password(PASSWORD);
        await().atMost(HEALED).until(() -> done() == before + ORDERS);
        await().atMost(HEALED).until(() -> letters() == letters + 2);
        awaitQuietHealth();
        assertThat(lines("reads nothing")).isEqualTo(3);
        assertThat(lines("")).as(log.text()).isLessThan(LINES_MAX);
        assertThat(log.text()).doesNotContain("-secret");
    }

    @Test
    void goesOnWhenItsFileHoldsTheNewPassword() throws Exception {
        // Given
        long before = done();

        // When
        password("n3wer-secret");
        awaitNotLetIn();
        append();
        Files.writeString(passwordFile(), "n3wer-secret\n");

        // Then
        await().atMost(HEALED).until(() -> done() == before + ORDERS);
        awaitQuietHealth();
        assertThat(log.text()).doesNotContain("-secret");
        Files.writeString(passwordFile(), PASSWORD);
        password(PASSWORD);
    }

    @Test
    void losesNothingThatWasGatheredForABatchWhenAPollFails() throws Exception {
        // Given: a consumer that gathers for longer than the test takes
        var gathers = Map.of(
                "orderflow.services",
                "status",
                "camel.component.kafka.pollTimeoutMs",
                "4000",
                "camel.component.kafka.batchingIntervalMs",
                "60000");
        var topic = new ResourcePattern(ResourceType.TOPIC, world.orders(), PatternType.LITERAL);
        var denied = entry(topic, AclOperation.READ, AclPermissionType.DENY);
        try (var gathering = RunningApp.start(settings(gathers))) {
            await().atMost(LIMIT).until(() -> world.topics().lag("status", world.orders()) == 0);
            long before = world.count("SELECT count(*) FROM status.orders");
            append();
            await().during(Duration.ofMillis(500))
                    .atMost(LIMIT)
                    .until(() -> world.topics().lag("status", world.orders()) == ORDERS);

            // When
            admin.createAcls(List.of(denied)).all().get();
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(health(gathering)).contains("status has waited since"));
            admin.deleteAcls(List.of(denied.toFilter())).all().get();

            // Then
            await().atMost(HEALED).until(() -> world.count("SELECT count(*) FROM status.orders") == before + ORDERS);
        }
    }

    private static Map<String, String> settings(Map<String, String> more) {
        var settings = world.settings(Map.of(
                "kafka.brokers",
                broker.address(),
                "kafka.security.protocol",
                "SASL_SSL",
                "kafka.sasl.mechanism",
                "SCRAM-SHA-512",
                "kafka.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
                        .formatted(USER, "file:" + passwordFile()),
                "kafka.ssl.truststore.location",
                broker.trust().toString(),
                "kafka.ssl.truststore.password",
                SecureBroker.STORE_PASSWORD,
                "kafka.ssl.truststore.type",
                "PKCS12"));
        settings.putAll(more);
        return settings;
    }

    private static AclBinding entry(ResourcePattern on, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(on, new AccessControlEntry("User:" + USER, "*", operation, permission));
    }

    private static Path passwordFile() {
        return folder.resolve("password").toAbsolutePath();
    }

    private static void password(String password) throws Exception {
        admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        USER, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), password)))
                .all()
                .get();
    }

    private void awaitNotLetIn() {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(health(app))
                        .contains("inventory has waited since", "shipping has waited since", "redrive has waited since")
                        .contains("the brokers do not let it in: "));
    }

    private static void append() {
        world.topics()
                .append(Stream.generate(() -> Records.order(UUID.randomUUID(), "A", 1))
                        .limit(ORDERS)
                        .map((Order order) -> Records.placed(world.orders(), order))
                        .toList());
    }

    private static long done() {
        return world.count("SELECT count(*) FROM inventory.reservation");
    }

    private static long letters() {
        return world.count("SELECT count(*) FROM redrive.dead_letter");
    }

    private long lines(String of) {
        return log.text().lines().filter(line -> line.contains(of)).count();
    }

    private void awaitQuietHealth() {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(health(app))
                        .contains(
                                "{\"name\":\"deliveries\",\"status\":\"UP\"}",
                                "{\"name\":\"brokers\",\"status\":\"UP\"}"));
    }

    private String health(RunningApp of) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(URI.create(of.managementUrl() + "/observe/health"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }
}
