package dev.orderflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.testing.ChildApp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process as a person starts and ends it. */
class AppIT {

    private static final int SIGTERM = 143;

    @TempDir
    Path data;

    private ChildApp start(Map<String, String> more) {
        return ChildApp.start(settings(more));
    }

    private Map<String, String> settings(Map<String, String> more) {
        var settings = new HashMap<>(Map.of(
                "orderflow.data.dir", data.toString(),
                "orderflow.http.port", "0",
                "orderflow.management.port", "0",
                "local.postgres.dir",
                        Path.of("target", "postgresql").toAbsolutePath().toString(),
                "local.kafka.port", "0",
                "local.postgres.port", "0"));
        settings.putAll(more);
        return settings;
    }

    /** It ends by itself with status 1, and its last line is the sentence. */
    private static String sentence(ChildApp child) {
        return sentence(child, 1);
    }

    private static String sentence(ChildApp child, int status) {
        assertThat(child.awaitEnd()).isEqualTo(status);
        assertThat(child.output()).doesNotContain("\tat ");
        return child.output().lines().reduce((first, last) -> last).orElse("");
    }

    @Test
    void saysWhatRunsAndEndsCleanlyWithinTenSeconds() {
        try (var app = start(Map.of())) {
            // Given
            app.awaitReady().await("Ctrl-C ends it");
            long begin = System.nanoTime();

            // When
            int status = app.stop();

            // Then
            assertThat(status).isEqualTo(SIGTERM);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
            assertThat(app.output())
                    .contains("services    intake, ", "orderflow: stopped")
                    .doesNotContain(" ERROR ");
        }
    }

    @Test
    void closesWhatItKeepsToOtherUsers() throws IOException {
        // Given
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwxrwx"));

        // When
        try (var app = start(Map.of("orderflow.services", "shipping"))) {
            app.awaitReady().await("Ctrl-C ends it");

            // Then
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                    .isEqualTo("rwx------");
            assertThat(app.output())
                    .containsPattern("curl -i http://127.0.0.1:\\d+/observe/health\n")
                    .doesNotContain("/orders -H");
        }
    }

    @Test
    void startsAgainAfterItWasKilled() {
        // Given
        try (var first = start(Map.of())) {
            first.awaitReady();
            first.kill();
        }

        // When, Then
        try (var second = start(Map.of())) {
            second.awaitReady();
        }
    }

    @Test
    void tellsThatAPortIsTaken() throws IOException {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(other.getLocalPort());
            for (String key : List.of("orderflow.http.port", "orderflow.management.port")) {
                try (var app = start(Map.of(key, port))) {
                    assertThat(sentence(app))
                            .startsWith("orderflow: Port %s of 127.0.0.1, which is setting %s, cannot be opened"
                                    .formatted(port, key));
                }
            }
        }
    }

    @Test
    void tellsThatASettingIsWrong() {
        try (var app = start(Map.of("orderflow.http.port", "eighty"))) {
            assertThat(sentence(app))
                    .isEqualTo(
                            "orderflow: Setting 'orderflow.http.port' must be a port from 1 to 65535, or 0 for a free one, but is 'eighty'. Set ORDERFLOW_HTTP_PORT.");
        }
        try (var app = start(Map.of("delivery.batchRecordsMax", "0", "camel.main.shutdownTimeout", "abc"))) {
            assertThat(app.awaitEnd()).isEqualTo(1);
            assertThat(app.output().lines())
                    .containsExactly(
                            "orderflow: 2 settings are wrong.",
                            "  Setting 'delivery.batchRecordsMax' must be a whole number of records from 1 to 100000, but is '0'. Set DELIVERY_BATCHRECORDSMAX.",
                            "  Setting 'camel.main.shutdownTimeout' must be a whole number of seconds from 1 to 3600, but is 'abc'. Set CAMEL_MAIN_SHUTDOWNTIMEOUT.");
        }
        try (var app = start(Map.of("orderflow.services", "shiping"))) {
            assertThat(sentence(app)).contains("Did you mean 'shipping'?");
        }
    }

    @Test
    void tellsThatARouteFileIsWrong() throws IOException {
        // Given
        var routes = Files.createDirectory(data.resolve("routes"));
        try (var files = Files.list(Path.of("routes-yaml"))) {
            for (Path file : files.toList()) {
                Files.copy(file, routes.resolve(file.getFileName()));
            }
        }
        Files.writeString(routes.resolve("broken.camel.yaml"), "- route:\n    ide: broken\n");

        // When
        try (var app = start(Map.of("orderflow.routes.dir", routes.toString(), "orderflow.services", "broken"))) {

            // Then
            assertThat(sentence(app)).contains("broken.camel.yaml").contains("ide");
        }
    }

    @Test
    void guessesWhatAMistypedCommandWasMeantToBe() {
        try (var app = ChildApp.start("dev.orderflow.app.App", settings(Map.of()), List.of("hepl"))) {
            assertThat(sentence(app, 64)).startsWith("orderflow: There is no command 'hepl'. Did you mean 'help'?");
        }
    }
}
