package dev.orderflow.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Camel's YAML schema, as it lies in camel-yaml-dsl, in its canonical form: no short forms, since Kaoto and Karavan
 * write none and later versions of Camel deprecate them. Walked by hand, because a schema validator's messages about
 * alternatives tell nobody what to write.
 */
final class SchemaCheck {

    private static final JsonNode SCHEMA = schema();
    private static final int SHOWN_MAX = 40;

    private final YamlTree tree;

    private SchemaCheck(YamlTree tree) {
        this.tree = tree;
    }

    /** @throws RouteFileRefused at the first place that the schema does not allow */
    static void check(YamlTree tree) {
        if (!(tree.root() instanceof SequenceNode list)) {
            throw tree.refuse(
                    YamlTree.line(tree.root()), "the file is no list; begin each part with '- route:' or '- beans:'");
        }
        var canonical = new SchemaCheck(tree);
        var parts = new TopLevelParts(tree, SCHEMA.path("items").path("properties"));
        for (Node item : list.getValue()) {
            parts.check(item);
            canonical.walk(item, SCHEMA.path("items"), "a route file");
        }
        parts.ids();
    }

    private void walk(Node node, JsonNode given, String what) {
        JsonNode schema = resolved(given);
        switch (schema.path("type").asText()) {
            case "object" -> object(node, schema, what);
            case "array" -> array(node, schema, what);
            case "string", "boolean", "number" -> scalar(node, schema, what);
            default -> {
                if (schema.has("properties")) {
                    object(node, schema, what);
                }
            }
        }
    }

    private void array(Node node, JsonNode schema, String what) {
        if (!(node instanceof SequenceNode list)) {
            throw tree.refuse(YamlTree.line(node), "'%s' is no list; begin each of its items with '- '", what);
        }
        for (Node item : list.getValue()) {
            walk(item, schema.path("items"), what);
        }
    }

    private void object(Node node, JsonNode schema, String what) {
        Map<String, JsonNode> allowed = allowed(schema);
        if (!(node instanceof MappingNode map)) {
            if (node instanceof ScalarNode scalar && !scalar.getValue().isEmpty() || node instanceof SequenceNode) {
                throw tree.refuse(
                        YamlTree.line(node),
                        "'%s' stands in short form; write its options on lines of their own, which are %s",
                        what,
                        shown(allowed));
            }
            required(node, schema, Set.of(), what);
            return;
        }
        if (allowed.isEmpty()) {
            return;
        }
        Set<String> seen = new HashSet<>();
        for (YamlTree.Entry entry : YamlTree.children(map)) {
            if (!seen.add(entry.key())) {
                throw tree.refuse(entry.line(), "'%s' has '%s' twice; keep one", what, entry.key());
            }
            JsonNode of = allowed.get(entry.key());
            if (of == null) {
                throw unknown(entry, schema, allowed, what);
            }
            walk(entry.value(), of, entry.key());
        }
        if (schema.path("maxProperties").asInt(Integer.MAX_VALUE) < seen.size()) {
            throw tree.refuse(
                    YamlTree.line(node), "one item holds %s; begin each of them with '- '", String.join(" and ", seen));
        }
        required(node, schema, seen, what);
    }

    private RouteFileRefused unknown(
            YamlTree.Entry entry, JsonNode schema, Map<String, JsonNode> allowed, String what) {
        if (schema.path("properties").has(entry.key()) && allowed.containsKey("expression")) {
            return tree.refuse(
                    entry.line(), "'%s' has '%s' in short form; write it below 'expression:'", what, entry.key());
        }
        return tree.refuse(
                entry.line(),
                "'%s' has no '%s'%s; it may have %s",
                what,
                entry.key(),
                Sentences.near(entry.key(), allowed.keySet()),
                shown(allowed));
    }

    private void required(Node node, JsonNode schema, Set<String> seen, String what) {
        for (JsonNode name : schema.path("required")) {
            if (!seen.contains(name.asText())) {
                throw tree.refuse(YamlTree.line(node), "'%s' has no '%s', which it needs", what, name.asText());
            }
        }
    }

    private void scalar(Node node, JsonNode schema, String what) {
        if (!(node instanceof ScalarNode scalar)) {
            throw tree.refuse(YamlTree.line(node), "'%s' has options of its own, but takes one %s", what, type(schema));
        }
        String value = scalar.getValue();
        boolean fits = value.contains("{{")
                || switch (schema.path("type").asText()) {
                    case "boolean" -> value.equals("true") || value.equals("false");
                    case "number" -> value.matches("-?[0-9]+(\\.[0-9]+)?");
                    default -> true;
                };
        if (!fits) {
            throw tree.refuse(YamlTree.line(node), "'%s' is '%s', but must be a %s", what, value, type(schema));
        }
        List<String> words = new ArrayList<>();
        schema.path("enum").forEach(word -> words.add(word.asText()));
        if (!words.isEmpty() && !words.contains(value) && !value.contains("{{")) {
            throw tree.refuse(
                    YamlTree.line(node),
                    "'%s' is '%s'%s; it may be %s",
                    what,
                    value,
                    Sentences.near(value, words),
                    String.join(", ", words));
        }
    }

    private static String type(JsonNode schema) {
        return switch (schema.path("type").asText()) {
            case "boolean" -> "true or false";
            case "number" -> "number";
            default -> "word";
        };
    }

    /** Follows references, and takes the long form where there is a short one too. */
    private static JsonNode resolved(JsonNode given) {
        JsonNode schema = given;
        while (schema.has("$ref") && !schema.has("properties")) {
            schema = SCHEMA.at(schema.path("$ref").asText().substring(1));
        }
        for (JsonNode form : schema.path("oneOf")) {
            if (form.path("type").asText().equals("object") && !schema.has("properties")) {
                return form;
            }
        }
        return schema;
    }

    /** The options of the canonical form. A property without a schema is a short form of one below 'expression'. */
    private static Map<String, JsonNode> allowed(JsonNode schema) {
        Map<String, JsonNode> allowed = new TreeMap<>();
        schema.path("properties").properties().forEach(property -> {
            if (!property.getValue().isEmpty()) {
                allowed.put(property.getKey(), property.getValue());
            }
        });
        alternatives(schema, allowed);
        return allowed;
    }

    private static void alternatives(JsonNode schema, Map<String, JsonNode> allowed) {
        for (String word : List.of("anyOf", "oneOf")) {
            for (JsonNode form : schema.path(word)) {
                form.path("properties")
                        .properties()
                        .forEach(property -> allowed.put(property.getKey(), property.getValue()));
                alternatives(form, allowed);
            }
        }
    }

    private static String shown(Map<String, JsonNode> allowed) {
        return Sentences.list(allowed.keySet(), SHOWN_MAX);
    }

    private static JsonNode schema() {
        try (InputStream in = SchemaCheck.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
