package dev.orderflow.redrive;

import dev.orderflow.delivery.Awaited;
import dev.orderflow.delivery.Deliveries;
import dev.orderflow.delivery.DeliveryState;
import dev.orderflow.delivery.FailureClassifier;
import dev.orderflow.delivery.ReconnectingConsumer;
import dev.orderflow.telemetry.Causes;
import dev.orderflow.telemetry.OutageLog;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the dead letter topic into the database: first the commit there, then the offsets. Dead letters are no events,
 * so the policy {@code once} is not for them; here the letter's id and attempt are the idempotent receiver. An outage is
 * waited out within the group; what the brokers refuse is waited out outside of it.
 */
final class DeadLetterConsumer implements Runnable, AutoCloseable {

    static final String SERVICE = "redrive";

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterConsumer.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ReconnectingConsumer reconnecting;
    private final Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final DeadLetterStore inbox;
    private final Deliveries deliveries;
    private final Awaited awaited;
    private final OutageLog outage = new OutageLog(LOG, SERVICE);
    private final Counter setAside;
    private volatile boolean stopping;
    private String state = "";
    private boolean owing;

    /** @param retryDelayMs pause before it reads again after the brokers refused; it doubles up to {@code retryDelayMsMax} */
    @SuppressWarnings("unchecked")
    DeadLetterConsumer(
            Map<String, Object> kafka,
            String topic,
            DeadLetterStore inbox,
            Deliveries deliveries,
            Awaited awaited,
            MeterRegistry meters,
            DataSource database,
            long retryDelayMs,
            long retryDelayMsMax) {
        this.reconnecting = new ReconnectingConsumer(
                properties(kafka), deliveries, meters, retryDelayMs, retryDelayMsMax, database, () -> stopping);
        this.consumer = (Consumer<byte[], byte[]>) reconnecting.asConsumer();
        this.setAside = Counter.builder("orderflow.dead.letters.set.aside")
                .description("Records of the dead letter topic that cannot be kept as letters")
                .register(meters);
        this.topic = topic;
        this.inbox = inbox;
        this.deliveries = deliveries;
        this.awaited = awaited;
    }

    private static Map<String, Object> properties(Map<String, Object> kafka) {
        var properties = new HashMap<>(kafka);
        properties.put("group.id", SERVICE);
        properties.put("key.deserializer", ByteArrayDeserializer.class);
        properties.put("value.deserializer", ByteArrayDeserializer.class);
        properties.put("enable.auto.commit", false);
        properties.put("auto.offset.reset", "earliest");
        properties.put("isolation.level", "read_committed");
        // A dead letter may have two megabytes: few of them at a time.
        properties.put("max.poll.records", 200);
        properties.put("fetch.max.bytes", 8 * 1024 * 1024);
        return properties;
    }

    @Override
    public void run() {
        tell(DeliveryState.JOINING, "");
        try (consumer) {
            consumer.subscribe(List.of(topic));
            while (!stopping) {
                round();
            }
        } catch (WakeupException e) {
            LOG.debug("redrive: the reader stops");
        } finally {
            tell(DeliveryState.STOPPED, "");
        }
    }

    private void round() {
        ConsumerRecords<byte[], byte[]> records = ConsumerRecords.empty();
        try {
            records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                keep(records);
            }
            // Also of what an operator has it skip.
            if (!records.nextOffsets().isEmpty()) {
                consumer.commitSync(records.nextOffsets());
            }
            // An empty poll says nothing of letters that could not be kept.
            if (!owing || !records.isEmpty()) {
                outage.works();
            }
            if (!consumer.assignment().isEmpty()) {
                tell(DeliveryState.RUNNING, "");
            }
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            // Of what was read and not committed all is read again.
            reconnecting.recover(e);
        } catch (RuntimeException e) {
            again(records, e);
        }
    }

    /** All at once; where one of them cannot be kept, each alone, so that the others are. */
    private void keep(ConsumerRecords<byte[], byte[]> records) {
        try {
            List<DeadLetter> letters = new ArrayList<>(records.count());
            records.forEach(kafkaRecord -> letters.add(DeadLetter.of(kafkaRecord)));
            inbox.keep(letters);
        } catch (RuntimeException e) {
            if (FailureClassifier.is(e)) {
                throw e;
            }
            records.forEach(this::keepAlone);
        }
    }

    private void keepAlone(ConsumerRecord<byte[], byte[]> kafkaRecord) {
        try {
            inbox.keep(List.of(DeadLetter.of(kafkaRecord)));
        } catch (RuntimeException e) {
            if (FailureClassifier.is(e)) {
                throw e;
            }
            String cause = Causes.sentence(e);
            inbox.setAside(kafkaRecord.partition(), kafkaRecord.offset(), kafkaRecord.timestamp(), cause);
            setAside.increment();
            LOG.warn(
                    "record {}-{}@{}: set aside by redrive, as no letter that can be kept: {}",
                    topic,
                    kafkaRecord.partition(),
                    kafkaRecord.offset(),
                    cause);
        }
    }

    /** Nothing of these is committed as an offset, so all of them are read again; the group sees us alive meanwhile. */
    private void again(ConsumerRecords<byte[], byte[]> records, RuntimeException failure) {
        String sentence = awaited.sentence(failure);
        outage.fails("dead letters are not kept yet: " + sentence);
        owing = !records.isEmpty();
        tell(DeliveryState.WAITING, sentence);
        rewind(records);
        consumer.pause(consumer.assignment());
        try {
            // A partition that is assigned just now is not paused, and what it returns is no loss either.
            rewind(consumer.poll(PAUSE));
            consumer.resume(consumer.assignment());
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            reconnecting.recover(e);
        }
    }

    private void rewind(ConsumerRecords<byte[], byte[]> records) {
        for (TopicPartition partition : records.partitions()) {
            if (consumer.assignment().contains(partition)) {
                consumer.seek(partition, records.records(partition).get(0).offset());
            }
        }
    }

    private void tell(String now, String cause) {
        if (!state.equals(now)) {
            state = now;
            deliveries.tell(new DeliveryState(SERVICE, SERVICE, now, Instant.now(), cause));
        }
    }

    /** From another thread: ends {@link #run} soon. */
    @Override
    public void close() {
        stopping = true;
        consumer.wakeup();
    }
}
