package dev.orderflow.contracts;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.orderflow.contracts.Operation.Parameter;
import dev.orderflow.contracts.Schemas.Place;
import dev.orderflow.testing.Contract;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;

/** Calls that openapi.json allows, made at random of its schemas. */
final class ValidRequests {

    /** @param lines of a bulk; 0 of anything else */
    record Call(Operation operation, String pathAndQuery, Map<String, String> headers, byte[] body, int lines) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    /** How often an operation is called, in parts. An audit reads all topics each time, so it is called elsewhere. */
    private static final Map<String, Integer> WEIGHTS = Map.of(
            "POST /orders", 24,
            "POST /orders/bulk", 8,
            "PUT /inventory/{sku}", 12,
            "POST /dead-letters/redrive", 12,
            "POST /operations", 3,
            "POST /routes/{file}/rollback", 2,
            "GET /audit", 0);

    private static final int WEIGHT_USUAL = 6;

    private static final List<String> EMAILS = List.of(
            "ada@example.com",
            "a+b.o'neill@mail.example.org",
            "\"a..b\"@docomo.ne.jp",
            "用户@例え.テスト",
            "ada@straße.de",
            "x@r3---sn.example.com",
            "l".repeat(64) + "@" + "d".repeat(63) + ".example.org");
    private static final List<String> CURRENCIES = List.copyOf(properties().stringPropertyNames());
    private static final List<String> COUNTRIES = List.of(Locale.getISOCountries());
    private static final List<String> KEYS = List.of("basket-1", "basket-2", "~", "!", "k".repeat(255));
    private static final List<String> SERVICES =
            List.of("inventory", "shipping", "notification", "status", "nobody", "a.b_c-D");
    private static final List<String> TIMES =
            List.of("1970-01-01T00:00:00Z", "2026-11-22T10:00:00Z", "2026-11-22T10:00:00.123456789+02:00");

    private final Random random;
    private final Map<String, List<String>> known;
    private final Schemas schemas;
    private final List<Operation> weighted = new ArrayList<>();

    /** @param known values of parameters that there are, by names such as {@code GET /orders/{id} id} and {@code cursor} */
    ValidRequests(Random random, Map<String, List<String>> known) {
        this.random = random;
        this.known = known;
        Map<String, Function<Random, JsonNode>> narrower = new HashMap<>();
        narrower.put("customer/email", from -> TextNode.valueOf(any(EMAILS)));
        narrower.put("currency", from -> TextNode.valueOf(any(CURRENCIES)));
        narrower.put("shipTo/country", from -> TextNode.valueOf(any(COUNTRIES)));
        narrower.put("maxAttempts", from -> JSON.getNodeFactory().numberNode(1 + from.nextInt(5)));
        this.schemas = new Schemas(random, narrower);
        for (Operation operation : Operation.all()) {
            for (int i = 0; i < WEIGHTS.getOrDefault(operation.name(), WEIGHT_USUAL); i++) {
                weighted.add(operation);
            }
        }
    }

    /** What the contract says in words is said in {@link InWords}; all else is of the schemas alone. */
    Call next() {
        return of(any(weighted));
    }

    Call of(Operation operation) {
        String path = operation.path();
        List<String> query = new ArrayList<>();
        Map<String, String> headers = new LinkedHashMap<>();
        for (Parameter parameter : operation.parameters()) {
            if (!parameter.required() && random.nextBoolean()) {
                continue;
            }
            String name = parameter.name();
            switch (parameter.in()) {
                case "path" -> path = path.replace("{" + name + "}", encoded(pathValue(operation, parameter)));
                case "query" -> {
                    String value = name.equals("cursor") ? cursor(operation) : value(parameter, "");
                    if (!name.equals("cursor") || !value.isEmpty()) {
                        query.add(name + "=" + encoded(value));
                    }
                }
                default -> headers.put(name, header(parameter));
            }
        }
        if (random.nextBoolean()) {
            headers.put(
                    "Accept",
                    any(List.of("*/*", operation.answers(), operation.answers() + ", application/problem+json")));
        }
        byte[] body = new byte[0];
        int lines = 0;
        if (operation.takes().isPresent()) {
            headers.put("Content-Type", operation.takes().get() + any(List.of("", "", "; charset=utf-8", ";v=1")));
            if (operation.path().equals("/orders/bulk")) {
                lines = 1 + random.nextInt(5);
                body = bulk(lines);
            } else {
                body = bytes(body(operation));
            }
            if (random.nextInt(5) == 0) {
                headers.put("Content-Encoding", "gzip");
                body = gzip(body);
            }
        }
        return new Call(operation, query.isEmpty() ? path : path + "?" + String.join("&", query), headers, body, lines);
    }

    private String pathValue(Operation operation, Parameter parameter) {
        List<String> there = known.getOrDefault(operation.path(), List.of());
        return !there.isEmpty() && random.nextBoolean() ? any(there) : value(parameter, "");
    }

