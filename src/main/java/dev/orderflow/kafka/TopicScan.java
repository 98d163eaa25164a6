package dev.orderflow.kafka;

import dev.orderflow.settings.CannotStart;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads partitions from one set of offsets to another, without a group and without committing anything. */
public final class TopicScan implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(500);
    private static final int POLLS_MAX = 20;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Consumer<UnreadableOffsets> unread;
    private final ReadingStall stall;
    private final Object brokers;

    /**
     * @param kafka how to reach the brokers, as a client takes it
     * @param stalled how long the brokers may give nothing of what they have before reading fails
     * @param unread gets what cannot be read
     */
    public TopicScan(Map<String, Object> kafka, String clientId, Duration stalled, Consumer<UnreadableOffsets> unread) {
        this.unread = unread;
        this.brokers = kafka.get("bootstrap.servers");
        this.stall = new ReadingStall(stalled);
        var properties = KafkaClients.impatient(kafka);
        properties.put("client.id", clientId);
        properties.put("enable.auto.commit", false);
        properties.put("allow.auto.create.topics", false);
        properties.put("isolation.level", "read_committed");
        // What is fetched and not read yet is all the memory that a scan takes. In a small heap G1 has regions of 1 MB,
        // and a buffer of half of one costs a collection almost each.
        properties.put("max.poll.records", 2_000);
        properties.put("fetch.max.bytes", 384 * 1024);
        properties.put("max.partition.fetch.bytes", 128 * 1024);
        consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @FunctionalInterface
    public interface RecordVisitor {
        void read(ConsumerRecord<byte[], byte[]> kafkaRecord) throws Exception;
    }

    /** @throws CannotStart where there is no such topic: who counts what it holds would count nothing, and be content */
    public List<TopicPartition> partitions(String topic) {
        var partitions = consumer.partitionsFor(topic);
        if (partitions == null || partitions.isEmpty()) {
            throw new CannotStart(
                    "There is no topic '%s' at the brokers %s. Set KAFKA_BROKERS to those that have it, or the setting of its name."
                            .formatted(topic, brokers));
        }
        return partitions.stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }

    public Map<TopicPartition, Long> begins(List<TopicPartition> partitions) {
        return consumer.beginningOffsets(partitions);
    }

    public Map<TopicPartition, Long> ends(List<TopicPartition> partitions) {
        return consumer.endOffsets(partitions);
    }

    /** Where each has its first record of a time or later; its end where it has none. */
    public Map<TopicPartition, Long> since(Instant time, List<TopicPartition> partitions) {
        Map<TopicPartition, Long> since = new HashMap<>(ends(partitions));
        consumer.offsetsForTimes(partitions.stream()
                        .collect(Collectors.toMap(partition -> partition, partition -> time.toEpochMilli())))
                .forEach((partition, found) -> {
                    if (found != null) {
                        since.put(partition, found.offset());
                    }
                });
        return since;
    }

    public void read(Map<TopicPartition, Long> from, Map<TopicPartition, Long> to, RecordVisitor reader)
            throws Exception {
        var open = from.keySet().stream()
                .filter(partition -> from.get(partition) < to.get(partition))
                .toList();
        consumer.assign(open);
        from.forEach((partition, offset) -> {
            if (open.contains(partition)) {
                consumer.seek(partition, offset);
            }
        });
        stall.begin();
        while (!consumer.assignment().isEmpty()) {
            ConsumerRecords<byte[], byte[]> polled = poll(to);
            for (TopicPartition partition : polled.partitions()) {
                long end = to.get(partition);
                for (ConsumerRecord<byte[], byte[]> kafkaRecord : polled.records(partition)) {
                    if (kafkaRecord.offset() < end) {
                        reader.read(kafkaRecord);
                    }
                }
            }
            stall.check(consumer);
            // The position passes what no reader sees, such as the markers of transactions.
            var left = consumer.assignment().stream()
                    .filter(partition -> consumer.position(partition) < to.get(partition))
                    .toList();
            if (left.size() < consumer.assignment().size()) {
                consumer.assign(left);
            }
        }
    }

    /** A record that cannot be read is noted with its neighbours that cannot either, and passed. */
    private ConsumerRecords<byte[], byte[]> poll(Map<TopicPartition, Long> to) {
        try {
            return consumer.poll(POLL);
        } catch (KafkaException e) {
            var place = UnreadableRecord.of(e, consumer.assignment());
            if (place.isEmpty()) {
                throw e;
            }
            pass(place.get(), to.get(place.get()), UnreadableRecord.sentence(e));
            return ConsumerRecords.empty();
        }
    }

    /** Finds where it can be read again: farther and farther, then by halves. */
    private void pass(TopicPartition partition, long end, String cause) {
        var others = consumer.assignment();
        long bad = consumer.position(partition);
        long unreadable = bad;
        long step = 1;
        long readable = Math.min(bad + step, end);
        while (readable < end && !isReadable(partition, readable)) {
            unreadable = readable;
            step *= 2;
            readable = Math.min(readable + step, end);
        }
        while (readable - unreadable > 1) {
            long middle = unreadable + (readable - unreadable) / 2;
            if (isReadable(partition, middle)) {
                readable = middle;
            } else {
                unreadable = middle;
            }
        }
        unread.accept(new UnreadableOffsets(partition, bad, readable, cause));
        consumer.assign(others);
        consumer.seek(partition, readable);
    }

    private boolean isReadable(TopicPartition partition, long offset) {
        var own = consumer.assignment();
        own.forEach(one -> consumer.pause(Set.of(one)));
        consumer.resume(Set.of(partition));
        consumer.seek(partition, offset);
        try {
            // An empty poll says nothing: the records may not have come yet.
            for (int polls = 0; polls < POLLS_MAX; polls++) {
                if (!consumer.poll(POLL).records(partition).isEmpty() || consumer.position(partition) > offset) {
                    return true;
                }
            }
            return false;
        } catch (KafkaException e) {
            return false;
        } finally {
            consumer.resume(own);
        }
    }

    @Override
    public void close() {
        consumer.close(Duration.ofSeconds(1));
    }
}
