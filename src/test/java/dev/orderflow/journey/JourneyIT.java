package dev.orderflow.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.testing.ChildApp;
import dev.orderflow.testing.Contract;
import dev.orderflow.testing.Records;
import dev.orderflow.testing.RunningApp;
import dev.orderflow.testing.Topics;
import dev.orderflow.testing.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * What happens to orders on their whole way, on a real broker and a real PostgreSQL. Lost: accepted, and a service has
 * neither an effect nor a dead letter. Duplicate: more than one of them.
 */
class JourneyIT {

    private static final List<String> SERVICES = List.of("inventory", "shipping", "notification", "status");
    private static final int ORDERS = 1_000;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private World world;

    @BeforeEach
    void open(TestInfo test) {
        world = World.of(
                test.getTestMethod().orElseThrow().getName().toLowerCase().substring(0, 12));
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void endsWithOneEffectForEachOrderAndServiceWhateverIsRepeatedOrPoison() {
        // Given
        var orders = Load.of(world.orders(), ORDERS);
        try (var app = RunningApp.start(world.settings(Map.of()))) {
            world.stock("A", 1_000_000);

            // When
            world.topics().append(orders.records());
            awaitQuiet(SERVICES);

            // Then
            assertEffects(orders);
            assertContracts();
            assertThat(app.settings().text("orders.topic")).isEqualTo(world.orders());
        }
    }

    @Test
    void endsTheSameWhenItIsKilledInTheMiddleOfBatches() {
        // Given
        var orders = Load.of(world.orders(), ORDERS);
        var settings = world.settings(Map.of("delivery.batchRecordsMax", "100"));
        try (var first = ChildApp.start(settings)) {
            first.awaitReady();
            world.stock("A", 1_000_000);

            // When
            world.topics().append(orders.records());
            await().atMost(LIMIT).until(() -> world.count("SELECT count(*) FROM inventory.reservation") > 0);
            first.kill();
        }
        long done = world.count("SELECT count(*) FROM delivery.receipts");
        try (var second = ChildApp.start(settings)) {
            second.awaitReady();
            awaitQuiet(SERVICES);

            // Then
            System.out.printf(
                    "killed with %d receipts of %d%n", done, 4 * orders.good().size());
            assertEffects(orders);
        }
    }

    @Test
    void holdsNoServiceBackThatAnotherIsStoppedAndCatchesUpLater() throws Exception {
        // Given
        var orders = Load.of(world.orders(), ORDERS);
        try (var app = RunningApp.start(world.settings(Map.of()))) {
            world.stock("A", 1_000_000);
            app.context().getRouteController().stopRoute("shipping");

            // When
            world.topics().append(orders.records());
            awaitQuiet(List.of("inventory", "notification", "status"));

            // Then
            assertThat(world.count("SELECT count(*) FROM inventory.reservation"))
                    .isEqualTo(orders.good().size());
            assertThat(world.count("SELECT count(*) FROM shipping.shipment")).isZero();

            // And it catches up
            app.context().getRouteController().startRoute("shipping");
            awaitQuiet(SERVICES);
            assertEffects(orders);
        }
    }

    @Test
    void sharesThePartitionsOfAServiceBetweenTwoInstances() {
        // Given
        var orders = Load.of(world.orders(), ORDERS);
        var settings = world.settings(Map.of("orderflow.services", "inventory"));
        try (var one = RunningApp.start(settings);
                var two = ChildApp.start(settings)) {
            two.awaitReady();
            world.stock("A", 1_000_000);
            await().atMost(LIMIT).until(() -> world.topics().owners("inventory").size() == 2);

            // When
            world.topics().append(orders.records());
            awaitQuiet(List.of("inventory"));

            // Then
            var owners = world.topics().owners("inventory");
            assertThat(owners).hasSize(2);
            var partitions = owners.stream().flatMap(List::stream).toList();
            assertThat(partitions).hasSize(3).doesNotHaveDuplicates();
            assertReservations(orders);
        }
    }

    @Test
    void goesOnFromItsCommittedOffsetsAfterAStop() {
        // Given
        var before = Load.of(world.orders(), 200);
        var after = Load.of(world.orders(), 200);
        var settings = world.settings(Map.of("orderflow.services", "inventory"));
        try (var app = RunningApp.start(settings)) {
            world.stock("A", 1_000_000);
            world.topics().append(before.records());
            awaitQuiet(List.of("inventory"));
        }

        // When
        world.topics().append(after.records());
        assertThat(world.lag("inventory")).isEqualTo(after.records().size());
        try (var app = RunningApp.start(settings)) {
            awaitQuiet(List.of("inventory"));
        }

        // Then
        assertThat(world.count("SELECT count(*) FROM inventory.reservation"))
                .isEqualTo(before.good().size() + after.good().size());
    }

    @Test
    void endsShortEverywhereWhicheverEventCameFirst() {
        // Given
        UUID heardBefore = UUID.randomUUID();
        UUID heardAfter = UUID.randomUUID();
        String missing =
                "{\"orderId\":\"%s\",\"missing\":[{\"sku\":\"B\",\"wanted\":2,\"available\":0}],\"customer\":{\"id\":\"c-1\",\"email\":\"ada@example.org\"}}";
        try (var app = RunningApp.start(world.settings(Map.of("orderflow.services", "shipping,notification,status")))) {
            // When
            world.topics()
                    .append(List.of(
                            Records.event(world.events(), heardBefore, "stock-short", missing.formatted(heardBefore))));
            awaitQuiet(List.of("shipping", "notification", "status"));
            world.topics()
                    .append(List.of(
                            Records.placed(world.orders(), Records.order(heardBefore, "B", 2)),
                            Records.placed(world.orders(), Records.order(heardAfter, "B", 2))));
            awaitQuiet(List.of("shipping", "notification", "status"));
            world.topics()
                    .append(List.of(
                            Records.event(world.events(), heardAfter, "stock-short", missing.formatted(heardAfter))));
            awaitQuiet(List.of("shipping", "notification", "status"));

            // Then
            assertThat(world.count("SELECT count(*) FROM shipping.shipment WHERE state = 'held'"))
                    .isEqualTo(2);
            assertThat(world.count("SELECT count(*) FROM notification.mail")).isEqualTo(4);
            assertThat(world.count("SELECT count(*) FROM status.orders WHERE status = 'on-hold'"))
                    .isEqualTo(2);
            assertContracts();
        }
    }

    private void awaitQuiet(List<String> services) {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> services.stream().mapToLong(world::lag).sum() == 0);
    }

