package dev.orderflow.kafka;

import org.apache.kafka.common.TopicPartition;

/**
 * Offsets that nobody can read, so that nobody can say what stood there.
 *
 * @param to behind the last one
 * @param cause what the client said
 */
public record UnreadableOffsets(TopicPartition partition, long from, long to, String cause) {}
