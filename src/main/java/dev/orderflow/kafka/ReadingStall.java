package dev.orderflow.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Ends reading that gets nothing more: a poll without a broker is empty, as one without records is, and for as long. */
public final class ReadingStall {

    private final Duration max;
    private Map<TopicPartition, Long> stood = Map.of();
    private long movedAt;

    /** @param max how long no partition may move */
    public ReadingStall(Duration max) {
        this.max = max;
    }

    /** Before the first poll. */
    public void begin() {
        stood = Map.of();
        movedAt = System.nanoTime();
    }

    /**
     * After each poll.
     *
     * @throws TimeoutException where no partition has moved for too long
     */
    public void check(Consumer<?, ?> consumer) {
        Map<TopicPartition, Long> stands = new HashMap<>();
        consumer.assignment().forEach(partition -> stands.put(partition, consumer.position(partition)));
        if (!stands.equals(stood)) {
            stood = stands;
            movedAt = System.nanoTime();
        } else if (System.nanoTime() - movedAt > max.toNanos()) {
            throw new TimeoutException("the brokers gave nothing more of %s for %d s (topics.stalledMs)"
                    .formatted(stands.keySet(), max.toSeconds()));
        }
    }
}