    private void assertEffects(Load orders) {
        assertReservations(orders);
        assertThat(world.count("SELECT count(*) FROM shipping.shipment WHERE state = 'prepared'"))
                .isEqualTo(orders.good().size());
        assertThat(world.count("SELECT count(*) FROM notification.mail"))
                .isEqualTo(orders.good().size());
        assertThat(world.count("SELECT count(*) FROM status.orders WHERE status = 'completed'"))
                .isEqualTo(orders.good().size());
        assertThat(world.count("SELECT count(DISTINCT outcome) FROM delivery.receipts WHERE service = 'inventory'"))
                .isEqualTo(orders.good().size());
        var dead = world.topics().readAll(world.deadLetters());
        var ids = new HashSet<String>();
        dead.forEach(letter -> ids.add(Topics.header(letter, "orderflow-id")));
        assertThat(ids).hasSize(SERVICES.size() * orders.poison());
        assertThat(dead).allSatisfy(letter -> {
            assertThat(Topics.text(letter)).isEqualTo("this is no order");
            assertThat(Topics.header(letter, "kafka_dlt-original-topic")).isEqualTo(world.orders());
            assertThat(Topics.header(letter, "kafka_dlt-exception-message")).isNotEmpty();
        });
    }

    private void assertReservations(Load orders) {
        assertThat(world.count("SELECT count(*) FROM inventory.reservation"))
                .isEqualTo(orders.good().size());
        assertThat(world.count("SELECT reserved FROM inventory.stock WHERE sku = 'A'"))
                .isEqualTo(2L * orders.good().size());
    }

    private void assertContracts() {
        world.topics().readAll(world.events()).forEach(Contract::record);
    }

    /** Orders of two pieces of A in a shuffled topic: one in twenty appended twice, one in a hundred poison. */
    private record Load(List<UUID> good, int poison, List<ProducerRecord<String, byte[]>> records) {

        static Load of(String topic, int count) {
            long seed = System.nanoTime();
            System.out.printf("seed %d%n", seed);
            var random = new Random(seed);
            List<UUID> good = new ArrayList<>();
            List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
            int poison = count / 100;
            for (int i = 0; i < count; i++) {
                UUID id = UUID.randomUUID();
                if (i < poison) {
                    records.add(Records.garbage(topic, id));
                    continue;
                }
                good.add(id);
                var placed = Records.placed(topic, Records.order(id, "A", 2));
                records.add(placed);
                if (i % 20 == 0) {
                    records.add(placed);
                }
            }
            Collections.shuffle(records, random);
            return new Load(good, poison, records);
        }
    }
}
