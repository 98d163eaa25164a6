package dev.orderflow.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.Event;
import dev.orderflow.monitoring.Monitoring;
import dev.orderflow.testing.CapturedLog;
import dev.orderflow.testing.Embedded;
import dev.orderflow.testing.Records;
import dev.orderflow.testing.RunningApp;
import dev.orderflow.testing.Topics;
import dev.orderflow.testing.World;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Topics and groups that others use as well: nothing is passed unseen, and nothing of theirs is taken for an order. */
class BadTopicsIT {

    private static final Duration BACK = Duration.ofSeconds(15);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static World world;
    private static RunningApp app;
    private static Admin admin;

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        world = World.of("bad-topics");
        admin = Admin.create(Map.of("bootstrap.servers", Embedded.shared().brokers()));
        app = RunningApp.start(world.settings(Map.of(
                "orderflow.services", "intake,inventory,shipping",
                "delivery.openTransactionMs", "3000",
                "operate.lagMs", "1000")));
        world.stock("A", 1_000_000);
    }

    @AfterAll
    static void stop() {
        app.close();
        admin.close();
        world.close();
    }

    /** One order in each partition is done by both, so that what follows begins from offsets that are committed. */
    @BeforeEach
    void settle() {
        var orders = IntStream.range(0, 3).mapToObj(i -> UUID.randomUUID()).toList();
        IntStream.range(0, 3).forEach(i -> world.topics().append(List.of(in(i, placed(orders.get(i))))));
        await().atMost(LIMIT).until(() -> done(orders) == 6);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(health()).contains(quiet("deliveries")));
        await().atMost(LIMIT)
                .until(() ->
                        world.count("SELECT count(*) FROM delivery.marked WHERE service IN ('inventory', 'shipping')"
                                        + " AND topic = '%s'".formatted(world.orders()))
                                == 6);
    }

    @Test
    void doesNothingOfATransactionThatIsTakenBackAndNamesOneThatStaysOpen() {
        var taken = UUID.randomUUID();
        var later = UUID.randomUUID();
        try (var foreign = new KafkaProducer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", Embedded.shared().brokers(), "transactional.id", "foreign-" + taken),
                new StringSerializer(),
                new ByteArraySerializer())) {
            // Given
            foreign.initTransactions();
            foreign.beginTransaction();
            foreign.send(in(1, placed(taken)));
            foreign.flush();
            world.topics().append(List.of(in(1, placed(later))));

            // When it stays open
            await().atMost(LIMIT)
                    .untilAsserted(() ->
                            assertThat(health()).contains("a producer's transaction has been open since", "orders"));
            assertThat(done(List.of(taken, later))).isZero();
            foreign.abortTransaction();
        }

        // Then
        await().atMost(BACK).until(() -> done(List.of(later)) == 2);
        assertThat(done(List.of(taken))).isZero();
        // The marker that took it back stands last, and is nobody's record.
        for (String service : List.of("inventory", "shipping")) {
            await().atMost(BACK).until(() -> world.topics().lag(service, world.orders()) == 0);
        }
        await().atMost(BACK).untilAsserted(() -> assertThat(lag()).isZero());
        await().atMost(BACK).untilAsserted(() -> assertThat(health()).contains(quiet("deliveries")));
    }

    @Test
    void parksWhatIsNearlyOursAndCountsWhatIsNot() throws Exception {
        // Given
        var before = letters().size();
        var next = placed(UUID.randomUUID());
        type(next, "dev.orderflow.order-placed.v2");
        var blank = placed(UUID.randomUUID());
        type(blank, CloudEvents.wireType(Event.ORDER_PLACED) + " ");
        var billing = placed(UUID.randomUUID());
        billing.headers().add(DeadLetters.REDRIVE_SERVICE, "billing".getBytes(UTF_8));
        var foreign = placed(UUID.randomUUID());
        type(foreign, "com.example.invoice");
        var good = UUID.randomUUID();

        // When
        try (var log = new CapturedLog()) {
            world.topics().append(List.of(next, blank, billing, foreign, foreign, placed(good)));

            // Then
            await().atMost(BACK).until(() -> done(List.of(good)) == 2);
            await().atMost(BACK).until(() -> letters().size() == before + 2 * 3);
            // The time tells it from a record at the same place of a topic that is made again.
            assertThat(letters().subList(before, letters().size()))
                    .allMatch(letter -> Topics.header(letter, DeadLetters.ID)
                            .endsWith("/" + Topics.header(letter, "kafka_dlt-original-timestamp")));
            assertThat(letters())
                    .extracting(letter -> Topics.header(letter, "kafka_dlt-exception-message"))
                    .contains(
                            "the ce_type header is 'dev.orderflow.order-placed.v2', and was to be 'dev.orderflow.order-placed.v1'")
                    .anyMatch(message -> message.contains("'billing'"));
            await().atMost(BACK)
                    .untilAsserted(() -> assertThat(metrics())
                            .contains(
                                    "orderflow_records_total{result=\"ignored\",service=\"inventory\"} 2.0",
                                    "orderflow_records_total{result=\"ignored\",service=\"shipping\"} 2.0"));
            assertThat(log.text().lines().filter(line -> line.contains("com.example.invoice")))
                    .hasSize(2);
        }
    }

    /** RFC 9562: either case. A key that is no text at all goes on as it came. */
    @Test
    void knowsAnIdInEitherCaseAndKeepsAKeyAsItIs() {
        var id = UUID.randomUUID();
        var upper = placed(id);
        var key = new byte[] {(byte) 0xff, 0, (byte) 0xfe};
        try (var bytes = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", Embedded.shared().brokers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            var keyed = placed(UUID.randomUUID());
            bytes.send(new ProducerRecord<>(world.orders(), 0, null, key, keyed.value(), keyed.headers()));
            byte[] upperCase = id.toString().toUpperCase(Locale.ROOT).getBytes(UTF_8);
            bytes.send(new ProducerRecord<>(world.orders(), 0, null, upperCase, upper.value(), upper.headers()));
        }

        await().atMost(BACK).until(() -> done(List.of(id)) == 2);
        try (var reader = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", Embedded.shared().brokers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            var partitions = IntStream.range(0, 3)
                    .mapToObj(i -> new TopicPartition(world.deadLetters(), i))
                    .toList();
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            await().atMost(BACK).until(() -> {
                boolean found = false;
                for (ConsumerRecord<byte[], byte[]> letter : reader.poll(Duration.ofMillis(200))) {
                    found |= Arrays.equals(letter.key(), key);
                }
                return found;
            });
        }
    }

    @Test
    void namesTheOffsetsThatRetentionTookBeforeTheyWereRead() throws Exception {
        // Given
        var place = new TopicPartition(world.orders(), 2);
        app.context().getRouteController().stopRoute("inventory");
        await().atMost(LIMIT).until(() -> world.topics().owners("inventory").isEmpty());
        long stood = world.topics().committed("inventory", place);
        var orders = IntStream.range(0, 10).mapToObj(i -> UUID.randomUUID()).toList();
        orders.forEach(order -> world.topics().append(List.of(in(2, placed(order)))));
        admin.deleteRecords(Map.of(place, RecordsToDelete.beforeOffset(stood + 7)))
                .all()
                .get();

        // When
        app.context().getRouteController().startRoute("inventory");

        // Then
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(health())
                        .contains("offsets %d to %d were gone before inventory read them".formatted(stood, stood + 6))
                        .contains("{\"name\":\"deliveries\",\"status\":\"UP\""));
        await().atMost(BACK).until(() -> world.count(reserved(orders)) == 3);

        new Gaps(world.database()).close("inventory", place, stood, stood + 7, "ada");
        await().atMost(BACK).untilAsserted(() -> assertThat(health()).contains(quiet("deliveries")));
    }

    /** As when a service stood still for longer than the brokers keep the offsets of an empty group. */
    @Test
    void namesWhatWasGoneWhenTheBrokersForgotItsGroup() throws Exception {
        // Given
        var place = new TopicPartition(world.orders(), 2);
        awaitMarked("inventory", place);
        app.context().getRouteController().stopRoute("inventory");
        await().atMost(LIMIT).until(() -> world.topics().owners("inventory").isEmpty());
        long stood = world.topics().committed("inventory", place);
        var orders = IntStream.range(0, 5).mapToObj(i -> UUID.randomUUID()).toList();
        orders.forEach(order -> world.topics().append(List.of(in(2, placed(order)))));
        admin.deleteRecords(Map.of(place, RecordsToDelete.beforeOffset(stood + 2)))
                .all()
                .get();
        admin.deleteConsumerGroups(List.of("inventory")).all().get();

        // When
        app.context().getRouteController().startRoute("inventory");

        // Then
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(health())
                        .contains("offsets %d to %d were gone before inventory read them".formatted(stood, stood + 1)));
        await().atMost(BACK).until(() -> world.count(reserved(orders)) == 3);
        new Gaps(world.database()).close("inventory", place, stood, stood + 2, "ada");
        await().atMost(BACK).untilAsserted(() -> assertThat(health()).contains(quiet("deliveries")));
    }

    /** The records that were skipped are gone with their topic, and others stand where they stood. */
    @Test
    void endsWhatWasSkippedWhenItsTopicIsMadeAgain() throws Exception {
        // Given
        try (var again = World.of("made-again");
                var running = RunningApp.start(
                        again.settings(Map.of("orderflow.services", "inventory", "operate.lagMs", "1000")))) {
            again.stock("A", 1_000);
            var place = new TopicPartition(again.orders(), 0);
            for (int i = 0; i < 4; i++) {
                again.topics().append(List.of(inTopic(again.orders(), UUID.randomUUID())));
            }
            await().atMost(LIMIT).until(() -> again.topics().committed("inventory", place) == 4);
            await().atMost(LIMIT)
                    .until(() -> again.count(
                                    "SELECT count(*) FROM delivery.marked WHERE next_offset = 4 AND record_partition = 0")
                            == 1);
            new Gaps(again.database()).skipped(new Gap("inventory", place, 0, 4, Gap.Kind.SKIPPED), "ada");
            long before = again.count("SELECT count(*) FROM inventory.reservation");

            // When
            admin.deleteTopics(List.of(again.orders())).all().get();
            await().atMost(LIMIT).until(() -> !admin.listTopics().names().get().contains(again.orders()));
            Embedded.shared().createTopics(3, again.orders());
            for (int i = 0; i < 3; i++) {
                again.topics().append(List.of(inTopic(again.orders(), UUID.randomUUID())));
            }

            // Then
            await().atMost(LIMIT).until(() -> again.count("SELECT count(*) FROM inventory.reservation") == before + 3);
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(health(running))
                            .contains("which the partition does not have any more")
                            .contains("orderflow rewind inventory --to %s@0".formatted(place)));
        }
    }

    private static ProducerRecord<String, byte[]> inTopic(String topic, UUID order) {
        return in(0, Records.placed(topic, Records.order(order, "A", 1)));
    }

    @Test
    void namesWhatSomebodyElseCommitted() throws Exception {
        // Given
        var place = new TopicPartition(world.orders(), 0);
        awaitMarked("shipping", place);
        app.context().getRouteController().stopRoute("shipping");
        await().atMost(LIMIT).until(() -> world.topics().owners("shipping").isEmpty());
        long stood = world.topics().committed("shipping", place);
        world.topics().append(List.of(in(0, placed(UUID.randomUUID())), in(0, placed(UUID.randomUUID()))));

        // When
        admin.alterConsumerGroupOffsets("shipping", Map.of(place, new OffsetAndMetadata(stood + 2)))
                .all()
                .get();

        // Then
        app.context().getRouteController().startRoute("shipping");
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(health())
                        .contains(
                                "somebody who is not Orderflow committed offset %d for the group shipping, which stood at %d"
                                        .formatted(stood + 2, stood)));
        new Gaps(world.database()).close("shipping", place, stood, stood + 2, "ada");
        await().atMost(BACK).untilAsserted(() -> assertThat(health()).contains(quiet("deliveries")));
    }

    @Test
    void namesAMemberOfTheGroupThatIsNotOurs() {
        try (var foreign = new KafkaConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers",
                        Embedded.shared().brokers(),
                        "group.id",
                        "inventory",
                        "client.id",
                        "a-curious-colleague",
                        "enable.auto.commit",
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            foreign.subscribe(List.of(world.orders()));
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                foreign.poll(Duration.ofMillis(200));
                assertThat(health()).contains("client id 'a-curious-colleague'");
            });
        }
        await().atMost(LIMIT).untilAsserted(() -> assertThat(health()).contains(quiet("deliveries")));
    }

    /** As an error of Java ends it: out of memory, a class that is not there. */
    @Test
    @SuppressWarnings("deprecation")
    void startsAPollLoopAgainThatEnded() {
        // Given
        var loop = Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> Arrays.stream(thread.getValue())
                        .anyMatch(frame -> frame.getClassName().endsWith(".KafkaFetchRecords")))
                .filter(thread -> thread.getKey().getName().contains(world.orders()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();

        // When
        loop.stop();

        // Then
        var orders = IntStream.range(0, 3).mapToObj(i -> UUID.randomUUID()).toList();
        IntStream.range(0, 3).forEach(i -> world.topics().append(List.of(in(i, placed(orders.get(i))))));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(health()).contains("is started again"));
        await().atMost(BACK).until(() -> done(orders) == 6);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(health()).contains(quiet("deliveries")));
    }

    /** Returns when the last commit was seen. */
    private static void awaitMarked(String service, TopicPartition place) {
        await().atMost(LIMIT)
                .until(() -> world.count(
                                "SELECT next_offset FROM delivery.marked WHERE service = '%s' AND topic = '%s' AND record_partition = %d"
                                        .formatted(service, place.topic(), place.partition()))
                        == world.topics().committed(service, place));
    }

    private static String quiet(String check) {
        return "{\"name\":\"%s\",\"status\":\"UP\"}".formatted(check);
    }

    private static ProducerRecord<String, byte[]> placed(UUID order) {
        return Records.placed(world.orders(), Records.order(order, "A", 1));
    }

    private static ProducerRecord<String, byte[]> in(int partition, ProducerRecord<String, byte[]> of) {
        return new ProducerRecord<>(of.topic(), partition, null, of.key(), of.value(), of.headers());
    }

    private static void type(ProducerRecord<String, byte[]> of, String type) {
        of.headers().remove(CloudEvents.TYPE).add(CloudEvents.TYPE, type.getBytes(UTF_8));
    }

    private static String reserved(List<UUID> orders) {
        return "SELECT count(*) FROM inventory.reservation WHERE order_id IN (%s)".formatted(ids(orders));
    }

    private static String ids(List<UUID> orders) {
        return String.join(",", orders.stream().map(id -> "'" + id + "'").toList());
    }

    /** Effects of both services on these. */
    private static long done(List<UUID> orders) {
        return world.count(reserved(orders))
                + world.count("SELECT count(*) FROM shipping.shipment WHERE carrier IS NOT NULL AND order_id IN (%s)"
                        .formatted(ids(orders)));
    }

    private static List<ConsumerRecord<String, byte[]>> letters() {
        return world.topics().readAll(world.deadLetters());
    }

    private double lag() throws Exception {
        return metrics()
                .lines()
                .filter(line -> line.startsWith("orderflow_lag{") && line.contains('"' + world.orders() + '"'))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private String metrics() throws Exception {
        return get(Monitoring.METRICS_PATH);
    }

    private String health() throws Exception {
        return get(Monitoring.HEALTH_PATH);
    }

    private String health(RunningApp of) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(URI.create(of.managementUrl() + Monitoring.HEALTH_PATH))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    private String get(String path) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(URI.create(app.managementUrl() + path))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }
}
