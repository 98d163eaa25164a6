package dev.orderflow.monitoring;

import static org.apache.kafka.common.IsolationLevel.READ_COMMITTED;
import static org.apache.kafka.common.IsolationLevel.READ_UNCOMMITTED;

import dev.orderflow.telemetry.Causes;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many records each service of this process is behind, as gauge {@code orderflow_lag}: the end of what can be read of each partition
 * less the offset that the service's group committed. Each instance tells the whole group, so take the maximum over
 * instances. A figure that is not known, as in an outage, is NaN.
 */
final class LagMeter implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(LagMeter.class);

    private record Lag(String service, TopicPartition partition) {}

    private final RenewedAdmin admin;
    private final GroupWatch watch;
    private final Supplier<Set<String>> services;
    private final MeterRegistry meters;
    private final Map<Lag, Gauge> gauges = new HashMap<>();
    private final Map<Lag, Double> lags = new ConcurrentHashMap<>();

    /** @param watch gets what was read of each group */
    LagMeter(RenewedAdmin admin, Supplier<Set<String>> services, GroupWatch watch, MeterRegistry meters) {
        this.admin = admin;
        this.watch = watch;
        this.services = services;
        this.meters = meters;
    }

    @Override
    public void run() {
        try {
            Set<String> groups = services.get();
            tell(admin.ask(asked -> read(asked, groups)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | RuntimeException e) {
            lags.replaceAll((place, lag) -> Double.NaN);
            LOG.debug("lag: not read: {}", Causes.ofClient(e));
        }
    }

    private void tell(Map<Lag, Double> now) {
        gauges.entrySet().removeIf(known -> {
            boolean gone = !now.containsKey(known.getKey());
            if (gone) {
                meters.remove(known.getValue());
                lags.remove(known.getKey());
            }
            return gone;
        });
        lags.putAll(now);
        now.keySet().forEach(place -> gauges.computeIfAbsent(place, this::gauge));
    }

    private Gauge gauge(Lag place) {
        return Gauge.builder("orderflow.lag", () -> lags.getOrDefault(place, Double.NaN))
                .description("Records that the service has not committed yet")
                .tag("service", place.service())
                .tag("topic", place.partition().topic())
                .tag("partition", Integer.toString(place.partition().partition()))
                .register(meters);
    }

    private Map<Lag, Double> read(Admin admin, Set<String> groups) throws ExecutionException, InterruptedException {
        var lags = new HashMap<Lag, Double>();
        for (String group : groups) {
            var now = GroupSnapshot.read(admin, group);
            Map<TopicPartition, Long> starts = starts(admin, now);
            Map<TopicPartition, Long> ends = offsets(admin, starts.keySet(), OffsetSpec.latest(), READ_COMMITTED);
            starts.forEach((partition, start) ->
                    lags.put(new Lag(group, partition), (double) Math.max(0, ends.get(partition) - start)));
            var all = offsets(admin, starts.keySet(), OffsetSpec.latest(), READ_UNCOMMITTED);
            watched(() -> watch.look(now, ends, all));
        }
        watched(() -> watch.lookAtGaps(groups));
        return lags;
    }

    /** The database may be away while the brokers answer. */
    private static void watched(Runnable look) {
        try {
            look.run();
        } catch (RuntimeException e) {
            LOG.debug("groups: not looked at: {}", Causes.ofClient(e));
        }
    }

    /** Where the group goes on: what it committed, or the first record of a partition that it has not committed yet. */
    private static Map<TopicPartition, Long> starts(Admin admin, GroupSnapshot group)
            throws ExecutionException, InterruptedException {
        var starts = new HashMap<TopicPartition, Long>();
        group.committed().forEach((partition, offset) -> starts.put(partition, offset.offset()));
        Set<TopicPartition> fresh = new HashSet<>(group.assigned());
        fresh.removeAll(starts.keySet());
        starts.putAll(offsets(admin, fresh, OffsetSpec.earliest(), READ_UNCOMMITTED));
        return starts;
    }

    private static Map<TopicPartition, Long> offsets(
            Admin admin, Collection<TopicPartition> partitions, OffsetSpec where, IsolationLevel seen)
            throws ExecutionException, InterruptedException {
        if (partitions.isEmpty()) {
            return Map.of();
        }
        Map<TopicPartition, OffsetSpec> wanted =
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> where));
        Map<TopicPartition, ListOffsetsResultInfo> found =
                admin.listOffsets(wanted, new ListOffsetsOptions(seen)).all().get();
        return found.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }
}
