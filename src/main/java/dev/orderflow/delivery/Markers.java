package dev.orderflow.delivery;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Commits past what a consumer is never given: the markers of transactions, and what was taken back. A service commits
 * behind its last record, so that where a marker stands last, its lag would be 1 for ever. For the thread that polls.
 */
final class Markers {

    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** By partition: behind the last record that was given out, and where the group stands by its last commit. */
    private final Map<TopicPartition, Long> given = new HashMap<>();

    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private long looked;

    /** Partitions are assigned anew. @param stand where the group has committed in them; null where it has not */
    void assigned(Map<TopicPartition, OffsetAndMetadata> stand) {
        given.clear();
        committed.clear();
        stand.forEach((partition, at) -> {
            if (at != null) {
                given.put(partition, at.offset());
                committed.put(partition, at.offset());
            }
        });
    }

    void given(ConsumerRecords<?, ?> records) {
        for (TopicPartition partition : records.partitions()) {
            var of = records.records(partition);
            given.put(partition, of.get(of.size() - 1).offset() + 1);
        }
    }

    void committed(TopicPartition partition, long offset) {
        committed.put(partition, offset);
    }

    /** Of each partition that has nothing in hand, where its position is behind the commit. */
    Map<TopicPartition, OffsetAndMetadata> passed(Consumer<?, ?> consumer) {
        Map<TopicPartition, OffsetAndMetadata> passed = new HashMap<>();
        long now = System.nanoTime();
        if (now - looked < LOOK_NANOS) {
            return passed;
        }
        looked = now;
        for (TopicPartition partition : consumer.assignment()) {
            Long at = committed.get(partition);
            if (at != null && Objects.equals(at, given.get(partition))) {
                long position = position(consumer, partition);
                if (position > at) {
                    given.put(partition, position);
                    passed.put(partition, new OffsetAndMetadata(position));
                }
            }
        }
        return passed;
    }

    private static long position(Consumer<?, ?> consumer, TopicPartition partition) {
        try {
            return consumer.position(partition, Duration.ZERO);
        } catch (KafkaException e) {
            // Not known yet: the next look.
            return -1;
        }
    }
}
