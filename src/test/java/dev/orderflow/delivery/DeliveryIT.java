package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.events.Order;
import dev.orderflow.testing.Embedded;
import dev.orderflow.testing.Records;
import dev.orderflow.testing.RunningApp;
import dev.orderflow.testing.Topics;
import dev.orderflow.testing.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What passes is waited out, what stays is parked alone, and a fault of ours empties no topic. */
class DeliveryIT {

    private static final Duration LIMIT = Duration.ofSeconds(40);

    private World world;
    private RunningApp app;

    @BeforeEach
    void open() {
        world = World.of("delivery");
    }

    @AfterEach
    void close() {
        app.close();
        world.close();
    }

    @Test
    void parksAnOrderThatCanNeverSucceedAloneAndDoesItsNeighbours() {
        // Given
        start(Map.of());
        var orders = orders(200);
        UUID poison = orders.get(77).orderId();
        takeItsPlace(poison);

        // When
        append(orders);
        awaitQuiet();

        // Then
        assertThat(world.count("SELECT count(*) FROM delivery.receipts WHERE NOT parked"))
                .isEqualTo(199);
        assertThat(world.count("SELECT reserved FROM inventory.stock WHERE sku = 'A'"))
                .isEqualTo(199);
        var dead = world.topics().readAll(world.deadLetters());
        assertThat(dead).hasSize(1);
        var letter = dead.get(0);
        assertThat(letter.key()).isEqualTo(poison.toString());
        assertThat(letter.value()).isEqualTo(record(orders.get(77)).value());
        assertThat(Topics.header(letter, "orderflow-service")).isEqualTo("inventory");
        assertThat(Topics.header(letter, "orderflow-attempt")).isEqualTo("1");
        assertThat(Topics.header(letter, "orderflow-id")).isEqualTo("inventory/" + poison + "/order-placed");
        assertThat(Topics.header(letter, "orderflow-fingerprint")).hasSize(12);
        assertThat(Topics.header(letter, "kafka_dlt-original-consumer-group")).isEqualTo("inventory");
        assertThat(Topics.header(letter, "kafka_dlt-exception-fqcn")).endsWith("PSQLException");
        assertThat(Topics.header(letter, "ce_id")).isEqualTo(poison + "/order-placed");
    }

    @Test
    void accountsForBothRecordsOfOneOrderWhateverHappensToTheFirst() {
        // Given
        start(Map.of());
        Order good = Records.order(UUID.randomUUID(), "A", 1);
        Order poison = Records.order(UUID.randomUUID(), "A", 1);
        takeItsPlace(poison.orderId());

        // When
        world.topics()
                .append(List.of(
                        Records.garbage(world.orders(), good.orderId()),
                        record(good),
                        record(good),
                        record(poison),
                        record(poison)));
        awaitQuiet();

        // Then
        assertThat(world.count("SELECT reserved FROM inventory.stock WHERE sku = 'A'"))
                .isEqualTo(1);
        assertThat(deadLetterIds())
                .containsExactlyInAnyOrder(
                        "inventory/" + poison.orderId() + "/order-placed",
                        deadLetterIds().stream()
                                .filter(id -> id.contains("@"))
                                .findFirst()
                                .orElse("none"));
    }

    @Test
    void takesNoPartInAnOrderAgainThatItParkedEvenWhenItCouldNow() {
        // Given
        start(Map.of());
        Order order = Records.order(UUID.randomUUID(), "A", 1);
        takeItsPlace(order.orderId());
        append(List.of(order));
        awaitQuiet();

        // When
        world.execute("DELETE FROM inventory.reservation");
        append(List.of(order));
        awaitQuiet();

        // Then: one dead letter xor one effect
        assertThat(world.count("SELECT count(*) FROM inventory.reservation")).isZero();
        assertThat(deadLetterIds()).hasSize(1);
    }

