package dev.orderflow.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What Kustomize makes of a folder, for machines without kubectl: those of its features that {@code kubernetes/} uses.
 * A field that it does not know is refused, so that it never leaves something out in silence.
 */
final class Assembly {

    private static final Set<String> FIELDS = Set.of(
            "apiVersion",
            "kind",
            "resources",
            "components",
            "configMapGenerator",
            "patches",
            "namespace",
            "labels",
            "images",
            "configurations");

    private final List<ObjectNode> documents = new ArrayList<>();
    private final GeneratedConfigMaps generated = new GeneratedConfigMaps();
    /** Paths of a kind at which a ConfigMap is named, beside those of pods. */
    private final Map<String, String> references = new HashMap<>();

    private Assembly() {}

    static List<JsonNode> of(Path folder) {
        var assembly = new Assembly();
        assembly.add(folder.normalize());
        assembly.generated.nameByContent().forEach(assembly::rename);
        return List.copyOf(assembly.documents);
    }

    private void add(Path folder) {
        JsonNode kustomization =
                Manifests.documents(read(folder.resolve("kustomization.yaml"))).get(0);
        kustomization.fieldNames().forEachRemaining(field -> {
            if (!FIELDS.contains(field)) {
                throw new IllegalArgumentException("%s has the field '%s', which this assembly does not know."
                        .formatted(folder.resolve("kustomization.yaml"), field));
            }
        });
        // What a folder changes is what came before it: a component sees all, a resource only its own.
        boolean isComponent = kustomization.path("kind").asText().equals("Component");
        int first = isComponent ? 0 : documents.size();
        kustomization.path("resources").forEach(it -> resource(folder.resolve(it.asText())));
        kustomization
                .path("components")
                .forEach(it -> add(folder.resolve(it.asText()).normalize()));
        kustomization
                .path("configMapGenerator")
                .forEach(it -> generated.generate(it, folder).ifPresent(documents::add));
        var mine = documents.subList(first, documents.size());
        kustomization.path("patches").forEach(it -> patch(it, folder, mine));
        if (kustomization.has("namespace")) {
            mine.forEach(it -> inNamespace(it, kustomization.get("namespace")));
        }
        kustomization.path("labels").forEach(it -> mine.forEach(document -> label(document, it)));
        kustomization.path("images").forEach(it -> mine.forEach(document -> name(document, it)));
        kustomization.path("configurations").forEach(it -> configure(folder.resolve(it.asText())));
    }

    private void resource(Path path) {
        if (Files.isDirectory(path)) {
            add(path.normalize());
        } else {
            Manifests.documents(read(path)).forEach(it -> documents.add((ObjectNode) it));
        }
    }

    private void patch(JsonNode patch, Path folder, List<ObjectNode> documents) {
        String text = patch.has("path")
                ? read(folder.resolve(patch.get("path").asText()))
                : patch.get("patch").asText();
        JsonNode content = Manifests.tree(text);
        List<ObjectNode> targets = documents.stream()
                .filter(it -> isTarget(it, patch.get("target")))
                .toList();
        if (content.path("$patch").asText().equals("delete")) {
            // By identity: two that are equal may be of two folders.
            documents.removeIf(it -> targets.stream().anyMatch(target -> target == it));
            return;
        }
        for (ObjectNode document : targets) {
            String name = Cluster.name(document);
            if (content instanceof ArrayNode operations) {
                Patches.operate(document, operations);
            } else {
                var merged = ((ObjectNode) content).deepCopy();
                merged.remove("metadata");
                Patches.merge(document, merged);
            }
            if (!Cluster.name(document).equals(name)) {
                if (!patch.at("/options/allowNameChange").asBoolean()) {
                    throw new IllegalArgumentException("%s would get another name; say allowNameChange in %s"
                            .formatted(name, folder.resolve("kustomization.yaml")));
                }
                rename(name, Cluster.name(document));
            }
        }
    }

    private static boolean isTarget(ObjectNode document, JsonNode target) {
        return document.path("kind").asText().matches(target.get("kind").asText())
                && Cluster.name(document).matches(target.path("name").asText(".*"));
    }

    private static void inNamespace(ObjectNode document, JsonNode namespace) {
        if (!document.path("kind").asText().equals("Namespace")) {
            document.withObject("/metadata").set("namespace", namespace);
        }
    }

    private static void label(ObjectNode document, JsonNode labels) {
        document.withObject("/metadata/labels").setAll((ObjectNode) labels.get("pairs"));
        if (labels.path("includeTemplates").asBoolean()
                && document.at("/spec/template").isObject()) {
            document.withObject("/spec/template/metadata/labels").setAll((ObjectNode) labels.get("pairs"));
        }
    }

    private static void name(ObjectNode document, JsonNode image) {
        document.at("/spec/template/spec/containers").forEach(container -> {
            if (container.path("image").equals(image.get("name"))) {
                ((ObjectNode) container)
                        .put(
                                "image",
                                image.get("newName").asText() + ":"
                                        + image.get("newTag").asText());
            }
        });
    }

    private void configure(Path file) {
        Manifests.tree(read(file))
                .get("nameReference")
                .forEach(reference -> reference
                        .get("fieldSpecs")
                        .forEach(it -> references.put(
                                it.get("kind").asText(), it.get("path").asText())));
    }

    private void rename(String from, String to) {
        for (ObjectNode document : documents) {
            renameInPod(document, from, to);
            String path = references.get(document.path("kind").asText());
            if (path != null) {
                renameAt(document, List.of(path.split("/")), from, to);
            }
        }
    }

    private static void renameInPod(JsonNode node, String from, String to) {
        for (String field : List.of("configMapRef", "configMapKeyRef", "configMap")) {
            renameAt(node, List.of(field, "name"), from, to);
        }
        node.forEach(it -> renameInPod(it, from, to));
    }

    private static void renameAt(JsonNode node, List<String> path, String from, String to) {
        if (node.isArray()) {
            node.forEach(it -> renameAt(it, path, from, to));
        } else if (path.size() > 1) {
            renameAt(node.path(path.get(0)), path.subList(1, path.size()), from, to);
        } else if (node.path(path.get(0)).asText().equals(from)) {
            ((ObjectNode) node).set(path.get(0), TextNode.valueOf(to));
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
