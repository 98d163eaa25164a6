package dev.orderflow.delivery;

import dev.orderflow.kafka.KafkaHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.kafka.consumer.DefaultKafkaManualAsyncCommit;
import org.apache.camel.component.kafka.consumer.KafkaManualCommitFactory.CamelExchangePayload;
import org.apache.camel.component.kafka.consumer.KafkaManualCommitFactory.KafkaRecordPayload;
import org.apache.camel.support.DefaultExchange;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;

/** Kafka's own mock, which keeps what it is to commit, and acknowledges it when a test says so. */
final class CommittingConsumer extends MockConsumer<String, byte[]> {

    private record Waiting(Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {}

    /** What was offered and nobody waited for. */
    final List<Map<TopicPartition, OffsetAndMetadata>> offered = new ArrayList<>();

    /** How long each poll was to take at most. */
    final List<Duration> polls = new ArrayList<>();

    boolean holds;
    private final List<Waiting> waiting = new ArrayList<>();
    private final Map<TopicPartition, List<ConsumerRecord<String, byte[]>>> fetched = new LinkedHashMap<>();
    private Runnable onPoll = () -> {};

    CommittingConsumer(TopicPartition... partitions) {
        super("earliest");
        own(partitions);
        for (TopicPartition partition : partitions) {
            seek(partition, 0);
        }
    }

    /** From now on it has these partitions alone. */
    void own(TopicPartition... partitions) {
        assign(Arrays.asList(partitions));
    }

    /** The next poll gives these, as a partition does that was not paused when it was fetched. */
    void newlyAssigned(TopicPartition partition, long... offsets) {
        var records = new ArrayList<ConsumerRecord<String, byte[]>>();
        for (long offset : offsets) {
            records.add(new ConsumerRecord<>(partition.topic(), partition.partition(), offset, "", new byte[0]));
        }
        fetched.put(partition, records);
        seek(partition, offsets[offsets.length - 1] + 1);
    }

    /** Happens within each poll. */
    void onPoll(Runnable task) {
        onPoll = task;
    }

    /** Calls back for the oldest that was offered and held. @param failure null for none */
    void acknowledge(Exception failure) {
        var oldest = waiting.remove(0);
        if (failure == null) {
            super.commitAsync(oldest.offsets(), null);
        }
        oldest.callback().onComplete(oldest.offsets(), failure);
    }

    @Override
    public synchronized void commitAsync(
            Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
        if (callback != null) {
            offered.add(offsets);
        }
        if (callback != null && holds) {
            waiting.add(new Waiting(offsets, callback));
        } else {
            super.commitAsync(offsets, callback);
        }
    }

    @Override
    public synchronized ConsumerRecords<String, byte[]> poll(Duration timeout) {
        polls.add(timeout);
        onPoll.run();
        var records = new ConsumerRecords<>(new LinkedHashMap<>(fetched), Map.of());
        fetched.clear();
        return records;
    }

    /** A record of a batch, as Camel's component makes it. */
    static Exchange exchange(
            CamelContext context, CommittingConsumer consumer, ConsumerRecord<String, byte[]> kafkaRecord) {
        var exchange = new DefaultExchange(context);
        var partition = new TopicPartition(kafkaRecord.topic(), kafkaRecord.partition());
        var message = exchange.getMessage();
        message.setBody(kafkaRecord.value());
        message.setHeader(KafkaHeaders.KEY, kafkaRecord.key());
        message.setHeader(KafkaHeaders.TOPIC, kafkaRecord.topic());
        message.setHeader(KafkaHeaders.PARTITION, kafkaRecord.partition());
        message.setHeader(KafkaHeaders.OFFSET, kafkaRecord.offset());
        message.setHeader(KafkaHeaders.TIMESTAMP, kafkaRecord.timestamp());
        message.setHeader(KafkaHeaders.HEADERS, kafkaRecord.headers());
        message.setHeader(
                KafkaHeaders.MANUAL_COMMIT,
                new DefaultKafkaManualAsyncCommit(
                        new CamelExchangePayload(exchange, consumer, "", null),
                        new KafkaRecordPayload(partition, kafkaRecord.offset(), 0),
                        null));
        return exchange;
    }
}
