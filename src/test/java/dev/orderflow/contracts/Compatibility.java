package dev.orderflow.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Tells what of a schema would break a program that was written against an earlier one. What was there stays as it was;
 * members may be added, and those that are read from clients only as optional ones.
 */
final class Compatibility {

    /** Who writes what the schema describes: we do (events, answers), or clients do (requests). */
    enum Writer {
        US,
        CLIENTS
    }

    /** Words that a program does not depend on. */
    private static final Set<String> PROSE =
            Set.of("description", "title", "examples", "example", "$comment", "summary");

    private final JsonNode then;
    private final JsonNode now;
    private final Writer writer;
    private final List<String> breaks = new ArrayList<>();

    private Compatibility(JsonNode then, JsonNode now, Writer writer) {
        this.then = then;
        this.now = now;
        this.writer = writer;
    }

    /** A sentence for each break; none when whoever knows {@code then} can live with {@code now}. */
    static List<String> breaks(JsonNode then, JsonNode now, Writer writer) {
        return breaks(then, now, "", writer);
    }

    /** The same for a schema inside two documents, through which its references go. */
    static List<String> breaks(JsonNode then, JsonNode now, String pointer, Writer writer) {
        var compatibility = new Compatibility(then, now, writer);
        compatibility.schema("", then.at(pointer), now.at(pointer));
        return compatibility.breaks;
    }

    private void schema(String at, JsonNode was, JsonNode is) {
        JsonNode old = target(then, was);
        JsonNode young = target(now, is);
        members(at, old.path("properties"), young.path("properties"));
        required(at, old.path("required"), young.path("required"));
        Set<String> words = new TreeSet<>();
        old.fieldNames().forEachRemaining(words::add);
        young.fieldNames().forEachRemaining(words::add);
        words.removeAll(Set.of("properties", "required", "$defs", "$id", "$schema"));
        words.removeAll(PROSE);
        for (String word : words) {
            if (old.path(word).isObject() && young.path(word).isObject()) {
                schema(at + "/" + word, old.path(word), young.path(word));
            } else if (!same(old.path(word), young.path(word))) {
                breaks.add("%s: %s was %s and is %s"
                        .formatted(place(at), word, shown(old.path(word)), shown(young.path(word))));
            }
        }
    }

    private void members(String at, JsonNode was, JsonNode is) {
        was.properties().forEach(member -> {
            String place = at + "/" + member.getKey();
            if (is.has(member.getKey())) {
                schema(place, member.getValue(), is.get(member.getKey()));
            } else {
                breaks.add(place(place) + ": the member is gone");
            }
        });
    }

    private void required(String at, JsonNode was, JsonNode is) {
        Set<String> gone = texts(was);
        gone.removeAll(texts(is));
        Set<String> added = texts(is);
        added.removeAll(texts(was));
        if (writer == Writer.US && !gone.isEmpty()) {
            breaks.add(place(at) + ": readers rely on " + gone + ", which became optional");
        }
        if (writer == Writer.CLIENTS && !added.isEmpty()) {
            breaks.add(place(at) + ": clients do not send " + added + ", which became required");
        }
    }

    private static JsonNode target(JsonNode document, JsonNode schema) {
        String ref = schema.path("$ref").asText();
        return ref.startsWith("#") ? document.at(ref.substring(1)) : schema;
    }

    /** Lists of words, such as an enum or several types, are sets. */
    private static boolean same(JsonNode was, JsonNode is) {
        return was.isArray() && is.isArray() ? texts(was).equals(texts(is)) : was.equals(is);
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new HashSet<>();
        array.forEach(text -> texts.add(text.isTextual() ? text.asText() : text.toString()));
        return texts;
    }

    private static String place(String at) {
        return at.isEmpty() ? "the object" : at;
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "absent" : value.toString();
    }
}
