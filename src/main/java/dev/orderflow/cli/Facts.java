package dev.orderflow.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Names with their values for a person, a line each, whole. */
final class Facts {

    private record NamedValue(String name, String value) {}

    private final List<NamedValue> facts = new ArrayList<>();

    /** One without a value is left out. */
    Facts add(String name, Object value) {
        String text = value instanceof Number ? "%,d".formatted(value) : Table.harmless(value.toString());
        if (!text.isEmpty()) {
            facts.add(new NamedValue(name, text));
        }
        return this;
    }

    @Override
    public String toString() {
        int width = facts.stream().mapToInt(fact -> fact.name.length()).max().orElse(0);
        return facts.stream()
                .map(fact -> fact.name
                        + " ".repeat(width - fact.name.length() + 2)
                        // A value of several lines stands in its column.
                        + fact.value.replaceAll("\\R", System.lineSeparator() + " ".repeat(width + 2))
                        + System.lineSeparator())
                .collect(Collectors.joining());
    }
}
