package dev.orderflow.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * The partitions of one consumer whose next record cannot be read: paused where they stand, whatever is resumed, and told
 * to {@link HeldPartitions}, which finds out when they can be read. For the thread that polls, but for {@code heal}.
 */
final class UnreadablePartitions {

    private final ReconnectingConsumer consumer;
    private final Deliveries deliveries;
    private final Map<String, Object> properties;
    private final MeterRegistry meters;
    private final Set<TopicPartition> held = new HashSet<>();
    private final Set<TopicPartition> healed = ConcurrentHashMap.newKeySet();

    /** @param properties of the consumer's clients */
    UnreadablePartitions(
            ReconnectingConsumer consumer,
            Deliveries deliveries,
            Map<String, Object> properties,
            MeterRegistry meters) {
        this.consumer = consumer;
        this.deliveries = deliveries;
        this.properties = properties;
        this.meters = meters;
    }

    /** A new client meets again what it cannot read. */
    void begunAnew() {
        held.clear();
    }

    /** @param at the offset of the first record that nobody got */
    void hold(Consumer<?, ?> client, TopicPartition partition, long at, RuntimeException failure) {
        client.pause(Set.of(partition));
        held.add(partition);
        deliveries
                .held()
                .hold(
                        new HeldPartitions.HeldPlace(consumer.service(), partition),
                        at,
                        failure,
                        properties,
                        meters,
                        consumer);
    }

    /** From any thread: the record can be read now. */
    void heal(TopicPartition partition) {
        healed.add(partition);
    }

    /** The client still has the bytes that it could not read, so the good ones need a new client. */
    void resumeHealed(RenewedClient client) {
        if (healed.isEmpty()) {
            return;
        }
        Set<TopicPartition> paused = new HashSet<>();
        client.current().ifPresent(one -> paused.addAll(one.paused()));
        boolean dirty = paused.stream().anyMatch(healed::contains);
        paused.removeAll(held);
        if (!paused.isEmpty()) {
            // The service waits out an outage; what is to wait for cannot be lost meanwhile.
            return;
        }
        held.removeAll(healed);
        healed.clear();
        if (dirty) {
            client.giveUp();
        }
    }

    /** Those of some partitions that may be resumed. */
    Set<TopicPartition> without(Collection<?> partitions) {
        Set<TopicPartition> wanted = new HashSet<>();
        partitions.forEach(partition -> wanted.add((TopicPartition) partition));
        wanted.removeAll(held);
        return wanted;
    }

    /** The others may be somebody else's now. */
    void assigned(Set<TopicPartition> assigned) {
        deliveries.held().left(consumer, assigned);
        held.retainAll(assigned);
    }

    /** The consumer stands still. */
    void forget() {
        deliveries.held().forget(consumer);
    }
}
