package dev.orderflow.live;

import dev.orderflow.check.RouteFile;
import dev.orderflow.delivery.DeliveryState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/** How each route file stands, for who asks. Safe for use by several threads. */
final class RouteFileStatuses {

    private final Map<String, RouteFileStatus> files = new ConcurrentSkipListMap<>();

    private volatile Optional<Throughput> throughput = Optional.empty();
    private volatile Supplier<List<DeliveryState>> deliveries = List::of;

    /** From here on it can tell how much each service acts on. */
    void measure(Throughput measured) {
        throughput = Optional.of(measured);
    }

    Optional<Throughput.Of> throughput(RouteFileStatus standing) {
        return throughput.flatMap(of -> of.of(RouteFile.service(standing.file())));
    }

    /** From here on it can tell how the consumers of each route stand. */
    void consume(Supplier<List<DeliveryState>> states) {
        deliveries = states;
    }

    /** Of those routes of a file that read topics. */
    List<DeliveryState> deliveries(RouteFileStatus standing) {
        return deliveries.get().stream()
                .filter(state -> standing.routes().contains(state.route()))
                .toList();
    }

    void put(RouteFileStatus standing) {
        files.put(standing.file(), standing);
    }

    Optional<RouteFileStatus> find(String file) {
        return Optional.ofNullable(files.get(file));
    }

    /** By file name. */
    List<RouteFileStatus> all() {
        return List.copyOf(files.values());
    }
}
