package dev.orderflow.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.events.Order;
import dev.orderflow.settings.Settings;
import dev.orderflow.testing.Page;
import dev.orderflow.testing.Records;
import dev.orderflow.testing.RoutesInHand;
import dev.orderflow.testing.Shop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Edited services played over real orders, beside the running application, on a real broker and a real PostgreSQL. */
class RehearsalIT {

    private static final String SHIPPING = "shipping.camel.yaml";
    private static final int HOME = 7;
    private static final int ABROAD = 11;
    private static final int SHORT = 3;

    private static Shop shop;
    private static List<UUID> home;
    private static List<UUID> abroad;
    private static List<UUID> shorts;

    @TempDir
    Path edited;

    private Map<String, String> before;

    private record Rehearsed(int status, String told, String failed) {

        List<UUID> named(String fate) {
            return Pattern.compile("(?m)^order (\\S+): " + fate)
                    .matcher(told)
                    .results()
                    .map(found -> UUID.fromString(found.group(1)))
                    .toList();
        }
    }

    @BeforeAll
    static void orders() {
        shop = Shop.open(Map.of("inventory.seed", "false"));
        home = place(HOME, "DE", Shop.SKU);
        abroad = place(ABROAD, "GB", Shop.SKU);
        shorts = place(SHORT, "DE", "sold-out");
        int all = HOME + ABROAD + SHORT;
        shop.await(
                "all done",
                2 * all,
                "SELECT count(*) FROM status.timeline WHERE event IN ('order-placed', 'customer-notified')");
        shop.await("stock", all, "SELECT count(*) FROM status.timeline WHERE service = 'inventory'");
        shop.await("held", SHORT, "SELECT count(*) FROM status.timeline WHERE event = 'shipment-held'");
        shop.await("told", SHORT, "SELECT count(*) FROM status.timeline WHERE event = 'shortage-notified'");
        // Not a mug more than was ordered: whoever reserved twice would be short.
        shop.sql.update("UPDATE inventory.stock SET on_hand = reserved");
    }

    private static List<UUID> place(int count, String country, String sku) {
        var ids = IntStream.range(0, count).mapToObj(i -> UUID.randomUUID()).toList();
        shop.topics.append(ids.stream()
                .map(id -> Records.placed(shop.topic("orders"), to(country, Records.order(id, sku, 2))))
                .toList());
        return ids;
    }

