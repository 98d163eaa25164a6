package dev.orderflow.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** ConfigMaps as {@code configMapGenerator} makes them: each is named by its content, unless it says no. */
final class GeneratedConfigMaps {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, ObjectNode> byName = new LinkedHashMap<>();
    private final Set<String> plain = new HashSet<>();

    /** The new ConfigMap; empty when the generator adds to one that is there. */
    Optional<ObjectNode> generate(JsonNode generator, Path folder) {
        String name = generator.get("name").asText();
        if (generator.at("/options/disableNameSuffixHash").asBoolean()) {
            plain.add(name);
        }
        boolean merges = generator.path("behavior").asText().equals("merge");
        var map = merges ? byName.get(name) : configMap(name);
        if (map == null || !merges && byName.put(name, map) != null) {
            throw new IllegalArgumentException("ConfigMap '%s' in %s: %s."
                    .formatted(name, folder, merges ? "there is none to merge with" : "there is one already"));
        }
        var data = map.withObject("/data");
        generator
                .path("envs")
                .forEach(file -> Assembly.read(folder.resolve(file.asText()))
                        .lines()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .forEach(line -> put(data, line)));
        generator.path("literals").forEach(line -> put(data, line.asText()));
        generator.path("files").forEach(file -> data.put(file.asText(), Assembly.read(folder.resolve(file.asText()))));
        return merges ? Optional.empty() : Optional.of(map);
    }

    private static ObjectNode configMap(String name) {
        var map = JsonNodeFactory.instance.objectNode();
        map.put("apiVersion", "v1").put("kind", "ConfigMap");
        map.withObject("/metadata").put("name", name);
        return map;
    }

    private static void put(ObjectNode data, String line) {
        int equals = line.indexOf('=');
        data.put(line.substring(0, equals), line.substring(equals + 1));
    }

    /** Gives each its last name, and tells what was called how before. */
    Map<String, String> nameByContent() {
        var names = new LinkedHashMap<String, String>();
        byName.forEach((name, map) -> {
            if (!plain.contains(name)) {
                String hashed = name + "-" + hash(map);
                map.withObject("/metadata").put("name", hashed);
                names.put(name, hashed);
            }
        });
        return names;
    }

    /** Kustomize's own: SHA-256 of the sorted JSON with an empty name, ten digits of it, with letters for the digits that could spell words. */
    private static String hash(ObjectNode map) {
        try {
            var data = new TreeMap<String, String>();
            map.get("data")
                    .properties()
                    .forEach(it -> data.put(it.getKey(), it.getValue().asText()));
            var content = new TreeMap<String, Object>(Map.of("data", data, "kind", "ConfigMap", "name", ""));
            // Go's encoder writes these three as escapes.
            String json = JSON.writeValueAsString(content)
                    .replace("&", "\\u0026")
                    .replace("<", "\\u003c")
                    .replace(">", "\\u003e");
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of()
                    .formatHex(digest)
                    .substring(0, 10)
                    .replace('0', 'g')
                    .replace('1', 'h')
                    .replace('3', 'k')
                    .replace('a', 'm')
                    .replace('e', 't');
        } catch (JsonProcessingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
