package dev.orderflow.rehearsal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one version of a service made of one order, as names with values that can be held against another's.
 *
 * @param kept what it said and the rows that it keeps
 * @param sent what left the process; nobody keeps that, so it can be held against a rehearsal's only
 */
record RehearsalOutcome(Map<String, String> kept, Map<String, String> sent) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int VALUE_CHARS_MAX = 120;
    private static final String NOTHING = "nothing";

    static RehearsalOutcome of(
            Map<String, String> said, Map<String, List<String>> rows, List<RecordingEndpoints.Sent> messages) {
        Map<String, String> kept = new TreeMap<>();
        said.forEach((event, body) -> members(event, json(body), kept));
        rows.forEach((table, ofTable) -> numbered(table, ofTable, kept));
        kept.keySet().removeIf(name -> name.endsWith(".orderId"));
        Map<String, String> sent = new TreeMap<>();
        for (int i = 0; i < messages.size(); i++) {
            var message = messages.get(i);
            String name = "to " + message.uri() + (messages.size() > 1 ? "[" + (i + 1) + "]" : "");
            message.headers().forEach((header, value) -> sent.put(name + " header " + header, value));
            String[] lines = message.body().split("\\R", -1);
            for (int line = 0; line < lines.length; line++) {
                sent.put("%s line %03d".formatted(name, line + 1), lines[line]);
            }
        }
        return new RehearsalOutcome(kept, sent);
    }

    static RehearsalOutcome parked(String cause, Map<String, List<String>> rows) {
        var outcome = of(Map.of(), rows, List.of());
        outcome.kept.put("parked", cause);
        return outcome;
    }

    private static void numbered(String table, List<String> rows, Map<String, String> into) {
        for (int i = 0; i < rows.size(); i++) {
            members(rows.size() == 1 ? table : table + "[" + (i + 1) + "]", json(rows.get(i)), into);
        }
    }

    private static void members(String name, JsonNode value, Map<String, String> into) {
        if (value.isObject() && !value.isEmpty()) {
            value.properties().forEach(member -> members(name + "." + member.getKey(), member.getValue(), into));
        } else if (value.isArray() && !value.isEmpty()) {
            for (int i = 0; i < value.size(); i++) {
                members(name + "[" + (i + 1) + "]", value.get(i), into);
            }
        } else if (!value.isNull()) {
            into.put(name, value.toString());
        }
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("This is no JSON: " + text, e);
        }
    }

    /** A line for each name whose value differs: before and after. */
    static List<String> differences(Map<String, String> before, Map<String, String> after) {
        var names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        List<String> differences = new ArrayList<>();
        for (String name : names) {
            String was = before.getOrDefault(name, NOTHING);
            String is = after.getOrDefault(name, NOTHING);
            if (!was.equals(is)) {
                differences.add("%s: %s -> %s".formatted(name, bounded(was), bounded(is)));
            }
        }
        return differences;
    }

    private static String bounded(String value) {
        return value.length() <= VALUE_CHARS_MAX ? value : value.substring(0, VALUE_CHARS_MAX) + "...";
    }
}
