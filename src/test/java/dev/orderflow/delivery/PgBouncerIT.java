package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.orderflow.settings.Ports;
import dev.orderflow.testing.Records;
import dev.orderflow.testing.RunningApp;
import dev.orderflow.testing.World;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL behind PgBouncer in transaction mode: it works with {@code prepareThreshold=0}, and says so without. */
@EnabledIfSystemProperty(named = "pgbouncer", matches = ".+", disabledReason = "./mvnw -Ppgbouncer verify runs it.")
class PgBouncerIT {

    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final int ORDERS = 60;

    @TempDir
    private Path folder;

    private final int port = Ports.free();
    private World world;
    private Process pooler;

    @BeforeEach
    void open() throws Exception {
        world = World.of("pooler");
        start();
    }

    @AfterEach
    void close() {
        pooler.destroyForcibly().onExit().join();
        world.close();
    }

    @Test
    void doesEachOrderOnceAlsoWhenThePoolerIsStartedAgain() throws Exception {
        try (var app = RunningApp.start(world.settings(Map.of(
                "database.url", url() + "?prepareThreshold=0", "orderflow.services", "intake,inventory,shipping")))) {
            // When
            world.stock("A", 1_000_000);
            append();
            await().atMost(LIMIT).until(() -> done() == 2 * ORDERS);
            pooler.destroyForcibly().onExit().join();
            append();
            start();

            // Then
            await().atMost(LIMIT).until(() -> done() == 4 * ORDERS);
            await().atMost(LIMIT)
                    .untilAsserted(
                            () -> assertThat(health(app)).contains("{\"name\":\"deliveries\",\"status\":\"UP\"}"));
            assertThat(world.topics().readAll(world.deadLetters())).isEmpty();
            assertThat(world.count("SELECT count(*) FROM delivery.receipts WHERE service = 'inventory'"))
                    .isEqualTo(2 * ORDERS);
        }
    }

    @Test
    void saysWhatIsMissing() {
        var settings = world.settings(Map.of(
                "database.url", url(), "orderflow.services", "inventory,shipping", "database.startWaitMs", "5000"));

        var failure = catchThrowable(() -> RunningApp.start(settings).close());

        assertThat(failure)
                .isNotNull()
                .extracting(Throwable::getMessage)
                .asString()
                .contains("PgBouncer in transaction mode", "Add prepareThreshold=0 to database.url");
    }

    private String url() {
        return "jdbc:postgresql://127.0.0.1:%d/pooled".formatted(port);
    }

    /** One connection to the server for all, so that sessions are mixed at once. */
    private void start() throws IOException {
        var settings = world.settings(Map.of());
        var server = URI.create(settings.get("database.url").substring("jdbc:".length()));
        var file = folder.resolve("pgbouncer.ini");
        Files.writeString(file, """
                [databases]
                pooled = host=%s port=%d dbname=%s user=%s password=%s

                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = any
                pool_mode = transaction
                default_pool_size = 3
                ignore_startup_parameters = extra_float_digits
                """.formatted(
                        server.getHost(),
                        server.getPort(),
                        server.getPath().substring(1).replaceAll("\\?.*", ""),
                        settings.get("database.user"),
                        settings.get("database.password"),
                        port));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        var command = new ArrayList<>(List.of("pgbouncer", file.toString()));
        if ("root".equals(System.getProperty("user.name"))) {
            // It does not run as root.
            command.addAll(1, List.of("-u", "nobody"));
        }
        pooler = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("pgbouncer.log").toFile())
                .start();
    }

    private void append() {
        world.topics()
                .append(Stream.generate(() -> Records.order(UUID.randomUUID(), "A", 1))
                        .limit(ORDERS)
                        .map(order -> Records.placed(world.orders(), order))
                        .toList());
    }

    /** Effects of both services. */
    private long done() {
        return world.count("SELECT (SELECT count(*) FROM inventory.reservation) + (SELECT count(*) FROM"
                + " shipping.shipment WHERE carrier IS NOT NULL)");
    }

    private static String health(RunningApp app) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(app.managementUrl() + "/observe/health"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }
}
