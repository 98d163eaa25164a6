package dev.orderflow.inventory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.orderflow.door.Problem;
import dev.orderflow.events.Violation;
import dev.orderflow.reading.Question;
import dev.orderflow.reading.Refusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads the body of PUT /inventory/{sku}, {@code {"onHand": 12}}, and refuses every other with its sentences. */
final class OnHand {

    private static final long MAX = 1_000_000_000;
    private static final int VIOLATIONS_MAX = 20;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private OnHand() {}

    static long read(byte[] body) {
        JsonNode json = parse(body);
        List<Violation> violations = new ArrayList<>();
        if (!json.isObject()) {
            violations.add(new Violation("", "the body must be an object such as {\"onHand\": 12}"));
        } else {
            check(json, violations);
        }
        if (!violations.isEmpty()) {
            throw new Refusal(invalid(violations));
        }
        return json.get("onHand").longValue();
    }

    static Problem invalid(List<Violation> violations) {
        return new Problem(
                422,
                "invalid-stock",
                "The stock breaks a rule",
                violations.get(0).detail() + ".",
                violations.subList(0, Math.min(VIOLATIONS_MAX, violations.size())),
                Map.of());
    }

    private static void check(JsonNode json, List<Violation> violations) {
        JsonNode onHand = json.get("onHand");
        if (onHand == null) {
            violations.add(new Violation("", "onHand is missing"));
        } else if (!onHand.isIntegralNumber()) {
            violations.add(new Violation("/onHand", "onHand must be a whole number, but was " + kind(onHand)));
        } else if (!onHand.canConvertToLong() || onHand.longValue() < 0 || onHand.longValue() > MAX) {
            violations.add(new Violation(
                    "/onHand",
                    "onHand must be from 0 to %,d, but was %s".formatted(MAX, Question.shown(onHand.asText()))));
        }
        json.fieldNames().forEachRemaining(name -> {
            if (!name.equals("onHand")) {
                String pointer = "/" + Question.shown(name).replace("~", "~0").replace("/", "~1");
                violations.add(new Violation(pointer, "'%s' is not known here".formatted(Question.shown(name))));
            }
        });
    }

    private static String kind(JsonNode node) {
        return node.isNumber()
                ? Question.shown(node.asText())
                : "of type " + node.getNodeType().name().toLowerCase(Locale.ROOT);
    }

    private static JsonNode parse(byte[] body) {
        try {
            JsonNode json = JSON.readTree(body);
            if (json.isMissingNode()) {
                throw new Refusal(Problem.emptyBody("Send the stock as JSON, such as {\"onHand\": 12}."));
            }
            return json;
        } catch (JsonProcessingException e) {
            var place = e.getLocation();
            throw new Refusal(Problem.malformedJson("The body stops being JSON at line %d, column %d."
                    .formatted(place.getLineNr(), place.getColumnNr())));
        } catch (IOException e) {
            throw new Refusal(Problem.malformedJson("The body cannot be read as JSON."));
        }
    }
}
