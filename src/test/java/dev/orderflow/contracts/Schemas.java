package dev.orderflow.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orderflow.testing.Contract;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Values that a schema of the contracts takes, at random: optional members come and go, and bounds are reached. */
final class Schemas {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int ITEMS_USUAL = 4;
    private static final int TEXT_USUAL = 30;
    private static final String LETTERS = "abcXYZ019 .,'\"/\\-_éßłøЖ中文\u00a0‘’&<>%{}[]";
    private static final List<String> OFFSETS = List.of("Z", "Z", "+02:00", "-11:30", "+14:00", "+00:00");

    private final Random random;
    /** Narrower than a schema can say, by the last name of what is wanted and by its place, such as {@code customer/email}. */
    private final Map<String, Function<Random, JsonNode>> narrower;

    Schemas(Random random, Map<String, Function<Random, JsonNode>> narrower) {
        this.random = random;
        this.narrower = narrower;
    }

    /** A node of a document, such as {@code schemas/order.schema.json}, in which its references count. */
    record Place(String document, JsonNode node) {

        Place to(JsonNode child) {
            return new Place(document, child).resolved();
        }

        Place resolved() {
            if (!node.has("$ref")) {
                return this;
            }
            String[] parts = node.path("$ref").asText().split("#", 2);
            String target = parts[0].isEmpty() ? document : parts[0];
            JsonNode whole = DOCUMENTS.computeIfAbsent(target, Contract::resource);
            return new Place(target, parts.length == 2 ? whole.at(parts[1]) : whole).resolved();
        }
    }

    private static final Map<String, JsonNode> DOCUMENTS = new ConcurrentHashMap<>();

    JsonNode value(Place place, String name) {
        var resolved = place.resolved();
        JsonNode schema = resolved.node;
        var own = narrower.get(name);
        if (own != null) {
            return own.apply(random);
        }
        if (schema.has("const")) {
            return schema.path("const");
        }
        if (schema.has("enum")) {
            return schema.path("enum").get(random.nextInt(schema.path("enum").size()));
        }
        return switch (type(schema)) {
            case "string" -> JSON.textNode(text(schema));
            case "integer" -> JSON.numberNode(whole(schema));
            case "boolean" -> JSON.booleanNode(random.nextBoolean());
            case "array" -> array(resolved, name);
            case "object" -> object(resolved, name);
            default -> throw new IllegalStateException(name + " has a type that the test does not know: " + schema);
        };
    }

    /** A schema of two types says so by {@code if}, since generators of clients read no list of types. */
    private String type(JsonNode schema) {
        JsonNode either = schema.path("allOf").path(0);
        return either.has("if")
                ? either.path(random.nextBoolean() ? "if" : "else").path("type").asText()
                : schema.path("type").asText();
    }

    private ObjectNode object(Place place, String name) {
        JsonNode schema = place.node;
        List<String> required = new ArrayList<>();
        schema.path("required").forEach(one -> required.add(one.asText()));
        List<String> left = new ArrayList<>();
        if (schema.has("if")) {
            JsonNode condition = schema.path("if").path("required");
            boolean holds = random.nextBoolean();
            condition.forEach(one -> (holds ? required : left).add(one.asText()));
            JsonNode branch = schema.path(holds ? "then" : "else");
            branch.path("required").forEach(one -> required.add(one.asText()));
            branch.path("not").path("required").forEach(one -> left.add(one.asText()));
        }
        ObjectNode object = JSON.objectNode();
        Map<String, JsonNode> members = new TreeMap<>();
        schema.path("properties").properties().forEach(member -> members.put(member.getKey(), member.getValue()));
        List<String> names = new ArrayList<>(members.keySet());
        names.removeAll(left);
        // The order of members means nothing.
        Collections.shuffle(names, random);
        for (String member : names) {
            if (required.contains(member) || random.nextBoolean()) {
                object.set(member, value(place.to(members.get(member)), place(name, member)));
            }
        }
        if (object.size() < schema.path("minProperties").asInt()) {
            String member = names.get(0);
            object.set(member, value(place.to(members.get(member)), place(name, member)));
        }
        return object;
    }

    private static String place(String name, String member) {
        return name.isEmpty() ? member : name + "/" + member;
    }

    private ArrayNode array(Place place, String name) {
        int min = place.node.path("minItems").asInt();
        int max = place.node.path("maxItems").asInt(ITEMS_USUAL);
        // The most is rare: it is long.
        int count = random.nextInt(50) == 0 ? max : min + random.nextInt(Math.min(max - min, ITEMS_USUAL) + 1);
        ArrayNode array = JSON.arrayNode();
        for (int i = 0; i < count; i++) {
            array.add(value(place.to(place.node.path("items")), name));
        }
        return array;
    }

    private String text(JsonNode schema) {
        if (schema.path("format").asText().equals("uuid")) {
            return new UUID(random.nextLong(), random.nextLong()).toString();
        }
        if (schema.path("format").asText().equals("date-time")) {
            return time();
        }
        if (schema.has("pattern")) {
            return Words.of(schema.path("pattern").asText(), random);
        }
        int length = between(
                schema.path("minLength").asInt(), schema.path("maxLength").asInt(TEXT_USUAL), random);
        var text = new StringBuilder();
        // JSON Schema counts code points.
        for (int i = 0; i < length; i++) {
            if (random.nextInt(40) == 0) {
                text.appendCodePoint(0x1F600 + random.nextInt(40));
            } else {
                text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
            }
        }
        return text.toString();
    }

    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss");

    private String time() {
        int year = random.nextInt(10) == 0 ? random.nextInt(10_000) : 2020 + random.nextInt(20);
        var second = OffsetDateTime.of(year, 1 + random.nextInt(12), 1 + random.nextInt(28), 0, 0, 0, 0, ZoneOffset.UTC)
                .plusSeconds(random.nextInt(86_400));
        String fraction = random.nextBoolean() ? "" : "." + Words.of("^[0-9]{1,9}$", random);
        String offset = OFFSETS.get(random.nextInt(OFFSETS.size()));
        return SECONDS.format(second).replaceFirst("^\\d+", "%04d".formatted(year)) + fraction + offset;
    }

    private long whole(JsonNode schema) {
        long min = schema.path("minimum").asLong();
        long max = schema.path("maximum").asLong(Long.MAX_VALUE);
        return switch (random.nextInt(10)) {
            case 0 -> min;
            case 1 -> max;
            default -> min + (long) (random.nextDouble() * Math.min(max - min, 1_000));
        };
    }

    /** A number that is the least or the most more often than others. */
    static int between(int min, int max, Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> min;
            case 1 -> max;
            default -> min + random.nextInt(max - min + 1);
        };
    }
}
