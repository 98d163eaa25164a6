package dev.orderflow.delivery;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where each route's consumption stands, for health, metrics and operators. Safe for use by several threads. */
public class Deliveries {

    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);

    private static final int KINDS_MAX = 200;

    private static final Comparator<DeliveryState> FIRST_TO_LOOK_AT =
            Comparator.comparingInt(DeliveryState::urgency).reversed().thenComparing(DeliveryState::since);

    /** By route: joining, running or stopped. */
    private final Map<String, DeliveryState> routes = new ConcurrentHashMap<>();

    /** By route and poll thread: those that wait or hold, since one consumer of a route may while another runs. */
    private final Map<String, Map<String, DeliveryState>> resting = new ConcurrentHashMap<>();

    /** By service, and what it is: what keeps it from its work, or from a part of it, or what a person should look at. */
    private final Map<String, Map<Object, DeliveryState>> troubles = new ConcurrentHashMap<>();

    private volatile long patienceMs = 10_000;

    private final PartOutages outages = new PartOutages(() -> patienceMs);

    private final Set<String> ignored = ConcurrentHashMap.newKeySet();

    private final Set<ReconnectingConsumer> consumers = ConcurrentHashMap.newKeySet();

    private volatile Directives directives;

    private final HeldPartitions held = new HeldPartitions(this);

    /** How long batches may come back, and commits fail, before health says so, in milliseconds. */
    public void setPatienceMs(long patienceMs) {
        this.patienceMs = patienceMs;
    }

    /** One for each route that consumes inside {@code once}, by route id: its most urgent state. */
    public List<DeliveryState> states() {
        return routes.values().stream()
                .map(state -> Stream.concat(
                                Stream.of(state),
                                Stream.of(
                                                resting.getOrDefault(state.route(), Map.of()).values().stream(),
                                                troublesOf(state),
                                                outages.states(state))
                                        .flatMap(some -> some))
                        .sorted(FIRST_TO_LOOK_AT)
                        .reduce(Deliveries::withNotices)
                        .orElse(state))
                .sorted(Comparator.comparing(DeliveryState::route))
                .toList();
    }

    /** What a person should look at is told also where something more urgent is; of who stands still, all is. */
    private static DeliveryState withNotices(DeliveryState first, DeliveryState next) {
        boolean tells = next.state().equals(DeliveryState.NOTICED)
                || first.state().equals(DeliveryState.PAUSED) && !next.cause().isEmpty();
        return tells ? first.and(next) : first;
    }

    /** Of a route that is stopped nobody expects that it works. Several of one kind are one, with every cause. */
    private Stream<DeliveryState> troublesOf(DeliveryState route) {
        if (route.state().equals(DeliveryState.STOPPED)) {
            return Stream.empty();
        }
        return troubles.getOrDefault(route.service(), Map.of()).values().stream()
                .sorted(FIRST_TO_LOOK_AT)
                .map(told ->
                        new DeliveryState(route.route(), route.service(), told.state(), told.since(), told.cause()))
                .collect(Collectors.toMap(DeliveryState::state, told -> told, DeliveryState::and))
                .values()
                .stream();
    }

    /** Those of this process that were made and not closed. */
    Set<ReconnectingConsumer> consumers() {
        return consumers;
    }

    /** What operators want, from this database; read at the first call. */
    Directives directives(DataSource database) {
        synchronized (consumers) {
            if (directives == null) {
                directives = Directives.of(database);
            }
            return directives;
        }
    }

    /** Whether an operator wants it to stand still, as far as this process knows. */
    boolean isPaused(String service) {
        var known = directives;
        return known != null && known.isPaused(service);
    }

    /** What this process reads for a service. */
    public Set<String> topics(String service) {
        return consumers.stream()
                .filter(consumer -> consumer.service().equals(service))
                .flatMap(consumer -> consumer.topics().stream())
                .collect(Collectors.toSet());
    }

    HeldPartitions held() {
        return held;
    }

    /** Something is not well with a service; {@code what} names it until it is {@link #over}. */
    public void began(String service, Object what, String state, Instant since, String cause) {
        troubles.computeIfAbsent(service, name -> new ConcurrentHashMap<>())
                .merge(
                        what,
                        new DeliveryState("", service, state, since, cause),
                        (before, now) -> before.state().equals(now.state())
                                ? new DeliveryState("", service, state, before.since(), cause)
                                : now);
    }

    public void over(String service, Object what) {
        troubles.computeIfPresent(service, (name, told) -> {
            told.remove(what);
            return told;
        });
    }

    /** A record that nobody of ours understands; the first of its kind is told. */
    void ignored(String service, String place, String why) {
        if (ignored.size() < KINDS_MAX && ignored.add(service + ' ' + why)) {
            LOG.warn("record {}: ignored by {}: {}; further ones are counted only", place, service, why);
        }
    }

    /** Takes the place of all that the same route told before. */
    public void tell(DeliveryState state) {
        resting.remove(state.route());
        routes.put(state.route(), state);
    }

    /** This thread waits or holds, for whom or why; the same again, and it does since then, and the log has it already. */
    void resting(DeliveryState state, String kind) {
        outages.rests(state, kind);
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
            outages.goesOn(route);
        }
        routes.computeIfPresent(route, (id, now) -> now.state().equals(DeliveryState.JOINING) ? run(now) : now);
    }

    /** Parts of the routes' work that fail for a while. */
    PartOutages outages() {
        return outages;
    }

    /** The group coordinator gave this service its partitions: what was joining now runs. */
    void joined(String service) {
        routes.replaceAll((id, now) ->
                now.service().equals(service) && now.state().equals(DeliveryState.JOINING) ? run(now) : now);
    }

    private static DeliveryState run(DeliveryState now) {
        return DeliveryState.of(now.route(), now.service(), DeliveryState.RUNNING, "");
    }

    /** A route that was stopped joins its group again. */
    public void started(String route) {
        routes.computeIfPresent(
                route,
                (id, now) -> now.state().equals(DeliveryState.STOPPED)
                        ? DeliveryState.of(route, now.service(), DeliveryState.JOINING, "")
                        : now);
    }

    public void stopped(String route) {
        resting.remove(route);
        outages.forget(route);
        routes.computeIfPresent(route, (id, now) -> DeliveryState.of(route, now.service(), DeliveryState.STOPPED, ""));
    }

    public void forget(String route) {
        resting.remove(route);
        outages.forget(route);
        routes.remove(route);
    }
}
