package dev.orderflow.delivery;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Where each route's consumption stands, for health, metrics and operators. Safe for use by several threads. */
public class Deliveries {

    private final Map<String, DeliveryState> states = new ConcurrentHashMap<>();

    /** One for each route that consumes inside {@code once}, by route id. */
    public List<DeliveryState> states() {
        return states.values().stream()
                .sorted(Comparator.comparing(DeliveryState::route))
                .toList();
    }

    /** Takes the place of what the same route told before. */
    public void tell(DeliveryState state) {
        states.put(state.route(), state);
    }

    void set(String route, String service, String state, String cause) {
        states.compute(
                route,
                (id, now) ->
                        now != null && now.state().equals(state) && now.cause().equals(cause)
                                ? now
                                : new DeliveryState(route, service, state, since(now, state), cause));
    }

    /** A wait whose cause changes is still the same wait. */
    private static Instant since(DeliveryState now, String state) {
        return now != null && now.state().equals(state) ? now.since() : Instant.now();
    }

    /** The group coordinator gave this service its partitions: what was joining now runs. */
    void joined(String service) {
        states.replaceAll(
                (id, now) -> now.service().equals(service) && now.state().equals(DeliveryState.JOINING)
                        ? new DeliveryState(now.route(), service, DeliveryState.RUNNING, Instant.now(), "")
                        : now);
    }

    void stopped(String route) {
        states.computeIfPresent(
                route, (id, now) -> new DeliveryState(route, now.service(), DeliveryState.STOPPED, Instant.now(), ""));
    }

    void forget(String route) {
        states.remove(route);
    }
}
