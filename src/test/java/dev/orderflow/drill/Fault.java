package dev.orderflow.drill;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** What can go wrong. Each comes at a moment, and of a kind, that the seed decides. */
interface Fault {

    /** What it strikes; two faults of different parts can come together. */
    enum Part {
        SERVICES,
        BROKERS,
        NETWORK,
        DATABASE,
        TOPICS
    }

    String name();

    Part part();

    /** Orders are to flow again after so many seconds; 0 where nothing is promised. */
    int goalS();

    /** Whether it never comes with another one. */
    boolean isAlone();

    /** Strikes, and returns when the cause is gone or somebody else has to take it away. */
    Blow strike(Stage stage, Random random);

    static List<Fault> all() {
        return Stream.<Fault>concat(Stream.of(Crash.values()), Stream.of(BadDay.values()))
                .toList();
    }

    static Fault named(String name) {
        return all().stream()
                .filter(fault -> fault.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No fault is named " + name + ", but " + all()));
    }

    static void pause(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * A fault that has struck.
     *
     * @param what it struck
     * @param from when recovery could begin
     * @param after what is to be put in order once orders flow again
     * @param missed sentences about goals that were missed meanwhile
     * @param silent what health never said while it lasted
     */
    record Blow(String what, Instant from, Runnable after, List<String> missed, List<String> silent) {

        Blow(String what, Instant from) {
            this(what, from, () -> {}, List.of());
        }

        Blow(String what, Instant from, Runnable after, List<String> missed) {
            this(what, from, after, missed, new ArrayList<>());
        }
    }
}
