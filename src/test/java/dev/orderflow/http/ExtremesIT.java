package dev.orderflow.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orderflow.testing.Contract;
import dev.orderflow.testing.Shop;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Drives every operation of openapi.json with input that is at the end of what there can be, and beyond: each answer is
 * one that the contract has for the operation, and none is a fault of ours.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExtremesIT {

    private static final int RANDOM_CALLS = 2_000;

    private static final String LONG_NUMBER = "9".repeat(1_001);
    private static final String DEEP = "[".repeat(1_001) + "]".repeat(1_001);

    private static final List<String> TEXTS = List.of(
            "",
            "0",
            "x",
            "\0",
            "a\0b",
            "\ud800",
            "\u202e",
            "é",
            "-1",
            "1e9",
            LONG_NUMBER,
            "../../etc/passwd",
            "%25",
            "' OR 1=1 --",
            "+1000000000-12-31T23:59:59Z",
            "-999999999-01-01T00:00:00Z",
            "0000-00-00T00:00:00Z",
            "9999-12-31T23:59:59.999999999Z",
            "9".repeat(400),
            cursor("+1000000000-12-31T23:59:59Z " + UUID.randomUUID()),
            cursor("-999999999-01-01T00:00:00Z a\0b"),
            cursor("+1000000000-12-31T23:59:59Z x"),
            cursor("\0"),
            cursor("a b c d"));

    private static final List<String> BODIES = List.of(
            "",
            " ",
            "{}",
            "[]",
            "null",
            "7",
            LONG_NUMBER,
            "-" + LONG_NUMBER,
            "1e" + LONG_NUMBER,
            "1e400",
            DEEP,
            "{\"a\":".repeat(1_001) + "1" + "}".repeat(1_001),
            "{\"onHand\":" + LONG_NUMBER + "}",
            "{\"onHand\":1e1000000000}",
            "{\"onHand\":-0.0}",
            "{\"onHand\":" + DEEP + "}",
            "{\"operation\":\"rewind\",\"service\":\"shipping\",\"to\":\"+1000000000-12-31T23:59:59Z\"}",
            "{\"operation\":\"skip\",\"service\":\"a\\u0000b\",\"partition\":\"x-1\",\"first\":" + LONG_NUMBER + "}",
            "{\"service\":\"shipping\",\"from\":\"+1000000000-12-31T23:59:59Z\"}",
            "{\"service\":\"\\u0000\",\"ids\":[\"\\ud800\"]}",
            "{\"ids\":" + DEEP + "}",
            "{\"body\":" + LONG_NUMBER + ",\"reason\":\"x\"}",
            "{\"body\":" + DEEP + "}",
            "{\"\\u0000\":\"\\u0000\"}",
            "{\"a\":1,\"a\":2}",
            "\ufeff{}",
            "{\"a\":\"\ud800\"}",
            "{".repeat(100));

    private final HttpClient client = HttpClient.newHttpClient();
    private Shop shop;

    private record Operation(String method, String path, List<String> query, boolean hasBody) {}

    @BeforeAll
    void open() {
        shop = Shop.open(Map.of());
        shop.order(3);
        shop.await("shipped", 3, "SELECT count(*) FROM shipping.shipment");
    }

    @AfterAll
    void close() {
        shop.close();
    }

    @Test
    void answersEveryExtremeAsTheContractSays() {
        Map<String, Set<Integer>> seen = new TreeMap<>();
        for (Operation operation : operations()) {
            for (String text : TEXTS) {
                String path =
                        operation.path.replaceAll("\\{[^}]*}", java.util.regex.Matcher.quoteReplacement(encoded(text)));
                if (!path.equals(operation.path)) {
                    call(seen, operation, path, "{}");
                }
                for (String parameter : operation.query) {
                    call(seen, operation, usual(operation) + "?" + parameter + "=" + encoded(text), "{}");
                }
            }
            if (operation.hasBody) {
                BODIES.forEach(body -> call(seen, operation, usual(operation), body));
            }
        }
        seen.forEach((operation, statuses) -> System.out.println("ExtremesIT: " + operation + " " + statuses));
    }

    /** The same at random, from a seed that is printed. */
    @Test
    void answersAnyMixOfThemAsTheContractSays() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("ExtremesIT: seed " + seed);
        var random = new Random(seed);
        Map<String, Set<Integer>> seen = new TreeMap<>();
        // An audit reads all topics each time.
        var operations =
                operations().stream().filter(one -> !one.path.equals("/audit")).toList();
        for (int i = 0; i < RANDOM_CALLS; i++) {
            var operation = operations.get(random.nextInt(operations.size()));
            String path = random.nextBoolean()
                    ? usual(operation)
                    : operation.path.replaceAll(
                            "\\{[^}]*}", java.util.regex.Matcher.quoteReplacement(encoded(any(random, TEXTS))));
            List<String> pairs = new ArrayList<>();
            for (String parameter : operation.query) {
                if (random.nextInt(3) == 0) {
                    pairs.add(parameter + "=" + encoded(any(random, TEXTS)));
                }
            }
            call(seen, operation, pairs.isEmpty() ? path : path + "?" + String.join("&", pairs), any(random, BODIES));
        }
    }

    private static List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        JsonNode openapi = Contract.resource("openapi.json");
        openapi.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    if (operation.getKey().equals("parameters")) {
                        return;
                    }
                    List<String> query = new ArrayList<>();
                    operation.getValue().path("parameters").forEach(parameter -> {
                        JsonNode is = parameter.has("$ref")
                                ? openapi.at(parameter.path("$ref").asText().substring(1))
                                : parameter;
                        if (is.path("in").asText().equals("query")) {
                            query.add(is.path("name").asText());
                        }
                    });
                    query.add("unknown");
                    operations.add(new Operation(
                            operation.getKey().toUpperCase(java.util.Locale.ROOT),
                            path.getKey(),
                            query,
                            operation.getValue().has("requestBody")));
                }));
        assertThat(operations).hasSizeGreaterThan(15);
        return operations;
    }

    private static String usual(Operation operation) {
        return operation.path.replaceAll("\\{[^}]*}", "x");
    }

    private void call(Map<String, Set<Integer>> seen, Operation operation, String pathAndQuery, String body) {
        String type = operation.path.equals("/orders/bulk") ? "application/x-ndjson" : "application/json";
        var request = HttpRequest.newBuilder(URI.create(shop.app.url() + pathAndQuery))
                .header("Content-Type", type)
                .method(
                        operation.method,
                        operation.hasBody ? BodyPublishers.ofByteArray(body.getBytes(UTF_8)) : BodyPublishers.noBody());
        try {
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            String call = operation.method + " " + shortened(pathAndQuery) + " " + shortened(body);
            assertThat(answer.statusCode()).as(call + ": " + answer.body()).isLessThan(500);
            seen.computeIfAbsent(operation.method + " " + operation.path, key -> new TreeSet<>())
                    .add(answer.statusCode());
            if (answer.statusCode() != 404 && !type.endsWith("ndjson")
                    || answer.statusCode() >= 400 && answer.statusCode() != 404) {
                Contract.answer(
                        operation.method,
                        operation.path,
                        answer.statusCode(),
                        answer.headers().map(),
                        answer.body());
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(operation.method + " " + shortened(pathAndQuery), e);
        }
    }

    private static String shortened(String text) {
        return text.length() > 120 ? text.substring(0, 120) + "..." : text;
    }

    private static String any(Random random, List<String> some) {
        return some.get(random.nextInt(some.size()));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    private static String cursor(String place) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(place.getBytes(UTF_8));
    }
}
