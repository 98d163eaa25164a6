package dev.orderflow.kafka;

import org.apache.kafka.common.TopicPartition;

/**
 * Offsets that nobody can read, so that nobody can say what stood there.
 *
 * @param to behind the last one
 * @param cause what the client said
 */
public record UnreadableOffsets(TopicPartition partition, long from, long to, String cause) {

    /** Whether it has all offsets of another, whatever was said of them. */
    public boolean holds(UnreadableOffsets other) {
        return partition.equals(other.partition) && from <= other.from && other.to <= to;
    }
}
