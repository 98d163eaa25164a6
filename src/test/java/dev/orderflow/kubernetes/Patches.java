package dev.orderflow.kubernetes;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Kustomize's two kinds of patches, on one document. */
final class Patches {

    /** The lists that are merged, element by element, and the field that names an element. Every other one is replaced. */
    private static final Map<String, String> KEYS = Map.of(
            "containers", "name",
            "volumes", "name",
            "env", "name",
            "volumeMounts", "mountPath");

    private Patches() {}

    /** A strategic merge: objects field by field, named lists element by element, with new elements in front. */
    static void merge(ObjectNode into, ObjectNode patch) {
        patch.properties().forEach(field -> {
            JsonNode now = into.get(field.getKey());
            JsonNode then = field.getValue();
            if (now instanceof ObjectNode object && then.isObject()) {
                merge(object, (ObjectNode) then);
            } else if (now instanceof ArrayNode array && KEYS.containsKey(field.getKey())) {
                into.set(field.getKey(), merged(array, (ArrayNode) then, KEYS.get(field.getKey())));
            } else {
                into.set(field.getKey(), then.deepCopy());
            }
        });
    }

    private static ArrayNode merged(ArrayNode now, ArrayNode then, String key) {
        var merged = now.arrayNode();
        for (JsonNode element : then) {
            ObjectNode same = find(now, key, element.get(key));
            if (same == null) {
                merged.add(element.deepCopy());
            } else {
                merge(same, (ObjectNode) element);
            }
        }
        return merged.addAll(now);
    }

    private static ObjectNode find(ArrayNode array, String key, JsonNode value) {
        for (JsonNode element : array) {
            if (element.path(key).equals(value)) {
                return (ObjectNode) element;
            }
        }
        return null;
    }

    /** A JSON patch (RFC 6902) of its operations add, replace and remove. */
    static void operate(ObjectNode document, ArrayNode operations) {
        for (JsonNode operation : operations) {
            String path = operation.get("path").asText();
            var pointer = JsonPointer.compile(path);
            JsonNode parent = document.at(pointer.head());
            String name = pointer.last().getMatchingProperty();
            String kind = operation.get("op").asText();
            boolean isThere = !document.at(pointer).isMissingNode();
            if (parent.isMissingNode() || !kind.equals("add") && !isThere) {
                throw new IllegalArgumentException("%s has no %s".formatted(Cluster.name(document), path));
            }
            switch (kind) {
                case "add" -> put(parent, name, operation.get("value").deepCopy());
                case "replace" ->
                    ((ObjectNode) parent).set(name, operation.get("value").deepCopy());
                case "remove" -> ((ObjectNode) parent).remove(name);
                default -> throw new IllegalArgumentException("There is no operation '" + kind + "' here.");
            }
        }
    }

    private static void put(JsonNode parent, String name, JsonNode value) {
        if (parent instanceof ObjectNode object) {
            object.set(name, value);
        } else if (name.equals("-")) {
            ((ArrayNode) parent).add(value);
        } else {
            throw new IllegalArgumentException("Only '-' adds to a list here, not '" + name + "'.");
        }
    }
}
