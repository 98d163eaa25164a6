package dev.orderflow.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.orderflow.delivery.ReconnectingClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Kafka's own mocks in the place of its clients: Camel's component and all that is ours in front of them are real. It
 * stands where the house rules want the clients that reconnect.
 */
final class StubBroker extends ReconnectingClients {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Journal journal;
    private final Map<String, Poller> groups = new ConcurrentHashMap<>();
    private volatile String refused = "";
    private final List<Appender> appenders = new CopyOnWriteArrayList<>();

    StubBroker(Journal journal) {
        this.journal = journal;
    }

    @Override
    public Consumer<?, ?> getConsumer(Properties properties) {
        return groups.computeIfAbsent(properties.getProperty("group.id"), group -> new Poller());
    }

    @Override
    public Producer<?, ?> getProducer(Properties properties) {
        var appender = new Appender();
        appenders.add(appender);
        return appender;
    }

    @Override
    public String getBrokers(KafkaConfiguration configuration) {
        return configuration.getBrokers();
    }

    /** Has the group read these in one poll, and waits until their offsets are committed. */
    void feed(String group, List<ProducerRecord<String, byte[]>> records) {
        await().atMost(LIMIT).until(() -> groups.containsKey(group));
        Poller poller = groups.get(group);
        poller.feed(records);
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(2)).until(poller::isDone);
    }

    @SuppressWarnings("unchecked")
    List<ProducerRecord<String, byte[]>> appended(String topic) {
        return journal.all(ProducerRecord.class).stream()
                .filter(appended -> appended.topic().equals(topic))
                .map(appended -> (ProducerRecord<String, byte[]>) appended)
                .toList();
    }

    private static String text(Object key) {
        return key instanceof byte[] bytes ? new String(bytes, UTF_8) : (String) key;
    }

    /** From now on nothing is acknowledged until {@link #acknowledge}. */
    void holdAcknowledgements() {
        appenders.forEach(appender -> appender.holds = true);
    }

    void acknowledge() {
        appenders.forEach(appender -> {
            appender.holds = false;
            appender.flush();
        });
    }

    /** The next record of this topic is refused, as by a broker without enough replicas. */
    void refuse(String topic) {
        refused = topic;
    }

    private final class Poller extends MockConsumer<String, byte[]> {

        private final Map<TopicPartition, Long> ends = new HashMap<>();

        Poller() {
            super("earliest");
        }

        @Override
        public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
            super.subscribe(topics, listener);
            var partitions =
                    topics.stream().map(topic -> new TopicPartition(topic, 0)).collect(Collectors.toSet());
            updateBeginningOffsets(partitions.stream().collect(Collectors.toMap(one -> one, one -> 0L)));
            schedulePollTask(() -> rebalance(partitions));
        }

        @Override
        public synchronized void schedulePollTask(Runnable task) {
            super.schedulePollTask(task);
            notifyAll();
        }

        // A real one waits for records as long as it may; the mock would spin.
        @Override
        public synchronized ConsumerRecords<String, byte[]> poll(Duration timeout) {
            var polled = super.poll(timeout);
            if (polled.isEmpty() && !closed()) {
                try {
                    wait(Math.max(1, timeout.toMillis()));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return polled;
        }

        void feed(List<ProducerRecord<String, byte[]>> records) {
            var fed = new ArrayList<ConsumerRecord<String, byte[]>>();
            synchronized (this) {
                for (var one : records) {
                    var partition = new TopicPartition(one.topic(), 0);
                    long offset = ends.merge(partition, 1L, Long::sum) - 1;
                    fed.add(record(one, offset));
                }
            }
            schedulePollTask(() -> fed.forEach(this::addRecord));
        }

        private ConsumerRecord<String, byte[]> record(ProducerRecord<String, byte[]> one, long offset) {
            Headers headers = one.headers();
            return new ConsumerRecord<>(
                    one.topic(),
                    0,
                    offset,
                    0,
                    TimestampType.CREATE_TIME,
                    one.key().length(),
                    one.value().length,
                    one.key(),
                    one.value(),
                    headers,
                    java.util.Optional.empty());
        }

        synchronized boolean isDone() {
            var committed = committed(Set.copyOf(ends.keySet()));
            return ends.entrySet().stream()
                    .allMatch(end -> committed.get(end.getKey()) != null
                            && committed.get(end.getKey()).offset() == end.getValue());
        }

        @Override
        public synchronized void commitAsync(
                Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
            journal.write("offsets");
            super.commitAsync(offsets, callback);
        }
    }

    /** The key of an event is text, that of a dead letter its record's bytes. */
    private final class Appender extends MockProducer<Object, byte[]> {

        private volatile boolean holds;

        Appender() {
            super(
                    false,
                    null,
                    (topic, key) -> key == null ? null : StubBroker.text(key).getBytes(UTF_8),
                    new ByteArraySerializer());
        }

        @Override
        public Future<RecordMetadata> send(ProducerRecord<Object, byte[]> appended, Callback callback) {
            journal.write(new ProducerRecord<>(
                    appended.topic(),
                    appended.partition(),
                    appended.timestamp(),
                    text(appended.key()),
                    appended.value(),
                    appended.headers()));
            var acknowledged = super.send(appended, callback);
            if (appended.topic().equals(refused)) {
                refused = "";
                errorNext(new NotEnoughReplicasException("not acknowledged"));
            } else if (!holds) {
                flush();
            }
            return acknowledged;
        }
    }
}
