package dev.orderflow.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.CamelContext;

/**
 * Whether a word fits the type that it is read as. Camel's own converter is asked, so that nothing is refused that Camel
 * would take; where it cannot tell, the word is taken.
 */
final class ValueTypes {

    private static final Set<Class<?>> NUMBERS =
            Set.of(int.class, Integer.class, long.class, Long.class, short.class, Short.class, byte.class, Byte.class);
    private static final Set<Class<?>> FRACTIONS = Set.of(double.class, Double.class, float.class, Float.class);

    private final CamelContext context;

    ValueTypes(CamelContext context) {
        this.context = context;
    }

    /**
     * What it must be, where it does not fit; empty where it does.
     *
     * @param option as Camel's catalogue describes it; a missing node where it does not
     * @param type what Java takes; null where nobody knows
     */
    Optional<String> misfit(String text, JsonNode option, Class<?> type) {
        String value = resolved(text);
        if (value.isEmpty() || value.contains("{{") || value.matches("(?s)#.*|.*\\$(simple)?\\{.*|RAW[({].*")) {
            return Optional.empty();
        }
        String kind = option.path("type").asText();
        if (kind.equals("duration") || type == Duration.class) {
            return duration(value, type) ? Optional.empty() : Optional.of("a duration, such as 500, 10s or 5m");
        }
        if (kind.equals("boolean") || type == boolean.class || type == Boolean.class) {
            return value.matches("(?i)true|false") ? Optional.empty() : Optional.of("true or false");
        }
        if (type != null && type.isEnum()) {
            return converts(value, type) ? Optional.empty() : Optional.of(oneOf(value, words(option, type)));
        }
        if (kind.equals("enum") && type == String.class) {
            List<String> words = words(option, type);
            boolean known = value.contains(",") || words.stream().anyMatch(value::equalsIgnoreCase);
            return known ? Optional.empty() : Optional.of(oneOf(value, words));
        }
        if (type == null) {
            return Optional.empty();
        }
        if (NUMBERS.contains(type)) {
            return converts(value, type) ? Optional.empty() : Optional.of("a whole number");
        }
        if (FRACTIONS.contains(type)) {
            return converts(value, type) ? Optional.empty() : Optional.of("a number");
        }
        return Optional.empty();
    }

    private boolean duration(String value, Class<?> type) {
        return converts(value, Duration.class) || type != null && NUMBERS.contains(type) && converts(value, type);
    }

    private boolean converts(String value, Class<?> type) {
        return context.getTypeConverter().tryConvertTo(type, value) != null;
    }

    private static List<String> words(JsonNode option, Class<?> type) {
        List<String> words = new ArrayList<>();
        option.path("enum").forEach(word -> words.add(word.asText()));
        if (words.isEmpty() && type.isEnum()) {
            for (Object constant : type.getEnumConstants()) {
                words.add(((Enum<?>) constant).name());
            }
        }
        return words;
    }

    private static String oneOf(String value, List<String> words) {
        return "one of " + String.join(", ", words) + Sentences.near(value, words);
    }

    /** With its settings in their places; as it stands where a setting is not there, which is refused elsewhere. */
    String resolved(String text) {
        try {
            String value = context.resolvePropertyPlaceholders(text);
            return value == null ? "" : value;
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
