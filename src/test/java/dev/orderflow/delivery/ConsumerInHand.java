package dev.orderflow.delivery;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A consumer of ours, with Kafka's own mock in the place of its clients; in a thread for each test. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ConsumerInHand {

    static final TopicPartition P0 = new TopicPartition("orders", 0);
    static final TopicPartition P1 = new TopicPartition("orders", 1);
    static final ConsumerRebalanceListener NOTHING = new ConsumerRebalanceListener() {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            // nothing to do
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            // nothing to do
        }
    };

    final MemoryDatabase database = new MemoryDatabase();
    final Deliveries deliveries = new Deliveries();
    final List<Client> clients = new ArrayList<>();
    final List<Map<String, Object>> made = new ArrayList<>();
    final Map<TopicPartition, OffsetAndMetadata> stands = new HashMap<>();
    final Map<String, List<List<Object>>> tables = new HashMap<>();
    final Owner owner = new Owner();
    RuntimeException cannotBeMade;
    Supplier<ConsumerRecords<String, byte[]>> first = ConsumerRecords::empty;
    final ReconnectingConsumer consumer = consumer();
    final Consumer<?, ?> proxy = consumer.asConsumer();

    final class Owner implements ConsumerOwner {
        boolean stopping;
        boolean suspended;
        boolean polls = true;
        Collection<String> topics = List.of();
        int looks;
        Runnable onLook = () -> {};

        @Override
        public void subscribed(Collection<String> subscribed) {
            topics = subscribed;
        }

        @Override
        public boolean isStopping() {
            return stopping;
        }

        @Override
        public boolean isSuspended() {
            onLook.run();
            if (looks > 0 && --looks == 0) {
                suspended = false;
            }
            return suspended;
        }

        @Override
        public boolean polls(Thread thread) {
            return polls && thread == Thread.currentThread();
        }

        @Override
        public Optional<String> route() {
            return Optional.of("route of shipping");
        }
    }

    final class Client extends MockConsumer<String, byte[]> {
        final Deque<Supplier<ConsumerRecords<String, byte[]>>> script = new ArrayDeque<>();
        final List<Map<TopicPartition, OffsetAndMetadata>> commits = new ArrayList<>();
        Runnable assignment = () -> {};

        Client() {
            super("none");
        }

        @Override
        public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
            super.subscribe(topics, listener);
            assignment = this::assign;
        }

        void assign() {
            assignment = () -> {};
            updateBeginningOffsets(Map.of(P0, 10L, P1, 10L));
            updateEndOffsets(Map.of(P0, 100L, P1, 100L));
            rebalance(List.of(P0, P1));
            seek(P0, 10);
            seek(P1, 10);
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
                Set<TopicPartition> partitions, Duration timeout) {
            return new HashMap<>(stands);
        }

        @Override
        public synchronized ConsumerRecords<String, byte[]> poll(Duration timeout) {
            assignment.run();
            return script.isEmpty() ? ConsumerRecords.empty() : script.remove().get();
        }

        void pollAsKafkaDoes() {
            super.poll(Duration.ZERO);
        }

        @Override
        public synchronized void commitAsync(
                Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
            commits.add(offsets);
            super.commitAsync(offsets, callback);
        }
    }

    ReconnectingConsumer consumer() {
        Map<String, Object> properties = new HashMap<>();
        properties.put("group.id", "shipping");
        properties.put("auto.offset.reset", "earliest");
        return new ReconnectingConsumer(
                properties, deliveries, new SimpleMeterRegistry(), 1, 2, database.dataSource(), owner, own -> {
                    made.add(own);
                    if (cannotBeMade != null) {
                        throw cannotBeMade;
                    }
                    var client = new Client();
                    client.script.add(first);
                    clients.add(client);
                    return client;
                });
    }

    @BeforeEach
    void subscribe() {
        deliveries.tell(DeliveryState.of("shipping", "shipping", DeliveryState.RUNNING, ""));
        database.finds(asked -> tables.entrySet().stream()
                .filter(table -> asked.sql().contains(table.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(List.of()));
        proxy.subscribe(List.of("orders"), NOTHING);
    }

    ConsumerRecords<?, ?> poll() {
        return proxy.poll(Duration.ofMillis(5));
    }

    void script(Supplier<ConsumerRecords<String, byte[]>> poll) {
        clients.get(clients.size() - 1).script.add(poll);
    }

    void cannotRead(TopicPartition partition) {
        script(() -> {
            throw new RecordDeserializationException(
                    RecordDeserializationException.DeserializationExceptionOrigin.VALUE,
                    partition,
                    10,
                    0,
                    TimestampType.CREATE_TIME,
                    null,
                    null,
                    null,
                    "it is damaged",
                    null);
        });
    }

    static ConsumerRecords<String, byte[]> records(TopicPartition partition, long... offsets) {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        for (long offset : offsets) {
            records.add(new ConsumerRecord<>(partition.topic(), partition.partition(), offset, "", new byte[0]));
        }
        return new ConsumerRecords<>(new LinkedHashMap<>(Map.of(partition, records)), Map.of());
    }

    List<String> gaps() {
        return database.changes.stream()
                .filter(change -> change.sql().contains("INSERT INTO delivery.gap"))
                .map(MemoryDatabase.Asked::parameters)
                .map(gap -> "%s-%s %s to %s %s".formatted(gap.get(1), gap.get(2), gap.get(3), gap.get(4), gap.get(5)))
                .toList();
    }

    DeliveryState told() {
        return deliveries.states().get(0);
    }
}
