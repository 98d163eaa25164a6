package dev.orderflow.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

class ManifestsTest {

    static final List<String> RENDERINGS = Kustomize.RENDERINGS;

    /** Whose keys are ours to choose, so that a typo below them is no unknown field. */
    private static final Set<String> FREE = Set.of(
            "labels", "annotations", "matchLabels", "selector", "data", "stringData", "config", "requests", "limits");

    @ParameterizedTest
    @MethodSource("files")
    void everyFileIsOfItsKind(Path file) throws IOException {
        for (JsonNode document : Manifests.documents(Files.readString(file))) {
            assertThatCode(() -> Manifests.typed(document))
                    .as(file + " " + document.at("/metadata/name").asText())
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @FieldSource("RENDERINGS")
    void everyRenderingIsOfItsKinds(String rendering) {
        var documents = Kustomize.render(rendering);
        assertThat(documents).isNotEmpty();
        for (JsonNode document : documents) {
            assertThatCode(() -> Manifests.typed(document))
                    .as(rendering + " " + document.at("/metadata/name").asText())
                    .doesNotThrowAnyException();
        }
    }

    /** One letter more in any name of a field, one after the other, in one document of each kind. */
    @Test
    void everyTypoIsCaughtInEveryKind() {
        var missed = new ArrayList<String>();
        int tried = 0;
        for (var entry : oneOfEachKind().entrySet()) {
            for (String path : fields(entry.getValue(), "")) {
                tried++;
                if (isTaken(misspelt(entry.getValue(), path))) {
                    missed.add(entry.getKey() + path);
                }
            }
        }
        assertThat(missed).isEmpty();
        assertThat(tried).isGreaterThan(300);
        System.out.println(tried + " misspelt fields, all caught");
    }

    @Test
    void aNumberIsNoText() {
        var integration = oneOfEachKind().get("Integration").deepCopy();
        ((ObjectNode) integration.at("/spec/traits/pdb")).set("maxUnavailable", IntNode.valueOf(1));
        assertThat(isTaken(integration)).isFalse();

        var scaled = oneOfEachKind().get("ScaledObject").deepCopy();
        ((ObjectNode) scaled.at("/spec/triggers/0/metadata")).set("lagThreshold", IntNode.valueOf(5000));
        assertThat(isTaken(scaled)).isFalse();
    }

    @Test
    void aFieldThatStandsTwiceIsRefused() {
        assertThatThrownBy(() -> Manifests.documents("kind: Service\nkind: Service\n"))
                .hasMessageContaining("Duplicate field 'kind'");
    }

    private static Map<String, JsonNode> oneOfEachKind() {
        var kinds = new LinkedHashMap<String, JsonNode>();
        for (String rendering : RENDERINGS) {
            Kustomize.render(rendering).forEach(it -> kinds.put(it.path("kind").asText(), it));
        }
        return kinds;
    }

    private static List<String> fields(JsonNode node, String path) {
        var found = new ArrayList<String>();
        if (node instanceof ObjectNode object) {
            object.properties().forEach(field -> {
                String here = path + "/" + field.getKey().replace("~", "~0").replace("/", "~1");
                found.add(here);
                boolean isFree = FREE.contains(field.getKey()) && !hasTypedSelector(field.getValue());
                boolean isTrigger =
                        path.contains("/triggers/") && field.getKey().equals("metadata");
                if (!isFree && !isTrigger) {
                    found.addAll(fields(field.getValue(), here));
                }
            });
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                found.addAll(fields(array.get(i), path + "/" + i));
            }
        }
        return found;
    }

    /** A Service's selector is a map of labels, every other one is an object. */
    private static boolean hasTypedSelector(JsonNode value) {
        return value.has("matchLabels");
    }

    private static JsonNode misspelt(JsonNode document, String path) {
        JsonNode copy = document.deepCopy();
        int slash = path.lastIndexOf('/');
        var parent = (ObjectNode) copy.at(path.substring(0, slash));
        String name = path.substring(slash + 1).replace("~1", "/").replace("~0", "~");
        parent.set(name + "x", parent.remove(name));
        return copy;
    }

    private static boolean isTaken(JsonNode document) {
        try {
            Manifests.typed(document);
            return true;
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return false;
        }
    }

    private static Stream<Path> files() throws IOException {
        try (var files = Files.walk(Kustomize.FOLDER)) {
            return files
                    .filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !Set.of("kustomization.yaml", "namereference.yaml")
                            .contains(file.getFileName().toString()))
                    .toList()
                    .stream();
        }
    }
}
