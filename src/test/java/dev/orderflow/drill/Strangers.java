package dev.orderflow.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.orderflow.events.CloudEvents;
import dev.orderflow.testing.Records;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Programs that are not Orderflow's and use its topics and groups all the same. */
final class Strangers {

    private static final String CLIENT_ID = "kcat";

    private Strangers() {}

    /** A member of a group that takes partitions and does nothing with what it gets. */
    static final class Member implements AutoCloseable {

        private final Thread thread;
        private volatile boolean closed;

        /** @param assignor by which it wants the partitions given out */
        Member(String brokers, String group, Class<? extends ConsumerPartitionAssignor> assignor) {
            thread = new Thread(
                    () -> {
                        try (var consumer = new KafkaConsumer<>(
                                Map.<String, Object>of(
                                        "bootstrap.servers",
                                        brokers,
                                        "group.id",
                                        group,
                                        "client.id",
                                        CLIENT_ID,
                                        "partition.assignment.strategy",
                                        assignor.getName(),
                                        "enable.auto.commit",
                                        false),
                                new ByteArrayDeserializer(),
                                new ByteArrayDeserializer())) {
                            consumer.subscribe(List.of(Stage.ORDERS));
                            while (!closed) {
                                consumer.poll(Duration.ofMillis(200));
                            }
                        }
                    },
                    "stranger");
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void close() {
            closed = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Orders that are well formed, in every partition, of a transaction that is still open. */
    static final class Transaction implements AutoCloseable {

        private final KafkaProducer<byte[], byte[]> producer;

        Transaction(String brokers) {
            producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", brokers, "transactional.id", "stranger-" + UUID.randomUUID()),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
            producer.initTransactions();
            producer.beginTransaction();
            for (int partition = 0; partition < Stage.PARTITIONS; partition++) {
                producer.send(in(partition, placed(UUID.randomUUID())));
            }
            producer.flush();
        }

        /** Takes them back. */
        @Override
        public void close() {
            producer.abortTransaction();
            producer.close();
        }
    }

    /** Appends what services are to park, and one that they are to ignore. @return how many records that are */
    static int append(String brokers) {
        var wrong = List.of(
                foreign(Evidence.IGNORED, typed(placed(UUID.randomUUID()), "com.example.invoice")),
                foreign(Evidence.PARKED, typed(placed(UUID.randomUUID()), "dev.orderflow.order-placed.v2")),
                foreign(Evidence.PARKED, typed(placed(UUID.randomUUID()), "dev.orderflow.order-placed.v1 ")),
                foreign(Evidence.PARKED, typed(placed(UUID.randomUUID()), "")),
                foreign(Evidence.PARKED, with(placed(UUID.randomUUID()), "orderflow-redrive-service", "billing")),
                foreign(Evidence.PARKED, body(placed(UUID.randomUUID()), null)),
                foreign(
                        Evidence.PARKED,
                        body(
                                placed(UUID.randomUUID()),
                                framed(placed(UUID.randomUUID()).value()))),
                foreign(Evidence.PARKED, key(placed(UUID.randomUUID()), null)),
                foreign(Evidence.PARKED, key(placed(UUID.randomUUID()), new byte[] {(byte) 0xff, 0, (byte) 0xfe})),
                foreign(Evidence.PARKED, at(typed(placed(UUID.randomUUID()), ""), 0)));
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", brokers),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            var sent = IntStream.range(0, wrong.size())
                    .mapToObj(i -> producer.send(in(i % Stage.PARTITIONS, wrong.get(i))))
                    .toList();
            for (var one : sent) {
                one.get();
            }
            return wrong.size();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ProducerRecord<byte[], byte[]> placed(UUID id) {
        var one = Records.placed(Stage.ORDERS, Records.order(id, Client.PLENTY, 1));
        return new ProducerRecord<>(one.topic(), null, null, id.toString().getBytes(UTF_8), one.value(), one.headers());
    }

    private static ProducerRecord<byte[], byte[]> foreign(String fate, ProducerRecord<byte[], byte[]> of) {
        return with(of, Evidence.FOREIGN, fate);
    }

    private static ProducerRecord<byte[], byte[]> typed(ProducerRecord<byte[], byte[]> of, String type) {
        of.headers().remove(CloudEvents.TYPE);
        return type.isEmpty() ? of : with(of, CloudEvents.TYPE, type);
    }

    private static ProducerRecord<byte[], byte[]> with(ProducerRecord<byte[], byte[]> of, String name, String value) {
        of.headers().add(name, value.getBytes(UTF_8));
        return of;
    }

    private static ProducerRecord<byte[], byte[]> in(int partition, ProducerRecord<byte[], byte[]> of) {
        return new ProducerRecord<>(of.topic(), partition, of.timestamp(), of.key(), of.value(), of.headers());
    }

    private static ProducerRecord<byte[], byte[]> body(ProducerRecord<byte[], byte[]> of, byte[] body) {
        return new ProducerRecord<>(of.topic(), null, null, of.key(), body, of.headers());
    }

    private static ProducerRecord<byte[], byte[]> key(ProducerRecord<byte[], byte[]> of, byte[] key) {
        return new ProducerRecord<>(of.topic(), null, null, key, of.value(), of.headers());
    }

    private static ProducerRecord<byte[], byte[]> at(ProducerRecord<byte[], byte[]> of, long timestamp) {
        return new ProducerRecord<>(of.topic(), null, timestamp, of.key(), of.value(), of.headers());
    }

    /** As registries of schemas frame a value: a zero, and four bytes of the schema's number. */
    private static byte[] framed(byte[] body) {
        var framed = new byte[body.length + 5];
        framed[4] = 7;
        System.arraycopy(body, 0, framed, 5, body.length);
        return framed;
    }
}
