package dev.orderflow.kubernetes;

import static dev.orderflow.kubernetes.Cluster.each;
import static dev.orderflow.kubernetes.Cluster.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One version is built, published, deployed, depended upon and told. */
class VersionTest {

    static final java.util.List<String> RENDERINGS = Kustomize.RENDERINGS;

    /** The version that the build makes. */
    static String ofTheBuild() {
        return first("pom.xml", "<artifactId>orderflow</artifactId>\\s*<version>([^<]+)</version>");
    }

    /** A repository for releases takes no other, and no Integration asks for another. */
    @Test
    void isARelease() {
        assertThat(ofTheBuild()).matches("\\d+\\.\\d+\\.\\d+");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openapi.json", "asyncapi.json"})
    void isThatOfTheContracts(String contract) throws IOException {
        JsonNode served = new ObjectMapper()
                .readTree(Path.of("src/main/resources/contracts", contract).toFile());
        assertThat(name(served, "/info/version")).isEqualTo(ofTheBuild());
    }

    @ParameterizedTest
    @FieldSource("RENDERINGS")
    void isThatOfEveryImageAndJarOfOurs(String rendering) {
        var cluster = Cluster.of(rendering);
        var ours = Stream.of(
                        cluster.workloads().map(it -> name(it, "/spec/template/spec/containers/0/image")),
                        cluster.all("Integration").map(it -> name(it, "/spec/traits/container/image")),
                        cluster.all("Integration")
                                .flatMap(it -> each(it.at("/spec/dependencies")))
                                .map(JsonNode::asText))
                .flatMap(it -> it)
                .filter(it -> it.contains("orderflow:"))
                .toList();
        assertThat(ours).isNotEmpty().allSatisfy(it -> assertThat(it).endsWith("orderflow:" + ofTheBuild()));
    }

    @Test
    void isThatOfTheProofOfCamelK() {
        assertThat(first("kubernetes/camel-k/proof/pom.xml", "<orderflow.version>([^<]+)<"))
                .isEqualTo(ofTheBuild());
    }

    /** What the image is called where nobody names it, and the fuzzing beside. */
    @Test
    void isThatOfTheImageAndTheFuzzing() {
        assertThat(first("pom.xml", "<image.name>orderflow:([^<]+)<")).isEqualTo("${project.version}");
        assertThat(first("fuzz/pom.xml", "<artifactId>orderflow-fuzz</artifactId>\\s*<version>([^<]+)<"))
                .isEqualTo(ofTheBuild());
    }

    /** What is fuzzed is what runs: the libraries are those of the build. */
    @ParameterizedTest
    @ValueSource(strings = {"camel", "vertx", "netty", "jackson", "icu4j"})
    void theFuzzingHasTheLibrariesOfTheBuild(String library) {
        String version = "<%s.version>([^<]+)<".formatted(library);

        assertThat(first("fuzz/pom.xml", version)).isEqualTo(first("pom.xml", version));
    }

    private static String first(String file, String pattern) {
        try {
            var found = Pattern.compile(pattern).matcher(Files.readString(Path.of(file)));
            assertThat(found.find()).as(file).isTrue();
            return found.group(1);
        } catch (IOException e) {
            throw new AssertionError("There is no file " + file, e);
        }
    }
}
