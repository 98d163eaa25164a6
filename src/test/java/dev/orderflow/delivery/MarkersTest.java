package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a group may be committed past what it is never given. */
class MarkersTest {

    private static final TopicPartition P0 = new TopicPartition("orders", 0);
    private static final TopicPartition P1 = new TopicPartition("orders", 1);

    private final Markers markers = new Markers();
    private boolean unknown;
    private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("none") {
        @Override
        public synchronized long position(TopicPartition partition, Duration timeout) {
            if (unknown) {
                throw new KafkaException("not known yet");
            }
            return super.position(partition, timeout);
        }
    };

    @BeforeEach
    void assign() {
        consumer.assign(List.of(P0, P1));
        consumer.seek(P0, 12);
        consumer.seek(P1, 12);
    }

    @Test
    void commitsPastAMarkerBehindWhatWasDone() {
        assigned(9L, null);
        markers.given(records(P0, 9, 10));
        markers.committed(P0, 11);

        assertThat(markers.passed(consumer)).isEqualTo(Map.of(P0, new OffsetAndMetadata(12)));
        assertThat(markers.passed(consumer)).as("once a second").isEmpty();
    }

    @Test
    void commitsNothingPastARecordThatIsNotDoneYet() {
        assigned(9L, null);
        markers.given(records(P0, 9, 10));

        assertThat(markers.passed(consumer)).isEmpty();
    }

    @Test
    void commitsNothingWhereItStandsAlready() {
        assigned(12L, 13L);

        assertThat(markers.passed(consumer)).isEmpty();
    }

    @Test
    void commitsNothingWhereNobodyKnowsItsPosition() {
        assigned(0L, 9L);
        unknown = true;

        assertThat(markers.passed(consumer)).isEmpty();
    }

    @Test
    void forgetsWhatItKnewOfPartitionsThatAreAssignedAnew() {
        assigned(9L, 9L);

        assigned(null, 10L);

        assertThat(markers.passed(consumer)).isEqualTo(Map.of(P1, new OffsetAndMetadata(12)));
    }

    @Test
    void forgetsWhatWasGivenOfPartitionsThatAreAssignedAnew() {
        markers.given(records(P0, 8));

        assigned(null, null);
        markers.committed(P0, 9);

        assertThat(markers.passed(consumer)).isEmpty();
    }

    private void assigned(Long first, Long second) {
        Map<TopicPartition, OffsetAndMetadata> stand = new HashMap<>();
        stand.put(P0, first == null ? null : new OffsetAndMetadata(first));
        stand.put(P1, second == null ? null : new OffsetAndMetadata(second));
        markers.assigned(stand);
    }

    private static ConsumerRecords<String, byte[]> records(TopicPartition partition, long... offsets) {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        for (long offset : offsets) {
            records.add(new ConsumerRecord<>(partition.topic(), partition.partition(), offset, "", new byte[0]));
        }
        return new ConsumerRecords<>(Map.of(partition, records), Map.of());
    }
}
