package dev.orderflow.delivery;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.camel.support.service.BaseService;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The place of a batch in its topics. Camel calls it when the whole route is done: well, and every partition of the
 * batch is committed; badly, and the consumer goes back to the batch's beginning. For the poll thread only, since a
 * Kafka consumer allows no other.
 */
final class BatchOffsets extends SynchronizationAdapter {

    private static final Duration STOP_COMMIT = Duration.ofSeconds(5);
    private static final Duration RETRY_COMMIT = Duration.ofMillis(200);
    private static final long POLL_MS = 100;

    /** The newest offset that each consumer was told to commit, so that a late retry never takes one back. */
    private static final Map<Consumer<?, ?>, Map<TopicPartition, Long>> NEWEST =
            Collections.synchronizedMap(new WeakHashMap<>());

    private final Route route;
    private final Deliveries deliveries;
    private final Awaited awaited;
    private final Consumer<?, ?> consumer;
    private final Map<TopicPartition, Long> first = new HashMap<>();
    private final Map<TopicPartition, Long> next = new LinkedHashMap<>();
    private boolean resting;

    BatchOffsets(Route route, List<Exchange> batch, Deliveries deliveries, Awaited awaited) {
        this.route = route;
        this.deliveries = deliveries;
        this.awaited = awaited;
        this.consumer = ConsumerInternals.read(batch, (partition, offset) -> {
            first.putIfAbsent(partition, offset);
            next.put(partition, offset + 1);
        });
    }

    @Override
    public void onComplete(Exchange batch) {
        deliveries.outages().works(route.getRouteId(), PartOutages.BATCH);
        Map<TopicPartition, Long> newest = NEWEST.computeIfAbsent(consumer, c -> new HashMap<>());
        newest.putAll(next);
        if (stopping()) {
            consumer.commitSync(stillOurs(next), STOP_COMMIT);
        } else {
            commit(next, newest);
        }
    }

    /**
     * One request for all partitions, nobody waits for it. A failed one is sent again, as far as nothing newer was, so
     * that the last batch before a quiet time is committed too.
     */
    private void commit(Map<TopicPartition, Long> offsets, Map<TopicPartition, Long> newest) {
        var ours = stillOurs(offsets);
        if (ours.isEmpty() && !offsets.isEmpty()) {
            deliveries.outages().givenUp(route.getRouteId(), PartOutages.COMMIT);
        } else if (!ours.isEmpty()) {
            consumer.commitAsync(ours, (committed, failure) -> {
                if (failure == null) {
                    deliveries.outages().works(route.getRouteId(), PartOutages.COMMIT);
                } else if (isPassing(failure) && !stopping()) {
                    commitAgain(offsets, newest, failure);
                } else {
                    deliveries.outages().givenUp(route.getRouteId(), PartOutages.COMMIT);
                }
            });
        }
    }

    private static boolean isPassing(Exception failure) {
        return ConsumerInternals.isStaleEpoch(failure) || failure != null && FailureClassifier.is(failure);
    }

    /**
     * The client calls back inside of {@code poll}, and without a broker at once and over and over, so it is slowed down
     * here. A consumer that is thrown out meanwhile fails for good, and its batch comes again elsewhere as a repeat.
     */
    private void commitAgain(Map<TopicPartition, Long> offsets, Map<TopicPartition, Long> newest, Exception failure) {
        deliveries
                .outages()
                .fails(
                        route.getRouteId(),
                        PartOutages.COMMIT,
                        "offsets not committed yet: " + awaited.sentence(failure),
                        FailureClassifier.isRefusal(failure));
        Map<TopicPartition, Long> again = new HashMap<>(offsets);
        again.entrySet().removeIf(entry -> !entry.getValue().equals(newest.get(entry.getKey())));
        LockSupport.parkNanos(RETRY_COMMIT.toNanos());
        commit(again, newest);
    }

    private Map<TopicPartition, OffsetAndMetadata> stillOurs(Map<TopicPartition, Long> offsets) {
        var assigned = consumer.assignment();
        Map<TopicPartition, OffsetAndMetadata> ours = new HashMap<>();
        offsets.forEach((partition, offset) -> {
            if (assigned.contains(partition)) {
                ours.put(partition, new OffsetAndMetadata(offset));
            }
        });
        return ours;
    }

    @Override
    public void onFailure(Exchange batch) {
        var assigned = consumer.assignment();
        first.forEach((partition, offset) -> {
            if (assigned.contains(partition)) {
                consumer.seek(partition, offset);
            }
        });
        // That a process stops is told once, by it.
        if (!(batch.getException() instanceof Stopping)) {
            deliveries
                    .outages()
                    .fails(
                            route.getRouteId(),
                            PartOutages.BATCH,
                            "batch not done, it comes again: "
                                    + (batch.getException() == null
                                            ? "no cause given"
                                            : awaited.sentence(batch.getException())),
                            FailureClassifier.isRefusal(batch.getException()));
        }
    }

    boolean stopping() {
        var service = (BaseService) route.getConsumer();
        return service.isSuspendingOrSuspended()
                || service.isStoppingOrStopped()
                || route.getCamelContext().isStopping();
    }

    /**
     * Waits without leaving the group: polls on with everything paused, so that heartbeats go out, rebalances happen
     * and {@code max.poll.interval.ms} is kept, and takes no record.
     *
     * @throws Stopping when the route is asked to stop meanwhile
     */
    void rest(long ms) {
        resting = true;
        long until = System.nanoTime() + ms * 1_000_000;
        while (System.nanoTime() < until) {
            if (stopping()) {
                throw new Stopping();
            }
            consumer.pause(consumer.assignment());
            var polled = consumer.poll(Duration.ofMillis(Math.min(POLL_MS, ms)));
            for (TopicPartition partition : polled.partitions()) {
                // newly assigned, and so not paused yet when it was fetched: back it goes
                consumer.seek(partition, polled.records(partition).get(0).offset());
            }
        }
    }

    void resume() {
        if (resting && !stopping()) {
            consumer.resume(consumer.assignment());
        }
        resting = false;
    }

    /** The route stops while it waits; the batch is left for the next start. */
    static final class Stopping extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stopping() {
            super("the route stops; the batch is left for the next start", null, false, false);
        }
    }
}
