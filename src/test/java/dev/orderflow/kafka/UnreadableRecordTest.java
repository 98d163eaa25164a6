package dev.orderflow.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class UnreadableRecordTest {

    private static final TopicPartition ONE = new TopicPartition("orders", 1);
    private static final List<TopicPartition> OTHERS = List.of(
            new TopicPartition("orders", 11), new TopicPartition("old-orders", 1), new TopicPartition("orders-1.x", 0));

    @Test
    void findsThePartitionThatAnyCauseNames() {
        var failure = new KafkaException("poll failed", new KafkaException("Record for partition orders-1. Skip it"));

        assertThat(UnreadableRecord.of(failure, List.of(OTHERS.get(0), ONE))).contains(ONE);
    }

    @Test
    void takesNoOtherNameForIt() {
        for (TopicPartition other : OTHERS) {
            assertThat(UnreadableRecord.of(new KafkaException("Record for partition " + other), List.of(ONE)))
                    .as("%s", other)
                    .isEmpty();
        }
    }

    @Test
    void leavesARefusalToTheWholeConsumer() {
        assertThat(UnreadableRecord.of(new TopicAuthorizationException(Set.of("orders-1")), List.of(ONE)))
                .isEmpty();
    }
}
