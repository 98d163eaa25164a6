package dev.orderflow.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.testing.Shop;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Clients that a generator of others makes of openapi.json play the journey of an order. */
@EnabledIfSystemProperty(named = "clients", matches = ".+", disabledReason = "./mvnw -Pclients verify runs it.")
class ClientsIT {

    private static final int LIMIT_S = 240;

    @Test
    void aGeneratedJavaClientPlaysTheJourney() throws Exception {
        try (var shop = Shop.open(Map.of())) {
            var maven = new ProcessBuilder(
                            Path.of("mvnw").toAbsolutePath().toString(),
                            "-q",
                            "-B",
                            "-f",
                            "clients/pom.xml",
                            "verify",
                            "-Dorderflow.url=" + shop.app.url())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(maven.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(maven.waitFor(LIMIT_S, TimeUnit.SECONDS)).isTrue();
            assertThat(maven.exitValue()).as(output).isZero();
            assertThat(output).contains("clients: java native: the journey of order");
        }
    }
}
