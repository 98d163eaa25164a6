package dev.orderflow.delivery;

import java.util.Locale;
import org.apache.kafka.common.TopicPartition;

/**
 * Offsets that a group passed, or went back to, and that the service's own work does not explain.
 *
 * @param from where the group stood
 * @param to where it stands after; for what went back it is the smaller one
 */
public record Gap(String service, TopicPartition partition, long from, long to, Kind kind) {

    /** What made it. */
    public enum Kind {
        /** Retention, or somebody's deletion, took the records before the service had read them. */
        GONE,
        /** The partition ends before the group's offset: its topic was made again, or its end was lost. */
        WENT_BACK,
        /** Somebody committed who is not Orderflow. */
        FOREIGN_COMMIT,
        /** An operator had the service pass them. */
        SKIPPED;

        /** As the database and the answers have it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Kind of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }

    /** What happened, and what an operator may do. */
    public String sentence() {
        String place = "topic %s partition %d".formatted(partition.topic(), partition.partition());
        return switch (kind) {
            case GONE ->
                "%s: offsets %d to %d were gone before %s read them, so %d records are lost to it; it goes on behind them. Look what they were (GET /audit), then: orderflow skip %s %s %d-%d"
                        .formatted(place, from, to - 1, service, to - from, service, partition, from, to - 1);
            case WENT_BACK ->
                "%s: the group stood at offset %d, which the partition does not have any more, and went back to %d; its topic was made again, or its end was lost. Look at the brokers, then: orderflow rewind %s --to %s@%d"
                        .formatted(place, from, to, service, partition, to);
            case FOREIGN_COMMIT ->
                "%s: somebody who is not Orderflow committed offset %d for the group %s, which stood at %d. Do what lies between with: orderflow rewind %s --to %s@%d"
                        .formatted(place, to, service, from, service, partition, Math.min(from, to));
            case SKIPPED -> "%s: offsets %d to %d were skipped".formatted(place, from, to - 1);
        };
    }
}
