package dev.orderflow.audit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What an audit found of one service. For one thread. */
final class Findings {

    static final int OFFENDERS_MAX = 20;

    /** What must not be. Its name is the one of the answer. */
    enum Offence {
        LOST,
        DUPLICATED,
        UNSEEN,
        WRONG
    }

    final String service;
    long accepted;
    long done;
    long parked;
    long redriven;
    long inFlight;
    long skipped;
    boolean removed;
    private final Map<Offence, Long> counts = new EnumMap<>(Offence.class);
    private final Map<Offence, List<String>> offenders = new EnumMap<>(Offence.class);

    Findings(String service) {
        this.service = service;
    }

    /** Nobody runs it, and it has no file: what came after its last commit is none of its work. */
    void removed() {
        removed = true;
        accepted -= inFlight;
        inFlight = 0;
    }

    void add(Offence offence, long count, Collection<String> ids) {
        counts.merge(offence, count, Long::sum);
        List<String> first = offenders.computeIfAbsent(offence, none -> new ArrayList<>());
        ids.stream().limit(OFFENDERS_MAX - first.size()).forEach(first::add);
    }

    long count(Offence offence) {
        return counts.getOrDefault(offence, 0L);
    }

    List<String> offenders(Offence offence) {
        return offenders.getOrDefault(offence, List.of());
    }

    boolean clean() {
        return counts.values().stream().allMatch(count -> count == 0);
    }
}
