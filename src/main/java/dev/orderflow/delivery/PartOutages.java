package dev.orderflow.delivery;

import dev.orderflow.telemetry.OutageLog;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of a route's work fails for a while: its steps, the end of its batches, its commits. The log tells each once when it
 * begins and once when it is over, and health does when it has lasted. Safe for use by several threads.
 */
final class PartOutages {

    /** Parts of a route's work, each with an outage of its own. */
    static final String BATCH = "/batch";

    static final String COMMIT = "/commit";
    private static final String STEPS = "";

    /** One name in the log for how a route's consumption stands. */
    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);

    /** By route, and by what of it fails: a step, or the end of a batch. */
    private final Map<String, OutageLog> logs = new ConcurrentHashMap<>();

    /** By route, and part of its work: a batch that was not done and comes again, offsets that are not committed. */
    private final Map<String, Failing> failing = new ConcurrentHashMap<>();

    private record Failing(Instant since, Instant toldFrom, String sentence) {}

    private final LongSupplier patienceMs;

    /** @param patienceMs how long a part may fail before health says so, in milliseconds; asked at each failure */
    PartOutages(LongSupplier patienceMs) {
        this.patienceMs = patienceMs;
    }

    /** What health says of a route. Without its commits a service still works, and a restart would bring all of it again. */
    Stream<DeliveryState> states(DeliveryState route) {
        return Stream.of(BATCH, COMMIT)
                .flatMap(part -> Stream.ofNullable(failing.get(route.route() + part))
                        .filter(one -> !Instant.now().isBefore(one.toldFrom()))
                        .map(one -> new DeliveryState(
                                route.route(),
                                route.service(),
                                part.equals(BATCH) ? DeliveryState.WAITING : DeliveryState.NOTICED,
                                one.since(),
                                one.sentence())));
    }

    /** Its steps wait or are held, for whom or why; of one kind it is told once. */
    void rests(DeliveryState state, String kind) {
        log(state.route(), state.service()).fails(state.state() + kind, state.state() + ": " + state.cause());
    }

    /** Its steps go on. */
    void goesOn(String route) {
        worksInTheLog(route + STEPS);
    }

    /** A part of the route's work fails for a while, such as its commits; what is refused does not pass by itself. */
    void fails(String route, String part, String sentence, boolean refused) {
        log(route + part, route).fails(sentence);
        Instant now = Instant.now();
        failing.merge(
                route + part,
                new Failing(now, refused ? now : now.plusMillis(patienceMs.getAsLong()), sentence),
                (before, again) -> new Failing(
                        before.since(),
                        again.toldFrom().isBefore(before.toldFrom()) ? again.toldFrom() : before.toldFrom(),
                        sentence));
    }

    /** That part works. */
    void works(String route, String part) {
        worksInTheLog(route + part);
        failing.remove(route + part);
    }

    /** That part is somebody else's now, whether it failed here or not. */
    void givenUp(String route, String part) {
        logs.remove(route + part);
        failing.remove(route + part);
    }

    /** Of a route that is stopped, nothing is expected. */
    void forget(String route) {
        List.of(STEPS, BATCH, COMMIT).forEach(part -> givenUp(route, part));
    }

    private OutageLog log(String key, String subject) {
        return logs.computeIfAbsent(key, unknown -> new OutageLog(LOG, subject));
    }

    private void worksInTheLog(String key) {
        var log = logs.get(key);
        if (log != null) {
            log.works();
        }
    }
}
