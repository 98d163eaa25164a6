package dev.orderflow.operations;

import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a rewind goes: to a time in all partitions, to an offset of one, or, where neither is given, to the beginning.
 */
record RewindTarget(Optional<Instant> time, Optional<TopicPartition> partition, long offset) {}
