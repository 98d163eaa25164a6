package dev.orderflow.live;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a route file stands.
 *
 * @param version of what runs
 * @param since when that version began to run
 * @param state running, or stopped when the file is gone
 * @param routes ids of its routes
 * @param before the version that a rollback would bring back; empty when there is none
 * @param refusal the newest version that was not taken; empty when the folder's own version runs
 */
record RouteFileStatus(
        String file,
        String version,
        Instant since,
        String state,
        List<String> routes,
        String before,
        Optional<NotTaken> refusal) {

    static final String RUNNING = "running";
    static final String STOPPED = "stopped";

    /** @param at when it was refused */
    record NotTaken(String version, Instant at, String sentence) {}

    RouteFileStatus refused(NotTaken refused) {
        return new RouteFileStatus(file, version, since, state, routes, before, Optional.of(refused));
    }

    boolean isRefused(String which) {
        return refusal.filter(refused -> refused.version().equals(which)).isPresent();
    }

    RouteFileStatus taken() {
        return new RouteFileStatus(file, version, since, state, routes, before, Optional.empty());
    }

    RouteFileStatus stopped(Instant at) {
        return new RouteFileStatus(file, version, at, STOPPED, List.of(), version, Optional.empty());
    }
}
