package dev.orderflow.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.orderflow.settings.Ports;
import dev.orderflow.settings.Settings;
import dev.orderflow.testing.ChildApp;
import dev.orderflow.testing.Records;
import dev.orderflow.testing.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The production build has each component that a route file may name, and none that it may not. */
class ProductionComponentsIT {

    private static final Path BUILD = Path.of("target", "orderflow").toAbsolutePath();
    private static final Path ROUTES = Path.of("src", "test", "routes").toAbsolutePath();
    private static final Path FILE = ROUTES.resolve("components.camel.yaml");
    private static final List<String> SHARED = List.of("beans.camel.yaml", "delivery.camel.yaml");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** REST is Java here, and the readers of mail come in the jar of those that send it. */
    private static final Set<String> BESIDE =
            Set.of("rest", "rest-api", "platform-http", "imap", "imaps", "pop3", "pop3s");

    @Test
    void hasThoseThatARouteFileMayNameAndNoOther() throws IOException {
        // Given
        var found = new TreeSet<String>();
        var service = Pattern.compile("META-INF/services/org/apache/camel/component/(.+)");
        try (var jars = Files.list(BUILD.resolve("lib"))) {
            for (Path file : jars.toList()) {
                try (var jar = new JarFile(file.toFile())) {
                    jar.stream()
                            .map(entry -> service.matcher(entry.getName()))
                            .filter(name -> name.matches())
                            .forEach(name -> found.add(name.group(1)));
                }
            }
        }

        // Then
        found.removeAll(BESIDE);
        assertThat(found).containsExactlyInAnyOrderElementsOf(EndpointCheck.COMPONENTS);
    }

    @Test
    void areAllNamedByTheRoutesOfThisTest() throws IOException {
        String yaml = Files.readString(FILE).replace("{{notification.smtp}}", "smtp:");

        assertThat(EndpointCheck.COMPONENTS)
                .allMatch(component ->
                        yaml.contains("uri: " + component + ":") || yaml.contains("uri: \"" + component + ":"));
    }

    @Test
    void passTheCheckAndDoTheirWork(@TempDir Path data) throws IOException {
        var mails = new GreenMail(new ServerSetup(Ports.free(), "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mails.start();
        try (var world = World.of("components")) {
            // Given
            Path shared = Files.createDirectories(data.resolve("routes"));
            for (String file : SHARED) {
                Files.copy(BUILD.resolve("routes-yaml").resolve(file), shared.resolve(file));
            }
            String routes = shared + "," + ROUTES;
            var settings = world.settings(Map.of(
                    "orderflow.services",
                    "components",
                    "orderflow.routes.dir",
                    routes,
                    "orderflow.data.dir",
                    data.toString(),
                    "notification.smtp",
                    "smtp://127.0.0.1:" + mails.getSmtp().getPort()));
            var checked =
                    program(settings, "routes", "check", "--migrate", routes).await("3 files, 0 refused");
            assertThat(checked.awaitEnd()).as(checked.output()).isZero();
            assertThat(checked.output()).contains("components.camel.yaml: good").doesNotContain("Not checked");

            // When
            try (var running = program(settings, "run")) {
                running.awaitReady();
                world.topics()
                        .append(List.of(Records.placed(world.orders(), Records.order(UUID.randomUUID(), "A", 1))));

                // Then
                await().atMost(LIMIT)
                        .failFast(() -> !running.handle().isAlive())
                        .untilAsserted(
                                () -> assertThat(world.count("SELECT count(DISTINCT what) FROM components.touched"))
                                        .as(running.output())
                                        .isEqualTo(5));
                assertThat(world.count("SELECT count(*) FROM components.touched WHERE what = 'stored, by a language'"))
                        .isEqualTo(1);
                assertThat(data.resolve("touched/by-timer.json")).hasContent("0");
                assertThat(running.output()).contains("Body: 0");
                assertThat(mails.getReceivedMessages()).hasSize(1);
            }
        } finally {
            mails.stop();
        }
    }

    @Test
    void areRefusedInASentenceWhereNoRouteMayUseThem(@TempDir Path folder) throws IOException {
        // Given
        for (String component : EndpointCheck.LEFT_OUT) {
            Files.writeString(folder.resolve(component + ".camel.yaml"), """
                    - route:
                        id: %s
                        description: Use what no route may use
                        from:
                          uri: timer:once
                          steps:
                            - to:
                                uri: %s:anything
                    """.formatted(component, component));
        }

        // When
        var checked = program(Map.of(), "routes", "check", folder.toString())
                .await("%1$d files, %1$d refused".formatted(EndpointCheck.LEFT_OUT.size()));

        // Then
        assertThat(checked.awaitEnd()).isEqualTo(1);
        assertThat(EndpointCheck.LEFT_OUT)
                .allSatisfy(component -> assertThat(checked.output())
                        .contains(component + ".camel.yaml:8: no route may use the component '" + component + "'"));
    }

    private static ChildApp program(Map<String, String> settings, String... words) {
        var environment = new HashMap<String, String>();
        settings.forEach((key, value) -> environment.put(Settings.variable(key), value));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("JAVA_OPTS", "-Xmx320m");
        var program = BUILD.resolve("bin/orderflow").toString();
        return ChildApp.program(
                Stream.concat(Stream.of(program), Stream.of(words)).toList(), environment);
    }
}
