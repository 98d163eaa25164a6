package dev.orderflow.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.testing.Shop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Clients that a generator of others makes of openapi.json, each in its language, play the journey of an order. */
@EnabledIfSystemProperty(named = "clients", matches = ".+", disabledReason = "./mvnw -Pclients verify runs it.")
class ClientsIT {

    /** On a fresh machine most of it goes into fetching the compilers. */
    private static final int LIMIT_S = 600;

    @TempDir
    private Path folder;

    @Test
    void generatedClientsPlayTheJourney() throws Exception {
        Path output = folder.resolve("output");
        try (var shop = Shop.open(Map.of())) {
            // --fail-at-end: the other clients are tried too, so that one run tells of all.
            var maven = new ProcessBuilder(
                            Path.of("mvnw").toAbsolutePath().toString(),
                            "-q",
                            "-B",
                            "--fail-at-end",
                            "-f",
                            "clients/pom.xml",
                            "verify",
                            "-Dorderflow.url=" + shop.app.url())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = maven.waitFor(LIMIT_S, TimeUnit.SECONDS);
            if (!ended) {
                maven.descendants().forEach(ProcessHandle::destroyForcibly);
                maven.destroyForcibly().waitFor();
            }

            String told = Files.readString(output);
            assertThat(told)
                    .contains(
                            played("java native"), played("java okhttp-gson"), played("kotlin"), played("typescript"));
            assertThat(ended).as(told).isTrue();
            assertThat(maven.exitValue()).as(told).isZero();
        }
    }

    private static String played(String client) {
        return "clients: " + client + ": the journey of order ";
    }
}
