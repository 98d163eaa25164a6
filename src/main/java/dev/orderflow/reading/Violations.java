package dev.orderflow.reading;

import dev.orderflow.events.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What one body breaks, as much of it as an answer tells. */
public final class Violations {

    private static final int MAX = 20;

    private final List<Violation> all = new ArrayList<>(0);

    public void add(String pointer, String sentence) {
        if (all.size() < MAX) {
            all.add(new Violation(pointer, sentence));
        }
    }

    /** Whether nothing was found at these places or below, so that a rule may look at them. */
    public boolean cleanAt(String... pointers) {
        return all.stream().noneMatch(one -> Stream.of(pointers).anyMatch(one.pointer()::startsWith));
    }

    List<Violation> all() {
        return all;
    }
}
