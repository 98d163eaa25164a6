package dev.orderflow.live;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How much each service acts on, from the counters that its delivery keeps anyway. Safe for use by several threads.
 */
final class Throughput {

    static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);
    private static final Duration WINDOW = Duration.ofMinutes(1);

    /** @param perSecond over the last minute, or since the process began where that is shorter */
    record Of(long done, double perSecond) {}

    private record Sample(long nanos, Map<String, Double> done) {}

    private final MeterRegistry meters;
    private final Deque<Sample> looks = new ArrayDeque<>();

    Throughput(MeterRegistry meters) {
        this.meters = meters;
        look(System.nanoTime());
    }

    /** To be called every now and then. */
    void look() {
        look(System.nanoTime());
    }

    synchronized void look(long nanos) {
        looks.addLast(new Sample(nanos, done()));
        // The one at the beginning of the window stays.
        while (looks.size() > 2 && nanos - second().nanos >= WINDOW.toNanos()) {
            looks.removeFirst();
        }
    }

    private Sample second() {
        var all = looks.iterator();
        all.next();
        return all.next();
    }

    /** Empty for what acts on no events. */
    Optional<Of> of(String service) {
        return of(service, System.nanoTime());
    }

    synchronized Optional<Of> of(String service, long nanos) {
        Double now = done().get(service);
        if (now == null) {
            return Optional.empty();
        }
        Sample first = looks.getFirst();
        double seconds = Math.max(1, (nanos - first.nanos) / 1e9);
        double perSecond = (now - first.done.getOrDefault(service, 0.0)) / seconds;
        return Optional.of(new Of(Math.round(now), Math.round(perSecond * 10) / 10.0));
    }

    private Map<String, Double> done() {
        Map<String, Double> done = new HashMap<>();
        for (Counter counter :
                meters.find("orderflow.records").tag("result", "done").counters()) {
            done.merge(counter.getId().getTag("service"), counter.count(), Double::sum);
        }
        return done;
    }
}
