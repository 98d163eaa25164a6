package dev.orderflow.app;

import static dev.orderflow.events.Orders.REQUEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.database.Database;
import dev.orderflow.local.EmbeddedParts;
import dev.orderflow.settings.Ports;
import dev.orderflow.settings.Settings;
import dev.orderflow.testing.ChildApp;
import dev.orderflow.testing.Embedded;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person reads of an outage: that it begins, by whom, and that it is over; each once, and no stack trace. */
class OutageLinesIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path data;

    @Test
    void tellsOnceThatTheDatabaseOrTheBrokersAreAwayAndOnceThatTheyAreBack() throws Exception {
        // Given
        var elsewhere = Embedded.settings(data.resolve("database"))
                .with("kafka.brokers", "127.0.0.1:1")
                .with("local.postgres.port", Integer.toString(Ports.free()));
        var broker = Embedded.settings(data.resolve("broker"))
                .with("database.url", "jdbc:postgresql://127.0.0.1:1/orderflow")
                .with("local.kafka.port", Integer.toString(Ports.free()));
        var database = new EmbeddedParts().start(elsewhere);
        var brokers = new EmbeddedParts().start(broker);
        String atDatabase = Database.address(database.settings().text("database.url"));
        String atBrokers = brokers.settings().text("kafka.brokers");
        try (var app = ChildApp.start(settings(database.settings().with("kafka.brokers", atBrokers)))) {
            app.awaitReady().await("Ctrl-C ends it");
            assertThat(order(app)).isEqualTo(202);

            // When
            database.close();
            assertThat(order(app)).isEqualTo(202);

            // Then
            awaitLine(app, " WARN  the database %s: gave no answer: ".formatted(atDatabase));
            awaitLine(app, " WARN  inventory: waiting: the database %s: ".formatted(atDatabase));

            // When
            database = new EmbeddedParts().start(elsewhere);

            // Then
            awaitLine(app, " INFO  the database %s: works again after ".formatted(atDatabase));
            awaitLine(app, " INFO  inventory: works again after ");

            // When
            brokers.close();

            // Then
            assertThat(order(app)).isEqualTo(503);
            awaitLine(app, " WARN  the brokers %s: gave no answer: ".formatted(atBrokers));
            awaitLine(app, " WARN  intake: orders are not acknowledged by the brokers: ");

            // When
            brokers = new EmbeddedParts().start(broker);

            // Then
            awaitLine(app, " INFO  the brokers %s: works again after ".formatted(atBrokers));
            await().atMost(LIMIT).until(() -> order(app) == 202);
            awaitLine(app, " INFO  intake: works again after ");
            assertThat(app.output()).doesNotContain("\tat ", "maxLifetime", " ERROR ");
            assertThat(repeated(app)).isEmpty();
        } finally {
            database.close();
            brokers.close();
        }
    }

    @Test
    void tellsABrokerThatIsFrozenAndThatItIsBack() throws Exception {
        // Given
        try (var parts = ChildApp.start(
                "dev.orderflow.local.LocalMain",
                Map.of(
                        "orderflow.data.dir",
                        data.resolve("parts").toString(),
                        "local.postgres.dir",
                        Embedded.settings(data).text("local.postgres.dir"),
                        "local.kafka.port",
                        "0",
                        "local.postgres.port",
                        "0"),
                List.of())) {
            String[] words = parts.await("READY")
                    .output()
                    .lines()
                    .filter(line -> line.startsWith("READY"))
                    .findFirst()
                    .orElseThrow()
                    .split(" ");
            var reached = Settings.load()
                    .with("kafka.brokers", words[1])
                    .with("database.url", words[2])
                    .with("database.user", "orderflow")
                    .with("database.password", words[3]);
            try (var app = ChildApp.start(settings(reached))) {
                app.awaitReady().await("Ctrl-C ends it");

                // When
                signal("STOP", parts);
                try {
                    awaitLine(app, " WARN  the brokers %s: gave no answer".formatted(words[1]));
                } finally {
                    signal("CONT", parts);
                }

                // Then
                awaitLine(app, " INFO  the brokers %s: works again after ".formatted(words[1]));
                assertThat(app.output()).doesNotContain("\tat ", " ERROR ");
                assertThat(repeated(app)).isEmpty();
            }
        }
    }

    private Map<String, String> settings(Settings reached) {
        var settings = new HashMap<>(Map.of(
                "orderflow.data.dir", data.resolve("app").toString(),
                "orderflow.http.port", "0",
                "orderflow.management.port", "0",
                "orderflow.warmUpMs", "0"));
        for (String key : List.of("kafka.brokers", "database.url", "database.user", "database.password")) {
            settings.put(key, reached.text(key));
        }
        return settings;
    }

    private static void awaitLine(ChildApp app, String text) {
        await(text).atMost(LIMIT).until(() -> app.output().contains(text));
    }

    /** Warnings that stand twice behind the start, whatever their figures. */
    private static List<String> repeated(ChildApp app) {
        var counts = new HashMap<String, Integer>();
        app.output()
                .replaceFirst("(?s).*Ctrl-C ends it", "")
                .lines()
                .filter(line -> line.contains(" WARN "))
                .map(line -> line.replaceFirst("^\\S+ ", "").replaceAll("\\d+", "?"))
                .forEach(line -> counts.merge(line, 1, Integer::sum));
        return counts.entrySet().stream()
                .filter(entry -> entry.getValue() > 1)
                .map(Object::toString)
                .toList();
    }

    private static int order(ChildApp app) throws IOException, InterruptedException {
        String rest = app.output()
                .lines()
                .filter(line -> line.startsWith("  REST "))
                .findFirst()
                .orElseThrow()
                .replaceFirst("  REST +", "");
        var request = HttpRequest.newBuilder(URI.create(rest + "/orders"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(REQUEST))
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }

    private static void signal(String name, ChildApp app) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(app.handle().pid()))
                .start()
                .waitFor();
    }
}