    @Test
    void actsOnceOnARecordThatIsRedrivenForIt() {
        // Given
        start(Map.of("orderflow.services", "inventory,shipping"));
        Order order = Records.order(UUID.randomUUID(), "A", 1);
        takeItsPlace(order.orderId());
        append(List.of(order));
        awaitQuiet();

        // When
        world.execute("DELETE FROM inventory.reservation");
        var redriven = record(order);
        redriven.headers().add("orderflow-redrive-service", "inventory".getBytes());
        redriven.headers().add("orderflow-attempt", "2".getBytes());
        redriven.headers().add("orderflow-id", ("inventory/" + order.orderId() + "/order-placed").getBytes());
        world.topics().append(List.of(redriven, redriven));
        awaitQuiet();

        // Then
        assertThat(world.count("SELECT count(*) FROM inventory.reservation")).isEqualTo(1);
        assertThat(world.count("SELECT reserved FROM inventory.stock WHERE sku = 'A'"))
                .isEqualTo(1);
        assertThat(world.count("SELECT count(*) FROM delivery.receipts WHERE service = 'inventory' AND parked"))
                .isZero();
        assertThat(world.count("SELECT count(*) FROM shipping.shipment")).isEqualTo(1);
    }

    @Test
    void waitsOutADatabaseThatThrowsItsConnectionsAway() {
        // Given
        start(Map.of());
        var orders = orders(2_000);

        // When
        append(orders);
        for (int i = 0; i < 20; i++) {
            world.count(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'orderflow' AND datname = current_database()");
        }
        awaitQuiet();

        // Then
        assertThat(world.count("SELECT count(*) FROM inventory.reservation")).isEqualTo(2_000);
        assertThat(world.count("SELECT reserved FROM inventory.stock WHERE sku = 'A'"))
                .isEqualTo(2_000);
        assertThat(deadLetterIds()).isEmpty();
    }

    @Test
    void holdsForAMissingTableAndParksNothing() {
        // Given
        start(Map.of("camel.component.kafka.maxPollIntervalMs", "3000"));
        var members = world.topics().owners("inventory");
        world.execute("ALTER TABLE inventory.reservation RENAME TO elsewhere");

        // When
        append(orders(50));
        awaitState(DeliveryState.HELD);
        await().pollDelay(Duration.ofSeconds(4)).until(() -> state().state().equals(DeliveryState.HELD));

        // Then
        assertThat(state().cause()).contains("inventory.reservation");
        assertThat(world.lag("inventory")).isEqualTo(50);
        assertThat(world.topics().owners("inventory")).isEqualTo(members);

        // And it goes on when the fault is mended
        world.execute("ALTER TABLE inventory.elsewhere RENAME TO reservation");
        awaitQuiet();
        assertThat(world.count("SELECT count(*) FROM inventory.reservation")).isEqualTo(50);
        assertThat(deadLetterIds()).isEmpty();
    }

    @Test
    void holdsWhenTooManyAreParkedForOneReason() {
        // Given
        start(Map.of("delivery.parkedMax", "5"));
        // A first version that has done none is on trial, and parks nothing.
        append(orders(1));
        awaitQuiet();
        world.execute("ALTER TABLE inventory.reservation ADD CONSTRAINT never CHECK (false) NOT VALID");

        // When
        append(orders(300));
        awaitState(DeliveryState.HELD);

        // Then
        assertThat(deadLetterIds()).hasSize(5);

        // And it goes on when the fault is mended
        world.execute("ALTER TABLE inventory.reservation DROP CONSTRAINT never");
        awaitQuiet();
        assertThat(world.count("SELECT count(*) FROM inventory.reservation")).isEqualTo(296);
        assertThat(deadLetterIds()).hasSize(5);
    }

    @Test
    void commitsNoOffsetBeforeItsDeadLetterIsAcknowledged() throws Exception {
        // Given
        start(Map.of());
        maxMessageBytes(world.deadLetters(), 10);
        var orders = orders(20);
        takeItsPlace(orders.get(3).orderId());

        // When
        appendAtOnce(orders);
        awaitState(DeliveryState.HELD);

        // Then
        assertThat(world.lag("inventory")).isEqualTo(20);

        // And it goes on when the topic takes it
        maxMessageBytes(world.deadLetters(), 1_000_000);
        awaitQuiet();
        assertThat(deadLetterIds()).hasSize(1);
        assertThat(world.count("SELECT count(*) FROM delivery.receipts WHERE NOT parked"))
                .isEqualTo(19);
    }

    @Test
    void appendsItsEventsAgainWhenTheAppendFailedAfterTheCommit() throws Exception {
        // Given: an event a batch, since the client splits a batch of several for ever instead of failing
        start(Map.of("camel.component.kafka.producerBatchSize", "1"));
        maxMessageBytes(world.events(), 10);

        // When
        append(orders(20));
        await().atMost(LIMIT).until(() -> world.count("SELECT count(*) FROM inventory.reservation") == 20);

        // Then
        assertThat(world.lag("inventory")).isEqualTo(20);
        assertThat(world.topics().readAll(world.events())).isEmpty();

        // And they come when the topic takes them, without a second effect
        maxMessageBytes(world.events(), 1_000_000);
        awaitQuiet();
        assertThat(ids(world.events(), "ce_id")).hasSize(20);
        assertThat(world.count("SELECT reserved FROM inventory.stock WHERE sku = 'A'"))
                .isEqualTo(20);
    }

    @Test
    void servesOrdersInTheirOrderUntilTheStockIsGone() {
        // Given
        start(Map.of());
        world.stock("LAST", 3);
        List<UUID> sameKeyOrder =
                IntStream.range(0, 5).mapToObj(i -> UUID.randomUUID()).toList();

        // When
        world.topics()
                .append(sameKeyOrder.stream()
                        .map(id -> record(Records.order(id, "LAST", 1)))
                        .toList());
        awaitQuiet();

        // Then
        assertThat(world.count("SELECT reserved FROM inventory.stock WHERE sku = 'LAST'"))
                .isEqualTo(3);
        assertThat(world.count("SELECT count(*) FROM inventory.reservation WHERE state = 'short'"))
                .isEqualTo(2);
    }

    private void start(Map<String, String> settings) {
        var all = new HashMap<>(world.settings(Map.of("orderflow.services", "inventory")));
        all.putAll(settings);
        app = RunningApp.start(all);
        world.stock("A", 1_000_000);
        awaitState(DeliveryState.RUNNING);
    }

    /** Makes the effect of an order impossible, and of no other. */
    private void takeItsPlace(UUID order) {
        world.execute("INSERT INTO inventory.reservation(order_id, state, lines) VALUES ('%s', 'short', '{}')"
                .formatted(order));
    }

    private static List<Order> orders(int count) {
        List<Order> orders = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            orders.add(Records.order(UUID.randomUUID(), "A", 1));
        }
        return orders;
    }

