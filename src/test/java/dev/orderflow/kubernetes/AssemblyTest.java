package dev.orderflow.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class AssemblyTest {

    static final List<String> RENDERINGS = Kustomize.RENDERINGS;

    /** To the last digit of a ConfigMap's hash. */
    @ParameterizedTest
    @FieldSource("RENDERINGS")
    void makesWhatKubectlMakes(String rendering) {
        Assumptions.assumeTrue(Kustomize.exists(), "kubectl is not on the path");

        var ours = byName(Assembly.of(Kustomize.FOLDER.resolve(rendering)));

        var theirs = byName(Kustomize.byKubectl(rendering));
        assertThat(ours.keySet()).isEqualTo(theirs.keySet());
        theirs.forEach((name, document) -> assertThat(ours.get(name)).as(name).isEqualTo(document));
    }

    @Test
    void refusesAFieldThatItDoesNotKnow(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("kustomization.yaml"), "namePrefix: my-\n");

        assertThatThrownBy(() -> Assembly.of(folder)).hasMessageContaining("'namePrefix'");
    }

    @Test
    void refusesAPatchOfWhatIsNotThere(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("service.yaml"), "kind: Service\nmetadata: {name: a}\nspec: {}\n");
        Files.writeString(folder.resolve("kustomization.yaml"), """
                resources: [service.yaml]
                patches:
                  - target: {kind: Service}
                    patch: "[{op: remove, path: /spec/ports}]"
                """);

        assertThatThrownBy(() -> Assembly.of(folder)).hasMessage("a has no /spec/ports");
    }

    private static Map<String, JsonNode> byName(List<JsonNode> documents) {
        return documents.stream()
                .collect(Collectors.toMap(
                        it -> it.path("kind").asText() + "/" + Cluster.name(it),
                        it -> it,
                        (one, other) -> {
                            throw new AssertionError("twice: " + Cluster.name(one));
                        },
                        TreeMap::new));
    }
}
