package dev.orderflow.testing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Appends to topics and reads them from end to end, with plain Kafka clients. Safe for several threads. */
public final class Topics implements AutoCloseable {

    private final KafkaProducer<String, byte[]> producer;
    private final KafkaConsumer<String, byte[]> reader;
    private final Admin admin;

    public Topics(String brokers) {
        this(Map.of("bootstrap.servers", brokers));
    }

    /** For brokers that want to know who asks. */
    public Topics(Map<String, Object> properties) {
        producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
        var reading = new HashMap<>(properties);
        // A fetch of what is empty would hold up the next question for half a second.
        reading.put("fetch.max.wait.ms", 10);
        reader = new KafkaConsumer<>(reading, new StringDeserializer(), new ByteArrayDeserializer());
        admin = Admin.create(properties);
    }

    /** Appends one record and waits for its acknowledgement. */
    public void append(String topic, String key, String value, Map<String, String> headers) {
        append(List.of(producerRecord(topic, key, value.getBytes(StandardCharsets.UTF_8), headers)));
    }

    /** Appends many and waits for all acknowledgements. */
    public void append(List<ProducerRecord<String, byte[]>> records) {
        var acknowledgements = records.stream().map(producer::send).toList();
        for (var acknowledgement : acknowledgements) {
            try {
                acknowledgement.get();
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    public static ProducerRecord<String, byte[]> producerRecord(
            String topic, String key, byte[] value, Map<String, String> headers) {
        var record = new ProducerRecord<>(topic, key, value);
        headers.forEach(
                (name, text) -> record.headers().add(new RecordHeader(name, text.getBytes(StandardCharsets.UTF_8))));
        return record;
    }

    /** Every record that the topic holds now, partition by partition in offset order. */
    public synchronized List<ConsumerRecord<String, byte[]>> readAll(String topic) {
        var partitions = partitions(topic);
        reader.assign(partitions);
        reader.seekToBeginning(partitions);
        var ends = reader.endOffsets(partitions);
        var records = new ArrayList<ConsumerRecord<String, byte[]>>();
        while (partitions.stream().anyMatch(partition -> reader.position(partition) < ends.get(partition))) {
            reader.poll(Duration.ofMillis(100)).forEach(records::add);
        }
        return records;
    }

    /** The value of a header as text; empty when the record has none. */
    public static String header(ConsumerRecord<?, ?> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    public static String text(ConsumerRecord<?, byte[]> record) {
        return new String(record.value(), StandardCharsets.UTF_8);
    }

    /** Records of the topic that lie behind the group's committed offsets; a partition without a commit counts whole. */
    public synchronized long lag(String group, String topic) {
        var partitions = partitions(topic);
        var committed = committed(group);
        var begins = reader.beginningOffsets(partitions);
        return reader.endOffsets(partitions).entrySet().stream()
                .mapToLong(end -> end.getValue() - committed.getOrDefault(end.getKey(), begins.get(end.getKey())))
                .sum();
    }

    /** As a topic has it that takes whatever time a producer stamps. */
    public void takeAnyTime(String topic) throws InterruptedException, ExecutionException {
        var any = Stream.of(
                        new ConfigEntry("message.timestamp.type", "CreateTime"),
                        new ConfigEntry("message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE)))
                .map(entry -> new AlterConfigOp(entry, AlterConfigOp.OpType.SET))
                .toList();
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), any))
                .all()
                .get();
    }

    /** As retention does it, with all records of a topic. */
    public void deleteAll(String topic) throws InterruptedException, ExecutionException {
        Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
        for (TopicPartition partition : partitions(topic)) {
            all.put(partition, RecordsToDelete.beforeOffset(-1));
        }
        admin.deleteRecords(all).all().get();
    }

    /** Where the group goes on in a partition; -1 before its first commit. */
    public long committed(String group, TopicPartition partition) {
        return committed(group).getOrDefault(partition, -1L);
    }

    private List<TopicPartition> partitions(String topic) {
        return reader.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }

    /** The partitions of each member of a group that has any. */
    public List<List<TopicPartition>> owners(String group) {
        try {
            return admin.describeConsumerGroups(List.of(group)).all().get().get(group).members().stream()
                    .map(member -> List.copyOf(member.assignment().topicPartitions()))
                    .filter(partitions -> !partitions.isEmpty())
                    .toList();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Commits the ends of a topic for a group that has no member, as if it had read all. */
    public synchronized void commitEnds(String group, String topic) {
        var ends = new HashMap<TopicPartition, OffsetAndMetadata>();
        reader.endOffsets(partitions(topic))
                .forEach((partition, end) -> ends.put(partition, new OffsetAndMetadata(end)));
        try {
            admin.alterConsumerGroupOffsets(group, ends).all().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<TopicPartition, Long> committed(String group) {
        try {
            var committed = new HashMap<TopicPartition, Long>();
            admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .forEach((partition, offset) -> {
                        if (offset != null) {
                            committed.put(partition, offset.offset());
                        }
                    });
            return committed;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public synchronized void close() {
        producer.close();
        reader.close();
        admin.close();
    }
}
