package dev.orderflow.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orderflow.events.Violation;
import dev.orderflow.settings.NearMiss;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Holds JSON to a record and its components, and takes out what does not fit, so that one look finds all of it. Nothing
 * is turned into another type: {@code "5"} is no number, and 5.0 no whole one.
 */
final class RecordShape {

    private static final String NUMBER = "a whole number";
    private static final Map<Type, String> SCALARS = Map.of(
            String.class, "text",
            Instant.class, "a time such as 2026-11-22T10:00:00Z",
            Boolean.class, "true or false",
            boolean.class, "true or false",
            Long.class, NUMBER,
            long.class, NUMBER);

    private final List<Violation> violations;

    RecordShape(List<Violation> violations) {
        this.violations = violations;
    }

    boolean fits(JsonNode body, Class<? extends Record> type, String wanted) {
        return fits(body, type, "", wanted, null);
    }

    private boolean fits(JsonNode node, Type type, String pointer, String wanted, Whole bounds) {
        if (node instanceof ObjectNode object && type instanceof Class<?> of && of.isRecord()) {
            members(object, of, pointer);
            return true;
        }
        if (node instanceof ArrayNode array && type instanceof ParameterizedType list) {
            items(array, list.getActualTypeArguments()[0], pointer);
            return true;
        }
        boolean fits = type == JsonNode.class || scalar(node, type, bounds);
        if (!fits) {
            String name = pointer.isEmpty() ? "the body" : pointer.substring(1);
            add(pointer, "%s must be %s, but was %s".formatted(name, wanted, found(node)));
        }
        return fits;
    }

    private void members(ObjectNode object, Class<?> type, String pointer) {
        var names = Stream.of(type.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
        for (RecordComponent component : type.getRecordComponents()) {
            String name = component.getName();
            var bounds = component.getAnnotation(Whole.class);
            String wanted = wanted(component.getGenericType(), bounds);
            if (!object.has(name)) {
                if (component.getType().isPrimitive()) {
                    add(pointer, name + " is missing");
                }
            } else if (!fits(object.get(name), component.getGenericType(), pointer + "/" + name, wanted, bounds)) {
                object.remove(name);
            }
        }
        var unknown = new ArrayList<String>();
        object.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(names);
        for (String name : unknown) {
            String shown = Call.shown(name);
            String meant = NearMiss.of(name, names)
                    .map(" (did you mean '%s'?)"::formatted)
                    .orElse(", only " + String.join(", ", names));
            add(
                    pointer + "/" + shown.replace("~", "~0").replace("/", "~1"),
                    "'%s' is not known here%s".formatted(shown, meant));
            object.remove(name);
        }
    }

    private void items(ArrayNode array, Type type, String pointer) {
        for (int i = 0; i < array.size(); i++) {
            if (!fits(array.get(i), type, pointer + "/" + i, wanted(type, null), null)) {
                array.setNull(i);
            }
        }
    }

    private static String wanted(Type type, Whole bounds) {
        if (bounds != null) {
            return "%s from %,d to %,d".formatted(NUMBER, bounds.min(), bounds.max());
        }
        return SCALARS.getOrDefault(type, type instanceof ParameterizedType ? "an array" : "an object");
    }

    private static boolean scalar(JsonNode node, Type type, Whole bounds) {
        if (type == Long.class || type == long.class) {
            return node.isIntegralNumber()
                    && node.canConvertToLong()
                    && (bounds == null || node.longValue() >= bounds.min() && node.longValue() <= bounds.max());
        }
        if (type == Boolean.class || type == boolean.class) {
            return node.isBoolean();
        }
        // PostgreSQL's text holds everything but NUL.
        boolean text = node.isTextual()
                && !node.textValue().isEmpty()
                && node.textValue().indexOf('\0') < 0;
        return text && (type == String.class || type == Instant.class && isTime(node.textValue()));
    }

    private static boolean isTime(String text) {
        try {
            return Call.time(text) != null;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static String found(JsonNode node) {
        if (node.isContainerNode()) {
            return node.isObject() ? "an object" : "an array";
        }
        return node.isTextual() ? "'" + Call.shown(node.textValue()) + "'" : Call.shown(node.asText());
    }

    private void add(String pointer, String sentence) {
        violations.add(new Violation(pointer, sentence));
    }
}
