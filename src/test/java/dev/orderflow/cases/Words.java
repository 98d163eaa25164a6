package dev.orderflow.cases;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** One mapping of a cases file, taken apart word by word; what nobody took at the end is a misspelling. */
final class Words {

    private final String place;
    private final Map<String, Object> left = new LinkedHashMap<>();

    Words(String place, Object yaml) {
        if (!(yaml instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("%s: a mapping was wanted, but this is '%s'.".formatted(place, yaml));
        }
        this.place = place;
        map.forEach((word, value) -> left.put(String.valueOf(word), value));
    }

    boolean has(String word) {
        return left.containsKey(word);
    }

    Optional<Object> take(String word) {
        return Optional.ofNullable(left.remove(word));
    }

    Object need(String word) {
        return take(word)
                .orElseThrow(() -> new IllegalArgumentException("%s: '%s' is missing.".formatted(place, word)));
    }

    String text(String word, String otherwise) {
        return take(word).map(String::valueOf).orElse(otherwise);
    }

    int number(String word, int otherwise) {
        return Integer.parseInt(text(word, Integer.toString(otherwise)));
    }

    /** A list; one value alone is a list of it, and nothing an empty one. */
    List<?> list(String word) {
        return take(word).map(Words::asList).orElse(List.of());
    }

    static List<?> asList(Object value) {
        return value instanceof List<?> list ? list : List.of(value);
    }

    /** All that is left, for mappings whose words are the case's own. */
    Map<String, Object> rest() {
        var rest = new LinkedHashMap<>(left);
        left.clear();
        return rest;
    }

    void end() {
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("%s: nothing is known about %s."
                    .formatted(
                            place,
                            left.keySet().stream().map(word -> "'" + word + "'").collect(Collectors.joining(", "))));
        }
    }
}
