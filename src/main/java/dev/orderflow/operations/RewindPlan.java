package dev.orderflow.operations;

import dev.orderflow.http.ProblemException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * Which partitions a rewind moves, by the offsets that the brokers told.
 *
 * @param committed where the group stands
 * @param begins the first offset that is there
 * @param wanted where the operator wants it; below 0 where nothing is as young
 * @param safe the first offset whose record acts once, since its receipt is kept
 * @param receiptsHours how long receipts are kept
 */
record RewindPlan(
        Map<TopicPartition, Long> committed,
        Map<TopicPartition, Long> begins,
        Map<TopicPartition, Long> wanted,
        Map<TopicPartition, Long> safe,
        long receiptsHours) {

    /** One partition of a move. */
    record Move(long from, long to) {}

    /**
     * One that already stands before the target stays.
     *
     * @throws ProblemException where it reaches behind what receipts remember: there a record would act twice
     */
    Map<TopicPartition, Move> moves() {
        Map<TopicPartition, Move> moves = new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        committed.forEach((partition, from) -> {
            long to = wanted.get(partition) < 0 ? from : Math.max(wanted.get(partition), begins.get(partition));
            if (to < safe.get(partition)) {
                throw ConsumerGroups.refused(
                        "The rewind would reach offset %d of %s, but receipts are kept for %d hours (delivery.receipts.retentionHours), which is back to offset %d: what is older would be done again."
                                .formatted(to, partition, receiptsHours, safe.get(partition)));
            }
            if (to < from) {
                moves.put(partition, new Move(from, to));
            }
        });
        return moves;
    }
}
