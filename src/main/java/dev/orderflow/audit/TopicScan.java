package dev.orderflow.audit;

import dev.orderflow.delivery.UnreadableRecord;
import dev.orderflow.door.Problem;
import dev.orderflow.reading.Refusal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads partitions from one set of offsets to another, without a group and without committing anything. */
final class TopicScan implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(500);

    private final KafkaConsumer<byte[], byte[]> consumer;

    TopicScan(Map<String, Object> kafka) {
        var properties = new HashMap<>(kafka);
        properties.put("client.id", "audit");
        properties.put("enable.auto.commit", false);
        properties.put("isolation.level", "read_committed");
        // What is fetched and not read yet is all the memory that a scan takes. In a small heap G1 has regions of 1 MB,
        // and a buffer of half of one costs a collection almost each.
        properties.put("max.poll.records", 2_000);
        properties.put("fetch.max.bytes", 384 * 1024);
        properties.put("max.partition.fetch.bytes", 128 * 1024);
        consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @FunctionalInterface
    interface Reader {
        void read(ConsumerRecord<byte[], byte[]> kafkaRecord) throws Exception;
    }

    List<TopicPartition> partitions(String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }

    Map<TopicPartition, Long> begins(List<TopicPartition> partitions) {
        return consumer.beginningOffsets(partitions);
    }

    Map<TopicPartition, Long> ends(List<TopicPartition> partitions) {
        return consumer.endOffsets(partitions);
    }

    void read(Map<TopicPartition, Long> from, Map<TopicPartition, Long> to, Reader reader) throws Exception {
        var open = from.keySet().stream()
                .filter(partition -> from.get(partition) < to.get(partition))
                .toList();
        consumer.assign(open);
        from.forEach((partition, offset) -> {
            if (open.contains(partition)) {
                consumer.seek(partition, offset);
            }
        });
        while (!consumer.assignment().isEmpty()) {
            ConsumerRecords<byte[], byte[]> polled = poll();
            for (TopicPartition partition : polled.partitions()) {
                long end = to.get(partition);
                for (ConsumerRecord<byte[], byte[]> kafkaRecord : polled.records(partition)) {
                    if (kafkaRecord.offset() < end) {
                        reader.read(kafkaRecord);
                    }
                }
            }
            // The position passes what no reader sees, such as the markers of transactions.
            var left = consumer.assignment().stream()
                    .filter(partition -> consumer.position(partition) < to.get(partition))
                    .toList();
            if (left.size() < consumer.assignment().size()) {
                consumer.assign(left);
            }
        }
    }

    /** @throws Refusal with the place of a record that cannot be read: behind it nobody can say what is lost */
    private ConsumerRecords<byte[], byte[]> poll() {
        try {
            return consumer.poll(POLL);
        } catch (KafkaException e) {
            var place = UnreadableRecord.of(e, consumer.assignment());
            if (place.isEmpty()) {
                throw e;
            }
            TopicPartition at = place.get();
            throw new Refusal(new Problem(
                    503,
                    "unreadable-records",
                    "The topics cannot be read whole",
                    "Topic %s partition %d cannot be read from offset %d on: %s. Mend the partition on its brokers, or wait until they have, and audit again."
                            .formatted(
                                    at.topic(), at.partition(), consumer.position(at), UnreadableRecord.sentence(e))));
        }
    }

    @Override
    public void close() {
        consumer.close(Duration.ofSeconds(1));
    }
}
