package dev.orderflow.bench;

import dev.orderflow.events.CloudEvents;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;

/** Orders that wait in a topic, one in a hundred twice, and how fast a consumer group works them off. */
final class Backlog {

    /** Without any progress. */
    private static final long WAIT_MS = 60_000;

    private static final int TWICE_EVERY = 100;

    private final String brokers;
    private final Admin admin;
    private final String topic;
    private final String group;
    private long distinct;

    Backlog(Ground ground, String topic, String group) {
        this.brokers = ground.brokers;
        this.admin = ground.admin;
        this.topic = topic;
        this.group = group;
    }

    void lay(int orders) {
        var settings = RawServer.settings(brokers, 20);
        settings.put("batch.size", "131072");
        try (var producer = new KafkaProducer<String, byte[]>(settings)) {
            UUID id = Orders.id();
            distinct += orders - orders / TWICE_EVERY;
            for (int i = 0; i < orders; i++) {
                id = i % TWICE_EVERY == TWICE_EVERY - 1 ? id : Orders.id();
                var value = Orders.record(id, i).getBytes(StandardCharsets.UTF_8);
                var one = new ProducerRecord<>(topic, id.toString(), value);
                headers(
                        one.headers(),
                        id + "/order-placed",
                        CloudEvents.wireType("order-placed"),
                        "/orderflow/intake",
                        "2026-01-31T08:00:00.123Z");
                producer.send(one);
            }
        }
    }

    static void headers(Headers headers, String id, String type, String source, String time) {
        add(headers, CloudEvents.SPECVERSION, "1.0");
        add(headers, CloudEvents.ID, id);
        add(headers, CloudEvents.TYPE, type);
        add(headers, CloudEvents.SOURCE, source);
        add(headers, CloudEvents.TIME, time);
        add(headers, CloudEvents.CONTENT_TYPE, "application/json");
        add(headers, CloudEvents.TRACEPARENT, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Records a second between 5 and 95 of a hundred done, so that neither the first poll nor the last partition counts;
     * of all, where a few batches are all there is.
     */
    double workedOff() {
        long began = System.nanoTime();
        long end = ends();
        long begin = done();
        long low = begin + (end - begin) / 20;
        long high = end - (end - begin) / 20;
        long lowAt = await(low);
        long lowDone = done();
        long highAt = await(high);
        long highDone = done();
        long endAt = await(end);
        return highDone - lowDone < (end - begin) / 2
                ? (end - begin) * 1e9 / (endAt - began)
                : (highDone - lowDone) * 1e9 / (highAt - lowAt);
    }

    void awaitEnd() {
        await(ends());
    }

    /** Orders that were laid down so far, each counted once. */
    long distinct() {
        return distinct;
    }

    private long await(long offset) {
        long limit = System.currentTimeMillis() + WAIT_MS;
        long last = -1;
        for (long now = done(); now < offset; now = done()) {
            if (now != last) {
                last = now;
                limit = System.currentTimeMillis() + WAIT_MS;
            }
            if (System.currentTimeMillis() > limit) {
                throw new IllegalStateException(
                        "Group %s stands at %,d of %,d in topic %s.".formatted(group, done(), offset, topic));
            }
            Child.pause(10);
        }
        return System.nanoTime();
    }

    private long done() {
        try {
            return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().entrySet().stream()
                    .filter(entry -> entry.getKey().topic().equals(topic) && entry.getValue() != null)
                    .mapToLong(entry -> entry.getValue().offset())
                    .sum();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private long ends() {
        try {
            var partitions = admin.describeTopics(java.util.List.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .partitions();
            Map<TopicPartition, OffsetSpec> latest = partitions.stream()
                    .collect(Collectors.toMap(p -> new TopicPartition(topic, p.partition()), p -> OffsetSpec.latest()));
            return admin.listOffsets(latest).all().get().values().stream()
                    .mapToLong(offset -> offset.offset())
                    .sum();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