    private ProducerRecord<String, byte[]> record(Order order) {
        return Records.placed(world.orders(), order);
    }

    private void append(List<Order> orders) {
        world.topics().append(orders.stream().map(this::record).toList());
    }

    /** All are there before the first is read, so that they come as one batch. */
    private void appendAtOnce(List<Order> orders) throws Exception {
        var routes = app.context().getRouteController();
        routes.stopRoute("inventory");
        append(orders);
        routes.startRoute("inventory");
    }

    private DeliveryState state() {
        return app.context().getRegistry().findSingleByType(Deliveries.class).states().stream()
                .filter(state -> state.route().equals("inventory"))
                .findFirst()
                .orElseThrow();
    }

    private void awaitState(String wanted) {
        await().atMost(LIMIT).until(() -> state().state().equals(wanted));
    }

    private void awaitQuiet() {
        await().atMost(LIMIT).until(() -> world.topics().lag("inventory", world.orders()) == 0);
    }

    private Set<String> deadLetterIds() {
        return ids(world.deadLetters(), "orderflow-id");
    }

    private Set<String> ids(String topic, String header) {
        return world.topics().readAll(topic).stream()
                .map(letter -> Topics.header(letter, header))
                .collect(Collectors.toSet());
    }

    private static void maxMessageBytes(String topic, int bytes) throws Exception {
        try (var admin = Embedded.shared().admin()) {
            var change = new AlterConfigOp(
                    new ConfigEntry("max.message.bytes", Integer.toString(bytes)), AlterConfigOp.OpType.SET);
            admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(change)))
                    .all()
                    .get();
        }
    }
}
