package dev.orderflow.delivery;

import dev.orderflow.OutageLog;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where each route's consumption stands, for health, metrics and operators. Safe for use by several threads. */
public class Deliveries {

    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);

    /** Parts of a route's work, each with an outage of its own. */
    static final String BATCH = "/batch";

    static final String COMMIT = "/commit";

    private static final Comparator<DeliveryState> FIRST_TO_LOOK_AT =
            Comparator.comparingInt(DeliveryState::urgency).reversed().thenComparing(DeliveryState::since);

    /** By route: joining, running or stopped. */
    private final Map<String, DeliveryState> routes = new ConcurrentHashMap<>();

    /** By route and poll thread: those that wait or hold, since one consumer of a route may while another runs. */
    private final Map<String, Map<String, DeliveryState>> resting = new ConcurrentHashMap<>();

    /** By route, and by what of it fails: a step, or the end of a batch. */
    private final Map<String, OutageLog> logs = new ConcurrentHashMap<>();

    /** By service, and what it is: what keeps it from reading, or from reading all of its partitions. */
    private final Map<String, Map<Object, DeliveryState>> notReading = new ConcurrentHashMap<>();

    private final HeldPartitions held = new HeldPartitions(this);

    /** One for each route that consumes inside {@code once}, by route id: its most urgent state. */
    public List<DeliveryState> states() {
        return routes.values().stream()
                .map(state -> Stream.concat(
                                Stream.of(state),
                                Stream.concat(
                                        resting.getOrDefault(state.route(), Map.of()).values().stream(),
                                        notReading(state)))
                        .min(FIRST_TO_LOOK_AT)
                        .orElse(state))
                .sorted(Comparator.comparing(DeliveryState::route))
                .toList();
    }

    /** Of a route that is stopped nobody expects that it reads. Several of one kind are one, with every cause. */
    private Stream<DeliveryState> notReading(DeliveryState route) {
        if (route.state().equals(DeliveryState.STOPPED)) {
            return Stream.empty();
        }
        return notReading.getOrDefault(route.service(), Map.of()).values().stream()
                .sorted(FIRST_TO_LOOK_AT)
                .map(told ->
                        new DeliveryState(route.route(), route.service(), told.state(), told.since(), told.cause()))
                .collect(Collectors.toMap(DeliveryState::state, told -> told, DeliveryState::and))
                .values()
                .stream();
    }

    HeldPartitions held() {
        return held;
    }

    /** Something keeps a service from reading; {@code what} names it until {@link #reading} is told. */
    void notReading(String service, Object what, String state, Instant since, String cause) {
        notReading
                .computeIfAbsent(service, name -> new ConcurrentHashMap<>())
                .put(what, new DeliveryState("", service, state, since, cause));
    }

    void reading(String service, Object what) {
        notReading.computeIfPresent(service, (name, told) -> {
            told.remove(what);
            return told;
        });
    }

    /** Takes the place of all that the same route told before. */
    public void tell(DeliveryState state) {
        resting.remove(state.route());
        routes.put(state.route(), state);
    }

    /** This thread waits or holds, for whom or why; the same again, and it does since then, and the log has it already. */
    void resting(DeliveryState state, String kind) {
        log(state.route(), state.service()).fails(state.state() + kind, state.state() + ": " + state.cause());
        resting.computeIfAbsent(state.route(), route -> new ConcurrentHashMap<>())
                .merge(
                        Thread.currentThread().getName(),
                        state,
                        (before, now) -> before.state().equals(now.state())
                                ? new DeliveryState(
                                        now.route(), now.service(), now.state(), before.since(), now.cause())
                                : now);
    }

    /** This thread goes on. */
    void running(String route) {
        resting.getOrDefault(route, Map.of())
                .keySet()
                .remove(Thread.currentThread().getName());
        if (resting.getOrDefault(route, Map.of()).isEmpty()) {
            works(route);
        }
        routes.computeIfPresent(route, (id, now) -> now.state().equals(DeliveryState.JOINING) ? run(now) : now);
    }

    /** A part of the route's work fails for a while, such as its commits. */
    void fails(String route, String part, String sentence) {
        log(route + part, route).fails(sentence);
    }

    /** That part works. */
    void works(String route, String part) {
        works(route + part);
    }

    private OutageLog log(String key, String subject) {
        return logs.computeIfAbsent(key, unknown -> new OutageLog(LOG, subject));
    }

    private void works(String key) {
        var log = logs.get(key);
        if (log != null) {
            log.works();
        }
    }

    private void silence(String route) {
        List.of("", BATCH, COMMIT).forEach(part -> logs.remove(route + part));
    }

    /** The group coordinator gave this service its partitions: what was joining now runs. */
    void joined(String service) {
        routes.replaceAll((id, now) ->
                now.service().equals(service) && now.state().equals(DeliveryState.JOINING) ? run(now) : now);
    }

    private static DeliveryState run(DeliveryState now) {
        return DeliveryState.of(now.route(), now.service(), DeliveryState.RUNNING, "");
    }

    void stopped(String route) {
        resting.remove(route);
        silence(route);
        routes.computeIfPresent(route, (id, now) -> DeliveryState.of(route, now.service(), DeliveryState.STOPPED, ""));
    }

    void forget(String route) {
        resting.remove(route);
        silence(route);
        routes.remove(route);
    }
}
