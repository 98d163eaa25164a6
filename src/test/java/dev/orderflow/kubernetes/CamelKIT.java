package dev.orderflow.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.Settings;
import dev.orderflow.testing.ChildApp;
import dev.orderflow.testing.Records;
import dev.orderflow.testing.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The route files on the runtime that Camel K builds from them; {@code kubernetes/camel-k/proof/run} builds it first. */
class CamelKIT {

    private static final Path APPLICATION = Path.of("target/camel-k/quarkus-app/quarkus-run.jar");
    private static final List<String> SERVICES = List.of("inventory", "shipping", "notification", "status");
    private static final int ORDERS = 200;
    private static final Duration LIMIT = Duration.ofSeconds(120);

    @TempDir
    Path mounts;

    private World world;

    @BeforeEach
    void open() {
        Assumptions.assumeTrue(
                Files.exists(APPLICATION), "There is no " + APPLICATION + "; kubernetes/camel-k/proof/run makes it.");
        world = World.of("camel-k");
    }

    @AfterEach
    void close() {
        if (world != null) {
            world.close();
        }
    }

    @Test
    void doesEachOrderOnceAlsoWhenItIsKilled() throws IOException {
        // Given
        List<UUID> orders = Stream.generate(UUID::randomUUID).limit(ORDERS).toList();
        try (var first = integration()) {
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
        try (var second = integration()) {
            second.await("started in");
            awaitQuiet(second);
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
        assertThat(world.count("SELECT count(*) FROM status.orders WHERE status = 'completed'"))
                .isEqualTo(ORDERS);
        assertThat(world.topics().readAll(world.deadLetters())).isEmpty();
    }

    private void awaitQuiet(ChildApp integration) {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(200))
                .failFast(() -> !integration.handle().isAlive())
                .until(() -> SERVICES.stream().mapToLong(world::lag).sum() == 0);
    }

    /** A pod as the operator makes it: sources and settings are mounted, and its variables are set. */
    private ChildApp integration() throws IOException {
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
        Files.writeString(operators, "camel.main.routes-include-pattern=" + String.join(",", included) + "\n");

        var environment = new HashMap<String, String>();
        world.settings(Map.of()).forEach((key, value) -> environment.put(Settings.variable(key), value));
        environment.put("QUARKUS_CONFIG_LOCATIONS", operators + "," + settings);
        // As the Integrations' environment trait: health and metrics are those of Quarkus.
        environment.put("CAMEL_MANAGEMENT_ENABLED", "false");
        environment.put("CAMEL_METRICS_ENABLED", "false");
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", "0");
        environment.put("QUARKUS_MANAGEMENT_PORT", "0");
        return ChildApp.program(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx320m",
                        "-XX:+UseSerialGC",
                        "-jar",
                        APPLICATION.toString()),
                environment);
    }
}