    private String value(Parameter parameter, String name) {
        return schemas.value(parameter.schema(), name).asText();
    }

    private String cursor(Operation operation) {
        List<String> cursors = known.getOrDefault(operation.path() + " cursor", List.of());
        return cursors.isEmpty() ? "" : any(cursors);
    }

    /** Any text is a Prefer, an If-None-Match and a traceparent; what cannot be read of them is passed (RFC 7240, 2). */
    private String header(Parameter parameter) {
        return switch (parameter.name()) {
            case "Idempotency-Key" -> random.nextInt(4) == 0 ? any(KEYS) : value(parameter, "");
            case "Prefer" ->
                any(List.of("wait=0", "wait=1", "respond-async, wait=\"1\"; x", "return=minimal", "wait", ","));
            case "If-None-Match" -> any(List.of("*", "\"1\"", "W/\"3\", \"4\"", "\"x\"", "7"));
            default -> any(List.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "x", "00-0-0-00"));
        };
    }

    private JsonNode body(Operation operation) {
        JsonNode body = schemas.value(operation.body(), "");
        return switch (operation.name()) {
            case "POST /orders" -> order((ObjectNode) body);
            case "POST /operations" -> command((ObjectNode) body);
            case "POST /dead-letters/redrive" -> redrive((ObjectNode) body);
            default -> body;
        };
    }

    private ObjectNode order(ObjectNode order) {
        Set<String> skus = new HashSet<>();
        var lines = (ArrayNode) order.path("lines");
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (!skus.add(lines.get(i).path("sku").asText())) {
                lines.remove(i);
            }
        }
        var shipTo = (ObjectNode) order.path("shipTo");
        if (!shipTo.has("postalCode")) {
            shipTo.put("country", any(List.of("IE", "HK", "AE")));
        }
        List.of("name", "street", "city", "postalCode").forEach(member -> notBlank(shipTo, member));
        notBlank(order, "reference");
        return order;
    }

    private static void notBlank(ObjectNode object, String member) {
        if (object.has(member) && object.path(member).asText().isBlank()) {
            object.put(member, "x");
        }
    }

    /** A real pause would stand in the way of what comes after; so all but a resume are dry. */
    private ObjectNode command(ObjectNode command) {
        String operation = command.path("operation").asText();
        var needed = new ObjectMapper().createObjectNode();
        needed.put("operation", operation);
        needed.put(
                "service",
                random.nextBoolean() ? any(SERVICES) : command.path("service").asText());
        switch (operation) {
            case "rewind" ->
                needed.put(
                        "to",
                        any(List.of(
                                "beginning", any(TIMES), known.get("partition").get(0) + "@0")));
            case "skip" -> {
                needed.put(
                        "partition",
                        random.nextBoolean() ? known.get("partition").get(0) : "nowhere-3");
                long first = random.nextInt(3) == 0 ? Long.MAX_VALUE - 1 - random.nextInt(3) : random.nextInt(3);
                needed.put("first", first);
                needed.put("last", first + Math.min(Long.MAX_VALUE - 1 - first, random.nextInt(1_000_000)));
            }
            case "allow" -> needed.put("fingerprint", Words.of("^[0-9a-f]{12}$", random));
            default -> {
                // no more
            }
        }
        if (!operation.equals("resume") || random.nextBoolean()) {
            needed.put("dryRun", true);
        }
        return needed;
    }

    private ObjectNode redrive(ObjectNode redrive) {
        if (redrive.has("body")) {
            redrive.remove("filter");
            redrive.putArray("ids").add(Words.of("^[0-9a-f]{24}$", random));
        } else if (redrive.has("ids") && random.nextBoolean()) {
            redrive.putArray("ids").add(any(known.get("/dead-letters/{id}")));
        }
        return redrive;
    }

    private byte[] bulk(int lines) {
        var bulk = new StringBuilder();
        var schema = new Place("schemas/order.schema.json", Contract.resource("schemas/order.schema.json"));
        for (int i = 0; i < lines; i++) {
            ObjectNode order = order((ObjectNode) schemas.value(schema, ""));
            if (random.nextInt(3) == 0) {
                order.put(
                        "idempotencyKey",
                        UUID.nameUUIDFromBytes(order.toString().getBytes(UTF_8)).toString());
            }
            bulk.append(order).append(any(List.of("\n", "\n", "\r\n", "\n\n")));
        }
        return bulk.toString().getBytes(UTF_8);
    }

    private byte[] bytes(JsonNode json) {
        try {
            return random.nextBoolean()
                    ? JSON.writeValueAsBytes(json)
                    : JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T> T any(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    private static byte[] gzip(byte[] body) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Properties properties() {
        var currencies = new Properties();
        try (InputStream in = ValidRequests.class.getResourceAsStream("/currencies.properties")) {
            currencies.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return currencies;
    }
}
