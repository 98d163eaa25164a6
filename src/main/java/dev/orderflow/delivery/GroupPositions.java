package dev.orderflow.delivery;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Where the partitions of one consumer begin and go on, and which of its group's offsets its service's own work does not
 * explain: those are noted as gaps. For the thread that polls.
 */
final class GroupPositions {

    private static final Logger LOG = LoggerFactory.getLogger(GroupPositions.class);
    private static final Duration COMMITTED = Duration.ofSeconds(1);

    private final String service;
    private final Deliveries deliveries;
    private final DataSource database;
    private final Gaps gaps;
    private final Markers markers = new Markers();

    /** Where its partitions stood when it got them, until that was held against what Orderflow committed last. */
    private final Map<TopicPartition, OffsetAndMetadata> begunAt = new HashMap<>();

    GroupPositions(String service, Deliveries deliveries, DataSource database) {
        this.service = service;
        this.deliveries = deliveries;
        this.database = database;
        this.gaps = new Gaps(database);
    }

    void assigned(Consumer<?, ?> client, Set<TopicPartition> assigned) {
        begunAt.clear();
        markers.assigned(Map.of());
        try {
            var stand = client.committed(assigned, COMMITTED);
            markers.assigned(stand);
            stand.forEach((partition, committed) -> {
                if (committed != null && !ReconnectingConsumer.MARK.equals(committed.metadata())) {
                    begunAt.put(partition, committed);
                }
            });
        } catch (KafkaException e) {
            LOG.debug("{}: it is not known who committed last", service, e);
        }
    }

    /**
     * Its own commits hide what somebody else committed before, so that is noted first. Of groups that never had a commit
     * of ours, such as those of an older version, nobody can say whose they are.
     */
    void lookAtBegin() {
        if (begunAt.isEmpty()) {
            return;
        }
        try {
            var marked = gaps.marked(service);
            begunAt.forEach((partition, committed) -> {
                Long stood = marked.get(partition);
                if (stood != null && stood != committed.offset()) {
                    gaps.note(new Gap(service, partition, stood, committed.offset(), Gap.Kind.FOREIGN_COMMIT));
                }
            });
            begunAt.clear();
        } catch (DataAccessException e) {
            LOG.debug("{}: what it begins from is looked at with the next poll", service, e);
        }
    }

    /**
     * A group that is new here begins with the oldest order. One whose offsets the brokers forgot, since it was away for
     * too long or its topic was made again, does so too, and what it cannot find any more is noted.
     */
    void begin(Consumer<?, ?> client, Set<TopicPartition> partitions) {
        var marked = gaps.marked(service);
        Map<TopicPartition, Long> stood = new HashMap<>();
        partitions.stream()
                .filter(marked::containsKey)
                .forEach(partition -> stood.put(partition, marked.get(partition)));
        if (!stood.isEmpty()) {
            var begins = client.beginningOffsets(stood.keySet());
            var ends = client.endOffsets(stood.keySet());
            stood.forEach((partition, from) -> {
                endSkips(partition);
                if (from < begins.get(partition)) {
                    gaps.note(new Gap(service, partition, from, begins.get(partition), Gap.Kind.GONE));
                } else if (from > ends.get(partition)) {
                    gaps.note(new Gap(service, partition, from, begins.get(partition), Gap.Kind.WENT_BACK));
                }
            });
        }
        // Last, so that what could not be noted is met again.
        client.seekToBeginning(partitions);
    }

    /** Noted before the position moves: whoever dies between the two notes it again. */
    void goOnInRange(Consumer<?, ?> client, Map<TopicPartition, Long> stood) {
        var begins = client.beginningOffsets(stood.keySet());
        stood.forEach((partition, from) -> {
            long begin = begins.get(partition);
            if (from > begin) {
                endSkips(partition);
            }
            gaps.note(new Gap(service, partition, from, begin, from < begin ? Gap.Kind.GONE : Gap.Kind.WENT_BACK));
            client.seek(partition, begin);
        });
    }

    private void endSkips(TopicPartition partition) {
        gaps.endSkips(service, partition);
        deliveries.directives(database).read();
    }

    /** What was polled, for the service. After an empty poll it commits past what no service is ever given. */
    void given(Consumer<?, ?> client, ConsumerRecords<?, ?> records) {
        markers.given(records);
        if (records.isEmpty() && begunAt.isEmpty()) {
            var passed = markers.passed(client);
            if (!passed.isEmpty()) {
                client.commitAsync(marked(passed), null);
            }
        }
    }

    /** Offsets to commit, so that everybody sees whose they are. */
    Map<TopicPartition, OffsetAndMetadata> marked(Map<?, ?> offsets) {
        Map<TopicPartition, OffsetAndMetadata> marked = new HashMap<>();
        offsets.forEach((partition, offset) -> {
            long at = ((OffsetAndMetadata) offset).offset();
            marked.put((TopicPartition) partition, new OffsetAndMetadata(at, ReconnectingConsumer.MARK));
            markers.committed((TopicPartition) partition, at);
        });
        return marked;
    }
}
