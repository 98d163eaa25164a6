package dev.orderflow.bench;

import dev.orderflow.bench.Sides.Side;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** The raw server with several lingers: each row is held against the one that does most of its work. */
final class RawServers implements AutoCloseable {

    private static final List<Integer> LINGERS_MS = List.of(0, 1, 2, 5);

    /** The best at 64 and 256 connections of the last full run; a short one has no time to look for it. */
    static final int BEST_OF_MANY_MS = 2;

    private static final int ROUNDS = 3;

    /** @param lingerMs with which its rate was the highest */
    record Best(Side side, int lingerMs) {}

    private final Map<Integer, Side> servers = new LinkedHashMap<>();
    private final Sides sides;
    private final Measure measure;
    private final Plan plan;

    RawServers(Sides sides, Measure measure, Plan plan) {
        this.sides = sides;
        this.measure = measure;
        this.plan = plan;
        for (int lingerMs : plan.brief() ? List.of(BEST_OF_MANY_MS) : LINGERS_MS) {
            servers.put(lingerMs, sides.rawServer("posted-raw", lingerMs));
        }
    }

    /** One that every run has: a bulk is held against single orders as they were when its goal was set. */
    Best beside(int lingerMs) {
        return new Best(servers.computeIfAbsent(lingerMs, own -> sides.rawServer("posted-raw", own)), lingerMs);
    }

    /**
     * Some rounds of each in turn, of which the last counts.
     *
     * @param load of a row, on a port
     */
    Best best(String row, IntFunction<Load> load) {
        var rates = new LinkedHashMap<Integer, Double>();
        for (int round = 0; round < ROUNDS && !plan.brief(); round++) {
            for (int lingerMs : LINGERS_MS) {
                Side server = servers.get(lingerMs);
                rates.put(
                        lingerMs,
                        measure.posted(server, load.apply(server.port()), plan.warmUpS())
                                .perSecond());
            }
        }
        int best = BEST_OF_MANY_MS;
        for (var rate : rates.entrySet()) {
            best = rate.getValue() > rates.get(best) ? rate.getKey() : best;
        }
        rates.forEach((lingerMs, rate) ->
                System.err.printf("bench: %s: raw with linger %d ms: %,.0f/s%n", row, lingerMs, rate));
        return new Best(servers.get(best), best);
    }

    @Override
    public void close() {
        servers.values().forEach(Side::close);
    }
}
