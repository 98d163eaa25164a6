package dev.orderflow.bench;

import dev.orderflow.events.Order;
import dev.orderflow.events.OrderReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What the whole flow costs at least: every service by hand, a thread each and three for status, with the same effects, receipts,
 * mails and events as the product. A poll is one transaction, or one for each 100 mails, which are handed over as one batch.
 */
final class RawFlow {

    /** As many as the product keeps open by default. */
    static final int CONNECTIONS = 2;

    /** Longer than any hold. */
    static final String SESSION_MS = "900000";

    private static final int BATCH = 1_000;

    /** Status has four events of an order to note, and would be alone at the end. */
    private static final int CONSUMERS_OF_STATUS = 3;

    private static final int MAILS = 100;
    private static final String STATUS = FlowProgress.STATUS;

    /** As long as the versions of the product's routes. */
    private static final String VERSION = "000000000000";

    /**
     * What it is told.
     *
     * @param services comma separated
     * @param mails {@code smtp:} and a port, or a folder
     */
    record Job(String brokers, String topic, String services, String url, String user, String password, String mails) {

        static Job of(String[] words) {
            return new Job(words[0], words[1], words[2], words[3], words[4], words[5], words[6]);
        }

        String[] words() {
            return new String[] {brokers, topic, services, url, user, password, mails};
        }

        static String group(String topic, String service) {
            return topic + "-" + service;
        }

        String events() {
            return topic + "-events";
        }

        Job with(String only) {
            return new Job(brokers, topic, only, url, user, password, mails);
        }
    }

    /** What a service does with the records of a poll; it tells the events of each transaction. */
    private interface Step {
        void act(ConsumerRecords<String, byte[]> records, Consumer<List<ProducerRecord<String, byte[]>>> tell)
                throws Exception;
    }

    private final Job job;
    private final DataSource database;
    private final AtomicInteger starting;

    private RawFlow(Job job) {
        var services = job.services.split(",");
        this.job = job;
        int threads = Stream.of(services).mapToInt(RawFlow::consumers).sum();
        this.database = Ground.pool(job.url, job.user, job.password, threads + 1);
        this.starting = new AtomicInteger(threads);
    }

    public static void main(String[] arguments) throws IOException {
        var job = Job.of(arguments);
        var flow = new RawFlow(job);
        for (String service : job.services.split(",")) {
            var step = flow.step(service);
            for (int i = 0; i < consumers(service); i++) {
                new Thread(() -> flow.serve(service, step), service).start();
            }
        }
    }

    private static int consumers(String service) {
        return service.equals(STATUS) ? CONSUMERS_OF_STATUS : 1;
    }

    private Step step(String service) throws IOException {
        if (service.equals(STATUS)) {
            var timeline = new RawTimeline(database, job.topic);
            return (records, tell) -> timeline.note(records);
        }
        boolean isMail = service.equals("notification");
        var work = isMail ? new RawMails(handOver()) : RawWork.of(service);
        var transaction = new RawTransaction(database, work, job.events(), VERSION);
        return (records, tell) -> {
            for (var orders : orders(records, isMail ? MAILS : BATCH)) {
                tell.accept(transaction.run(orders));
            }
        };
    }

    private RawMails.HandOver handOver() throws IOException {
        return job.mails.startsWith("smtp:")
                ? new SmtpConnections(Integer.parseInt(job.mails.substring("smtp:".length())), CONNECTIONS)
                : new MailFolder(Path.of(job.mails));
    }

    /**
     * So many at most for a transaction. The bench has no shortages, so nothing of the events topic is for a service that acts on
     * orders.
     */
    private List<Map<UUID, Order>> orders(ConsumerRecords<String, byte[]> records, int most) {
        var all = new ArrayList<Map<UUID, Order>>();
        var orders = new LinkedHashMap<UUID, Order>();
        for (var one : records.records(job.topic)) {
            if (orders.isEmpty() || orders.size() == most) {
                orders = new LinkedHashMap<>(most * 2);
                all.add(orders);
            }
            var order = OrderReader.record(one.value());
            orders.putIfAbsent(order.orderId(), order);
        }
        return all;
    }

    private void serve(String service, Step step) {
        try (var consumer = new KafkaConsumer<String, byte[]>(settings(service));
                var producer = new KafkaProducer<String, byte[]>(RawServer.settings(job.brokers, 5))) {
            consumer.subscribe(service.equals("inventory") ? List.of(job.topic) : List.of(job.topic, job.events()));
            boolean told = false;
            while (true) {
                var records = consumer.poll(Duration.ofMillis(100));
                if (!told && !consumer.assignment().isEmpty()) {
                    told = true;
                    if (starting.decrementAndGet() == 0) {
                        System.out.println("ready");
                    }
                }
                if (!records.isEmpty()) {
                    act(step, records, producer);
                    consumer.commitAsync(RawConsumer.next(records), null);
                }
            }
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    /** Acknowledgements are waited for behind the last transaction; the flush has them wait for no linger. */
    private static void act(Step step, ConsumerRecords<String, byte[]> records, Producer<String, byte[]> producer)
            throws Exception {
        var appended = new ArrayList<Future<?>>(records.count());
        step.act(records, events -> events.forEach(event -> appended.add(producer.send(event))));
        producer.flush();
        for (var one : appended) {
            one.get();
        }
    }

    private Properties settings(String service) {
        var settings = new Properties();
        settings.putAll(Map.of(
                "bootstrap.servers",
                job.brokers,
                "group.id",
                Job.group(job.topic, service),
                "enable.auto.commit",
                "false",
                "auto.offset.reset",
                "earliest",
                "session.timeout.ms",
                SESSION_MS,
                "max.poll.interval.ms",
                SESSION_MS,
                "max.poll.records",
                BATCH,
                "key.deserializer",
                "org.apache.kafka.common.serialization.StringDeserializer",
                "value.deserializer",
                "org.apache.kafka.common.serialization.ByteArrayDeserializer"));
        return settings;
    }
}
