package dev.orderflow.delivery;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** What each delivery of this process does now; bound in the registry as {@code deliveries}. Safe for many threads. */
public final class Deliveries {

    private final Map<String, DeliveryState> byRoute = new ConcurrentSkipListMap<>();

    /** Takes the place of what the same route told before. */
    public void tell(DeliveryState state) {
        byRoute.put(state.route(), state);
    }

    /** A route that was taken away is no longer told of. */
    public void forget(String route) {
        byRoute.remove(route);
    }

    public List<DeliveryState> states() {
        return List.copyOf(byRoute.values());
    }
}
