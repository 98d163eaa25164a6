package dev.orderflow.delivery;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Stops a fault of ours from emptying a topic into the dead letters: among the last {@code window} records of a route,
 * at most {@code max} may be parked with one fingerprint. For one thread.
 */
final class ParkingCap {

    private final int max;
    private final long window;
    private final Map<String, Deque<Long>> parked = new HashMap<>();
    private long seen;

    ParkingCap(int max, int window) {
        this.max = max;
        this.window = window;
    }

    void seen(int records) {
        seen += records;
        parked.values().forEach(places -> {
            while (!places.isEmpty() && places.peekFirst() <= seen - window) {
                places.pollFirst();
            }
        });
        parked.values().removeIf(Deque::isEmpty);
    }

    boolean allows(String fingerprint) {
        var places = parked.get(fingerprint);
        return places == null || places.size() < max;
    }

    void parked(String fingerprint) {
        parked.computeIfAbsent(fingerprint, f -> new ArrayDeque<>()).addLast(seen);
    }
}
