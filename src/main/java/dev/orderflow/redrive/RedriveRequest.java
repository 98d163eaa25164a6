package dev.orderflow.redrive;

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
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The body of POST /dead-letters/redrive. It names letters, and how fast and how often; where they go, and under which
 * key and headers, is none of its business.
 *
 * @param body what goes back instead of the original, for exactly one letter
 */
record RedriveRequest(
        Selection selection,
        boolean dryRun,
        int ratePerSecond,
        int attemptsMax,
        boolean override,
        Optional<byte[]> body) {

    static final String ID = "[0-9a-f]{24}";
    static final int RATE_MAX = 100_000;

    private static final int IDS_MAX = 1_000;
    private static final int VIOLATIONS_MAX = 20;
    private static final Set<String> MEMBERS =
            Set.of("ids", "filter", "dryRun", "ratePerSecond", "maxAttempts", "override", "body");
    private static final Set<String> FILTERS = Set.of("service", "fingerprint", "from", "to");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** The limits that the settings give. */
    record Limits(int ratePerSecond, int attemptsMax) {}

    /** @throws Refusal with every violation that it finds */
    static RedriveRequest read(byte[] bytes, Limits limits) {
        JsonNode json = parse(bytes);
        var reader = new Reader(json, limits);
        RedriveRequest request = reader.read();
        if (!reader.violations.isEmpty()) {
            throw new Refusal(new Problem(
                    422,
                    "invalid-redrive",
                    "The redrive breaks a rule",
                    reader.violations.get(0).detail() + ".",
                    reader.violations.subList(0, Math.min(VIOLATIONS_MAX, reader.violations.size())),
                    Map.of()));
        }
        return request;
    }

    private static JsonNode parse(byte[] bytes) {
        try {
            JsonNode json = JSON.readTree(bytes);
            if (json.isMissingNode()) {
                throw new Refusal(Problem.emptyBody("The body must be an object such as {\"ids\": [\"...\"]}."));
            }
            return json;
        } catch (JsonProcessingException e) {
            throw new Refusal(Problem.malformedJson("The body is not valid JSON at line %d, column %d."
                    .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr())));
        } catch (IOException e) {
            throw new Refusal(Problem.malformedJson("The body is not valid JSON."));
        }
    }

    private static final class Reader {

        private final JsonNode json;
        private final Limits limits;
        private final List<Violation> violations = new ArrayList<>();

        Reader(JsonNode json, Limits limits) {
            this.json = json;
            this.limits = limits;
        }

        RedriveRequest read() {
            if (!json.isObject()) {
                refuse("", "the body must be an object such as {\"ids\": [\"...\"]}");
            }
            known(json, "", MEMBERS);
            var selection = selection();
            return new RedriveRequest(
                    selection,
                    flag("dryRun"),
                    number("ratePerSecond", limits.ratePerSecond(), RATE_MAX),
                    number("maxAttempts", limits.attemptsMax(), limits.attemptsMax()),
                    flag("override"),
                    body(selection));
        }

        private Selection selection() {
            if (json.has("ids") == json.has("filter")) {
                refuse("", "either ids or filter must say which letters are meant");
            }
            JsonNode filter = json.path("filter");
            if (json.has("filter") && (!filter.isObject() || filter.isEmpty())) {
                refuse("/filter", "filter must be an object with service, fingerprint, from or to");
            }
            known(filter, "/filter", FILTERS);
            return new Selection(
                    text(filter, "service"),
                    text(filter, "fingerprint"),
                    Optional.empty(),
                    time(filter, "from"),
                    time(filter, "to"),
                    ids());
        }

        private List<String> ids() {
            JsonNode ids = json.path("ids");
            var known = new LinkedHashSet<String>();
            if (json.has("ids") && (!ids.isArray() || ids.isEmpty() || ids.size() > IDS_MAX)) {
                refuse("/ids", "ids must be an array of 1 to %,d ids".formatted(IDS_MAX));
                return List.of();
            }
            for (int i = 0; i < ids.size(); i++) {
                if (!ids.get(i).isTextual() || !ids.get(i).textValue().matches(ID)) {
                    refuse("/ids/" + i, "an id must be the 24 hexadecimal digits that GET /dead-letters shows");
                } else {
                    known.add(ids.get(i).textValue());
                }
            }
            return List.copyOf(known);
        }

        private Optional<byte[]> body(Selection selection) {
            JsonNode body = json.path("body");
            if (body.isMissingNode()) {
                return Optional.empty();
            }
            if (selection.ids().size() != 1) {
                refuse("/body", "body corrects one letter, so ids must name exactly one");
            }
            if (!body.isTextual() && !body.isObject()) {
                refuse("/body", "body must be the corrected record, as a JSON object or as text");
            }
            String text = body.isTextual() ? body.textValue() : body.toString();
            return Optional.of(text.getBytes(StandardCharsets.UTF_8));
        }

        private boolean flag(String name) {
            JsonNode flag = json.path(name);
            if (!flag.isMissingNode() && !flag.isBoolean()) {
                refuse("/" + name, name + " must be true or false");
            }
            return flag.asBoolean();
        }

        private int number(String name, int ifMissing, int max) {
            JsonNode number = json.path(name);
            if (number.isMissingNode()) {
                return ifMissing;
            }
            if (!number.isIntegralNumber()
                    || !number.canConvertToInt()
                    || number.intValue() < 1
                    || number.intValue() > max) {
                refuse("/" + name, "%s must be a whole number from 1 to %,d".formatted(name, max));
            }
            return number.asInt(ifMissing);
        }

        private Optional<String> text(JsonNode filter, String name) {
            JsonNode text = filter.path(name);
            if (text.isMissingNode()) {
                return Optional.empty();
            }
            if (!text.isTextual()
                    || text.textValue().isEmpty()
                    || text.textValue().indexOf('\0') >= 0) {
                refuse("/filter/" + name, name + " must be text");
            }
            return Optional.of(text.asText());
        }

        private Optional<Instant> time(JsonNode filter, String name) {
            return text(filter, name).flatMap(time -> {
                try {
                    return Optional.of(Instant.parse(time));
                } catch (DateTimeParseException e) {
                    refuse(
                            "/filter/" + name,
                            "%s must be a time such as 2026-11-22T10:00:00Z, but was '%s'"
                                    .formatted(name, Question.shown(time)));
                    return Optional.empty();
                }
            });
        }

        private void known(JsonNode object, String pointer, Set<String> names) {
            object.fieldNames().forEachRemaining(name -> {
                if (!names.contains(name)) {
                    String escaped = Question.shown(name).replace("~", "~0").replace("/", "~1");
                    refuse(pointer + "/" + escaped, "'%s' is not known here".formatted(Question.shown(name)));
                }
            });
        }

        private void refuse(String pointer, String detail) {
            violations.add(new Violation(pointer, detail));
        }
    }
}