    private static Order to(String country, Order order) {
        var ship = order.shipTo();
        return new Order(
                order.orderId(),
                order.placedAt(),
                order.customer(),
                new Order.Address(ship.name(), ship.street(), ship.city(), ship.postalCode(), country),
                order.currency(),
                order.lines(),
                order.reference());
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @BeforeEach
    void look() throws Exception {
        before = everything();
    }

    @AfterEach
    void leavesNothing() throws Exception {
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void namesExactlyTheOrdersWhoseCarrierChanges() {
        var rehearsed = rehearse(SHIPPING, "expression: swift-post", "expression: night-owl");

        assertThat(rehearsed.status).as(rehearsed.told).isZero();
        assertThat(rehearsed.named("changed")).containsExactlyInAnyOrderElementsOf(both(home, shorts));
        assertThat(rehearsed.told)
                .contains("  shipment-prepared.carrier: \"swift-post\" -> \"night-owl\"")
                .contains("  shipping.shipment.carrier: \"swift-post\" -> \"night-owl\"")
                .contains("%d same, %d changed, 0 failed".formatted(ABROAD, HOME + SHORT));
    }

    @Test
    void takesAsManyOfTheLastOrdersAsItIsAskedTo() {
        var rehearsed = rehearse(SHIPPING, "expression: swift-post", "expression: night-owl", 2);

        assertThat(rehearsed.told).contains("on the last 2 orders").contains("0 same, 2 changed, 0 failed");
    }

    @Test
    void tellsWhichOrdersAnEditFailsOnAndWhy() {
        var rehearsed = rehearse(
                SHIPPING,
                "constant:\n                                      expression: swift-post",
                "simple:\n                                      expression: ${body.order.nobody}");

        assertThat(rehearsed.status).as(rehearsed.told).isEqualTo(1);
        assertThat(rehearsed.named("failed")).containsExactlyInAnyOrderElementsOf(both(home, shorts));
        assertThat(rehearsed.told)
                .contains("nobody")
                .contains("%d same, 0 changed, %d failed".formatted(ABROAD, HOME + SHORT));
    }

    @Test
    void findsNothingChangedInWhatOnlySaysOtherWordsOfItself() {
        for (String file : List.of(SHIPPING, "inventory.camel.yaml", "notification.camel.yaml", "status.camel.yaml")) {
            var rehearsed = rehearse(file, "    description: ", "    description: Now ");

            assertThat(rehearsed.status).as(rehearsed.told).isZero();
            assertThat(rehearsed.told).contains("%d same, 0 changed, 0 failed".formatted(HOME + ABROAD + SHORT));
        }
    }

    @Test
    void tellsWhatAMailWouldSayAndSendsNone() {
        var rehearsed = rehearse("notification.camel.yaml", "We have it, and tell you", "It is here, and we tell you");

        assertThat(rehearsed.named("changed")).hasSize(HOME + ABROAD + SHORT);
        assertThat(rehearsed.told)
                .containsPattern(
                        "  to file:.*mail.* line \\d+: We have it, and tell you .* -> It is here, and we tell you");
    }

    @Test
    void playsANewServiceWithItsTable() throws IOException {
        var page = new Page("add-a-service.md");
        Files.writeString(edited.resolve("loyalty.sql"), page.file("loyalty.sql"));
        Files.writeString(edited.resolve("loyalty.camel.yaml"), page.file("loyalty.camel.yaml"));

        var rehearsed = run(shop.app.settings(), edited.resolve("loyalty.camel.yaml"), 1000);

        assertThat(rehearsed.status).as(rehearsed.told).isZero();
        assertThat(rehearsed.told)
                .contains("loyalty.points.points: nothing -> 25")
                .contains("0 same, %d changed, 0 failed".formatted(HOME + ABROAD + SHORT));
    }

    @Test
    void isNotCommittedEvenByWhoTries() {
        var rehearsed = rehearse(
                "inventory.camel.yaml",
                "              - bean:\n                  ref: stock\n                  method: reserve\n",
                "              - bean:\n                  ref: stock\n                  method: reserve\n"
                        + "              - to:\n                  uri: sql:COMMIT\n");

        assertThat(rehearsed.status).as(rehearsed.told).isEqualTo(1);
        assertThat(rehearsed.told).contains("a_rehearsal_is_never_committed");
    }

    @Test
    void saysWhatARefusedEditIsRefusedFor() {
        var rehearsed = rehearse(SHIPPING, "ref: parcels", "ref: parcel");

        assertThat(rehearsed.status).isEqualTo(1);
        assertThat(rehearsed.told).contains("there is no bean 'parcel'");
    }

    @Test
    void hasAStatusOfItsOwnWhenItCannotBePlayed() {
        var away = shop.app.settings().with("database.url", "jdbc:postgresql://127.0.0.1:1/orderflow");

        var without = run(away, write(SHIPPING, "swift-post", "night-owl"), 10);
        var nowhere = run(shop.app.settings(), edited.resolve("none.camel.yaml"), 10);
        var empty = run(
                shop.app.settings().with("orders.topic", "no-such-topic"), write(SHIPPING, "swift-post", "owl"), 10);

        assertThat(without.status).isEqualTo(2);
        assertThat(without.failed).contains("It could not be rehearsed: the database does not answer");
        assertThat(nowhere.status).isEqualTo(2);
        assertThat(empty.status).isEqualTo(2);
        assertThat(empty.failed).contains("There is no topic 'no-such-topic'");
    }

    private Rehearsed rehearse(String file, String found, String replacement) {
        return rehearse(file, found, replacement, 1000);
    }

    private Rehearsed rehearse(String file, String found, String replacement, int last) {
        return run(shop.app.settings(), write(file, found, replacement), last);
    }

    private Path write(String file, String found, String replacement) {
        try {
            String shipped = RoutesInHand.shipped().get(file);
            return Files.writeString(edited.resolve(file), RoutesInHand.edited(shipped, found, replacement));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Rehearsed run(Settings settings, Path file, int last) {
        var told = new ByteArrayOutputStream();
        var failed = new ByteArrayOutputStream();
        int status = new RehearseCommand(
                        settings,
                        new PrintStream(told, true, StandardCharsets.UTF_8),
                        new PrintStream(failed, true, StandardCharsets.UTF_8))
                .run(file, last);
        return new Rehearsed(status, told.toString(StandardCharsets.UTF_8), failed.toString(StandardCharsets.UTF_8));
    }

    private static List<UUID> both(List<UUID> some, List<UUID> others) {
        var both = new ArrayList<>(some);
        both.addAll(others);
        return both;
    }

    /** Every row, the end of every topic, every group with its offsets, and every mail. */
    private static Map<String, String> everything() throws Exception {
        Map<String, String> all = new TreeMap<>();
        shop
                .sql
                .queryForList(
                        "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname !~ '^pg_|information_schema'",
                        String.class)
                .stream()
                // The running application notes there what its groups committed, which is compared below.
                .filter(table -> !table.equals("delivery.marked"))
                .forEach(table -> all.put(
                        table,
                        shop.sql.queryForObject(
                                "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') FROM "
                                        + table + " t",
                                String.class)));
        try (var admin =
                Admin.create(Map.of("bootstrap.servers", shop.app.settings().text("kafka.brokers")))) {
            for (String topic : admin.listTopics().names().get()) {
                if (!topic.startsWith("__")) {
                    var partition = new TopicPartition(topic, 0);
                    all.put(
                            topic,
                            admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                                            .partitionResult(partition)
                                            .get()
                                            .offset()
                                    + "");
                }
            }
            for (var group : admin.listConsumerGroups().all().get()) {
                all.put(
                        "group " + group.groupId(),
                        new TreeMap<>(admin
                                        .listConsumerGroupOffsets(group.groupId())
                                        .partitionsToOffsetAndMetadata()
                                        .get()
                                        .entrySet()
                                        .stream()
                                        .collect(java.util.stream.Collectors.toMap(
                                                one -> one.getKey().toString(),
                                                one -> one.getValue().offset())))
                                .toString());
            }
        }
        try (var mails = Files.list(Path.of(shop.app.settings().text("orderflow.data.dir"), "mail"))) {
            all.put("mails", mails.sorted().toList().toString());
        }
        return all;
    }
}
