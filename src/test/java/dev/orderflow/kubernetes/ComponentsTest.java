package dev.orderflow.kubernetes;

import static dev.orderflow.kubernetes.Cluster.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The components are parts to be put together as somebody likes: in any order, and with or without each other. */
class ComponentsTest {

    private static final List<String> OF_PROD = List.of("keda", "hpa", "monitoring", "strimzi");

    /** Outside of the working tree's own folders, but where their relative paths lead to. */
    @TempDir(factory = InTarget.class)
    Path folder;

    static Stream<List<String>> pairs() {
        return OF_PROD.stream()
                .flatMap(one ->
                        OF_PROD.stream().filter(other -> !other.equals(one)).map(other -> List.of(one, other)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void theOrderOfTwoDoesNotMatter(List<String> pair) throws IOException {
        var turned = List.of(pair.get(1), pair.get(0));
        assertThat(assembled(pair)).isEqualTo(assembled(turned));
    }

    @Test
    void theOrderOfAllDoesNotMatter() throws IOException {
        var turned = new java.util.ArrayList<>(OF_PROD);
        Collections.reverse(turned);
        var expected = assembled(OF_PROD);
        for (int i : IntStream.range(0, OF_PROD.size()).toArray()) {
            Collections.rotate(turned, i);
            assertThat(assembled(turned)).as("" + turned).isEqualTo(expected);
        }
    }

    /** A cluster without KEDA refuses its kinds, and all that is applied with them. */
    @Test
    void theBrokersNeedNoKeda() throws IOException {
        assertThat(assembled(List.of("strimzi")))
                .noneMatch(it -> name(it, "/apiVersion").startsWith("keda.sh"));
    }

    /** Whoever asks for the lag goes where the brokers listen, and logs in. */
    @ParameterizedTest
    @MethodSource("pairs")
    void kedaNeverAsksWithoutALogin(List<String> pair) throws IOException {
        var scaled = assembled(pair).stream()
                .filter(it -> name(it, "/kind").equals("ScaledObject"))
                .toList();
        assertThat(scaled).hasSize(pair.contains("keda") ? 3 : 0);
        scaled.forEach(it -> it.at("/spec/triggers").forEach(trigger -> {
            assertThat(name(trigger, "/metadata/bootstrapServers")).isEqualTo("orders-kafka-bootstrap:9093");
            assertThat(name(trigger, "/authenticationRef/name")).isEqualTo("keda");
        }));
    }

    /** With the components left out that its kustomization names, on brokers of somebody's own. */
    @Test
    void theSourcesWayNeedsNoLogin() throws IOException {
        for (String tree : List.of("kubernetes", "routes-yaml", "src/main/resources")) {
            copy(Path.of(tree), folder.resolve(tree));
        }
        Path way = folder.resolve("kubernetes/camel-k/sources");
        String text = Files.readString(way.resolve("kustomization.yaml"));
        String all = "components: [../common, ../../components/keda, ../../components/strimzi, login]";
        assertThat(text).contains(all);
        Files.writeString(way.resolve("kustomization.yaml"), text.replace(all, "components: [../common]"));

        var cluster = new Cluster("sources without a login", Assembly.of(way));

        assertThat(cluster.documents())
                .noneMatch(it -> name(it, "/apiVersion").matches("(keda.sh|kafka.strimzi.io)/.*"));
        assertThat(cluster.ours()).hasSize(5).allSatisfy(it -> {
            assertThat(it.toString()).doesNotContain("kafka-ca", "/sasl.jaas.config");
            assertThat(cluster.told(it)).containsKey("KAFKA_BROKERS").doesNotContainKey("KAFKA_SECURITY_PROTOCOL");
        });
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }

    private Set<JsonNode> assembled(List<String> components) throws IOException {
        Path root = Path.of("").toAbsolutePath();
        Path here = folder.toAbsolutePath();
        Files.writeString(folder.resolve("kustomization.yaml"), """
                resources: [%s]
                components: [%s]
                """.formatted(
                        here.relativize(root.resolve("kubernetes/base")),
                        components.stream()
                                .map(it -> here.relativize(root.resolve("kubernetes/components/" + it)))
                                .map(Path::toString)
                                .collect(Collectors.joining(", "))));
        return Set.copyOf(Assembly.of(folder));
    }

    /** In target/, since paths between a folder of the system and this one may cross links. */
    static final class InTarget implements org.junit.jupiter.api.io.TempDirFactory {

        @Override
        public Path createTempDirectory(
                org.junit.jupiter.api.extension.AnnotatedElementContext element,
                org.junit.jupiter.api.extension.ExtensionContext context)
                throws IOException {
            return Files.createTempDirectory(Path.of("target"), "components");
        }
    }
}
