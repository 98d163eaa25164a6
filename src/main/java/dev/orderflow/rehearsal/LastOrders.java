package dev.orderflow.rehearsal;

import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.Event;
import dev.orderflow.events.OrderId;
import dev.orderflow.kafka.KafkaClients;
import dev.orderflow.kafka.ReadingStall;
import dev.orderflow.settings.CannotStart;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads the newest orders and what was said of them, as part of no group and without committing anything. */
final class LastOrders implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(500);

    private final KafkaConsumer<String, byte[]> consumer;
    private final ReadingStall stall;

    /** @param stalled how long the brokers may give nothing of what they have before reading fails */
    LastOrders(Map<String, Object> kafka, Duration stalled) {
        stall = new ReadingStall(stalled);
        var properties = KafkaClients.impatient(kafka);
        properties.put("client.id", "rehearsal");
        properties.put("enable.auto.commit", false);
        properties.put("allow.auto.create.topics", false);
        properties.put("isolation.level", "read_committed");
        consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * The last {@code count} orders by the time of their records, the oldest first, each with the records of its
     * events.
     */
    Map<String, List<ConsumerRecord<String, byte[]>>> read(String orders, String events, int count) {
        List<ConsumerRecord<String, byte[]>> placed = new ArrayList<>();
        var partitions = partitions(orders);
        var begins = consumer.beginningOffsets(partitions);
        var ends = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> from = new HashMap<>();
        ends.forEach((partition, end) -> from.put(partition, Math.max(begins.get(partition), end - count)));
        read(from, ends, kafkaRecord -> {
            if (isOrder(kafkaRecord)) {
                placed.add(kafkaRecord);
            }
        });
        placed.sort(Comparator.comparing(ConsumerRecord::timestamp));
        Map<String, List<ConsumerRecord<String, byte[]>>> last = new LinkedHashMap<>();
        placed.subList(Math.max(0, placed.size() - count), placed.size())
                .forEach(kafkaRecord -> last.computeIfAbsent(kafkaRecord.key(), key -> new ArrayList<>())
                        .add(kafkaRecord));
        if (!last.isEmpty()) {
            long oldest = last.values().iterator().next().get(0).timestamp();
            told(events, oldest, kafkaRecord -> {
                if (kafkaRecord.key() != null && last.containsKey(kafkaRecord.key())) {
                    last.get(kafkaRecord.key()).add(kafkaRecord);
                }
            });
        }
        return last;
    }

    /** A record that came back from the dead letters is the same order again. */
    private static boolean isOrder(ConsumerRecord<String, byte[]> kafkaRecord) {
        var type = kafkaRecord.headers().lastHeader(CloudEvents.TYPE);
        return OrderId.parse(kafkaRecord.key()).isPresent()
                && kafkaRecord.value() != null
                && kafkaRecord.headers().lastHeader("orderflow-redrive-service") == null
                && type != null
                && CloudEvents.shortType(new String(type.value(), StandardCharsets.UTF_8))
                        .equals(Event.ORDER_PLACED);
    }

    private void told(String events, long since, Consumer<ConsumerRecord<String, byte[]>> reader) {
        var partitions = partitions(events);
        var ends = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> from = new HashMap<>();
        consumer.offsetsForTimes(partitions.stream().collect(Collectors.toMap(one -> one, one -> since)))
                .forEach((partition, place) ->
                        from.put(partition, place == null ? ends.get(partition) : place.offset()));
        read(from, ends, reader);
    }

    private List<TopicPartition> partitions(String topic) {
        var partitions = consumer.listTopics().getOrDefault(topic, List.of());
        if (partitions.isEmpty()) {
            throw new CannotStart("There is no topic '%s', so there are no orders to rehearse with.".formatted(topic));
        }
        return partitions.stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }

    private void read(
            Map<TopicPartition, Long> from,
            Map<TopicPartition, Long> to,
            Consumer<ConsumerRecord<String, byte[]>> reader) {
        Collection<TopicPartition> open = behind(from.keySet(), from, to);
        consumer.assign(open);
        open.forEach(partition -> consumer.seek(partition, from.get(partition)));
        stall.begin();
        while (!consumer.assignment().isEmpty()) {
            for (ConsumerRecord<String, byte[]> kafkaRecord : consumer.poll(POLL)) {
                if (kafkaRecord.offset() < to.get(new TopicPartition(kafkaRecord.topic(), kafkaRecord.partition()))) {
                    reader.accept(kafkaRecord);
                }
            }
            stall.check(consumer);
            Map<TopicPartition, Long> now = new HashMap<>();
            consumer.assignment().forEach(partition -> now.put(partition, consumer.position(partition)));
            var left = behind(now.keySet(), now, to);
            if (left.size() < now.size()) {
                consumer.assign(left);
            }
        }
    }

    private static List<TopicPartition> behind(
            Set<TopicPartition> partitions, Map<TopicPartition, Long> at, Map<TopicPartition, Long> to) {
        return partitions.stream()
                .filter(partition -> at.get(partition) < to.get(partition))
                .toList();
    }

    @Override
    public void close() {
        consumer.close(Duration.ofSeconds(1));
    }
}
