package dev.orderflow.bench;

import dev.orderflow.events.Order;
import dev.orderflow.events.OrderReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * What a service costs at least: KafkaConsumer, JDBC and KafkaProducer by hand, with the same effect, the same receipts
 * with their outcomes, the same events, and offsets behind both. It knows no outage, no poison, no metrics.
 */
final class RawConsumer implements Runnable {

    private final Job job;
    private final RawTransaction transaction;
    private final Producer<String, byte[]> producer;

    /**
     * What it is told.
     *
     * @param recordsMax records of a poll at most
     * @param transactionMax orders of a transaction at most
     */
    record Job(
            String brokers,
            String topic,
            String service,
            int recordsMax,
            int transactionMax,
            int consumers,
            String url,
            String user,
            String password) {

        static Job of(String[] words) {
            return new Job(
                    words[0],
                    words[1],
                    words[2],
                    Integer.parseInt(words[3]),
                    Integer.parseInt(words[4]),
                    Integer.parseInt(words[5]),
                    words[6],
                    words[7],
                    words[8]);
        }

        String[] words() {
            return new String[] {
                brokers,
                topic,
                service,
                Integer.toString(recordsMax),
                Integer.toString(transactionMax),
                Integer.toString(consumers),
                url,
                user,
                password
            };
        }

        String events() {
            return topic + "-events";
        }

        String group() {
            return topic + "-" + service;
        }

        RawTransaction transaction() {
            return new RawTransaction(Ground.pool(url, user, password, consumers + 1), RawWork.of(service), events());
        }
    }

    private RawConsumer(Job job, RawTransaction transaction, Producer<String, byte[]> producer) {
        this.job = job;
        this.transaction = transaction;
        this.producer = producer;
    }

    public static void main(String[] arguments) {
        var job = Job.of(arguments);
        var transaction = job.transaction();
        var producer = new KafkaProducer<String, byte[]>(RawServer.settings(job.brokers, 0));
        producer.partitionsFor(job.events());
        for (int i = 0; i < job.consumers; i++) {
            new Thread(new RawConsumer(job, transaction, producer)).start();
        }
    }

    @Override
    public void run() {
        try (var consumer = new KafkaConsumer<String, byte[]>(settings())) {
            consumer.subscribe(List.of(job.topic));
            boolean told = false;
            while (true) {
                var records = consumer.poll(Duration.ofMillis(100));
                if (!told && !consumer.assignment().isEmpty()) {
                    told = true;
                    System.out.println("ready");
                }
                if (!records.isEmpty()) {
                    act(records);
                    consumer.commitAsync(next(records), null);
                }
            }
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private Properties settings() {
        var settings = new Properties();
        settings.putAll(Map.of(
                "bootstrap.servers", job.brokers,
                "group.id", job.group(),
                "enable.auto.commit", "false",
                "auto.offset.reset", "earliest",
                "max.poll.records", job.recordsMax,
                "key.deserializer", "org.apache.kafka.common.serialization.StringDeserializer",
                "value.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer"));
        return settings;
    }

    /** The offsets behind these records. */
    static Map<TopicPartition, OffsetAndMetadata> next(ConsumerRecords<String, byte[]> records) {
        var next = new HashMap<TopicPartition, OffsetAndMetadata>();
        for (var partition : records.partitions()) {
            var of = records.records(partition);
            next.put(partition, new OffsetAndMetadata(of.get(of.size() - 1).offset() + 1));
        }
        return next;
    }

    private void act(ConsumerRecords<String, byte[]> records) throws Exception {
        var events = new ArrayList<ProducerRecord<String, byte[]>>(records.count());
        var orders = new LinkedHashMap<UUID, Order>();
        for (ConsumerRecord<String, byte[]> one : records) {
            var order = OrderReader.record(one.value());
            orders.putIfAbsent(order.orderId(), order);
            if (orders.size() == job.transactionMax) {
                events.addAll(transaction.run(orders));
                orders.clear();
            }
        }
        if (!orders.isEmpty()) {
            events.addAll(transaction.run(orders));
        }
        var appended = new ArrayList<Future<?>>(events.size());
        for (var event : events) {
            appended.add(producer.send(event));
        }
        for (var one : appended) {
            one.get();
        }
    }
}
