package dev.orderflow.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orderflow.testing.ChildApp;
import dev.orderflow.testing.Embedded;
import dev.orderflow.testing.Records;
import dev.orderflow.testing.Shop;
import dev.orderflow.testing.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.assertj.core.data.Offset;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The audit sees what is wrong, and says nothing of what is well. */
class AuditIT {

    private static final String DONE = "SELECT count(*) FROM delivery.receipts WHERE service = ? AND NOT parked";

    private Shop shop;

    @BeforeEach
    void open() {
        shop = Shop.open(Map.of("redrive.ratePerSecond", "1000"));
    }

    @AfterEach
    void close() {
        shop.close();
    }

    /** Orders that every service is done with, to the last event. */
    private List<UUID> done(int orders) {
        var ids = shop.order(orders);
        shop.await("all is told", orders * 4, DONE, "status");
        shop.await("all is sent", orders, DONE, "notification");
        return ids;
    }

    private static JsonNode service(JsonNode report, String name) {
        for (JsonNode service : report.path("services")) {
            if (service.path("service").asText().equals(name)) {
                return service;
            }
        }
        throw new AssertionError("no " + name + " in " + report);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** Settings of a command that looks at this shop from a process of its own. */
    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        for (String key : List.of(
                "kafka.brokers",
                "database.url",
                "database.user",
                "database.password",
                "orders.topic",
                "order-events.topic",
                "orders-dlt.topic")) {
            settings.put(key, shop.app.settings().text(key));
        }
        return settings;
    }

    @Test
    void isCleanAfterRepeatsAndPoisonAndARedrive() {
        // Given
        done(40);
        var twice = UUID.randomUUID();
        var repeat = Records.placed(shop.topic("orders"), Records.order(twice, Shop.SKU, 1));
        shop.topics.append(List.of(repeat, repeat, Records.garbage(shop.topic("orders"), UUID.randomUUID())));
        shop.awaitLetters("parked", 4);
        shop.breakShipping();
        shop.order(5);
        shop.awaitLetters("parked", 9);
        shop.mendShipping();
        String id = shop.get("/dead-letters?service=shipping")
                .at("/deadLetters/0/id")
                .asText();
        shop.redrive("{\"ids\":[\"" + id + "\"]}", 202);
        shop.awaitLetters("home", 1);
        shop.await("notified", 46, DONE, "notification");
        shop.await("told", 46 * 3 + 42, DONE, "status");

        // When
        JsonNode report = shop.get("/audit");

        // Then
        assertThat(report.path("clean").asBoolean()).as(report.toPrettyString()).isTrue();
        JsonNode shipping = service(report, "shipping");
        assertThat(shipping.path("accepted").asInt()).isEqualTo(47);
        assertThat(shipping.path("done").asInt()).isEqualTo(42);
        assertThat(shipping.path("parked").asInt()).isEqualTo(5);
        assertThat(shipping.path("redriven").asInt()).isEqualTo(1);
        JsonNode inventory = service(report, "inventory");
        assertThat(inventory.path("done").asInt()).isEqualTo(46);
        assertThat(inventory.path("parked").asInt()).isEqualTo(1);
        assertThat(report.at("/stock/reserved").asInt()).isEqualTo(46);
        assertThat(report.at("/stock/byOrders").asInt()).isEqualTo(46);
    }

    @Test
    void isCleanAfterABodyWasCorrected() {
        // Given
        UUID order = UUID.randomUUID();
        shop.topics.append(List.of(Records.garbage(shop.topic("orders"), order)));
        shop.awaitLetters("parked", 4);
        String id = shop.get("/dead-letters?service=inventory")
                .at("/deadLetters/0/id")
                .asText();
        String body = new String(dev.orderflow.events.OrderWriter.bytes(Records.order(order, Shop.SKU, 3)));
        shop.redrive("{\"ids\":[\"" + id + "\"],\"body\":" + body + "}", 202);
        shop.awaitLetters("home", 1);

        // When
        JsonNode report = shop.get("/audit");

        // Then
        assertThat(report.path("clean").asBoolean()).as(report.toPrettyString()).isTrue();
        assertThat(service(report, "inventory").path("done").asInt()).isEqualTo(1);
        assertThat(service(report, "shipping").path("parked").asInt()).isEqualTo(1);
    }

    @Test
    void namesWhatIsLostDuplicatedUnseenAndWrong() {
        // Given
        List<UUID> orders = done(10);
        UUID stranger = UUID.randomUUID();
        shop.sql.update("DELETE FROM inventory.reservation WHERE order_id = ?", orders.get(0));
        shop.sql.update("DELETE FROM delivery.receipts WHERE service = 'shipping' AND order_id = ?", orders.get(1));
        shop.sql.update("DELETE FROM notification.mail WHERE order_id = ?", orders.get(2));
        shop.sql.update("DELETE FROM delivery.receipts WHERE service = 'notification' AND order_id = ?", orders.get(2));
        shop.sql.update(
                "UPDATE inventory.reservation SET lines = '{\"mug-blue\": 2}' WHERE order_id = ?", orders.get(3));
        shop.sql.update("INSERT INTO shipping.shipment (order_id, state) VALUES (?, 'held')", stranger);
        shop.sql.update("UPDATE inventory.stock SET reserved = reserved + 7");
        shop.sql.update(
                "DELETE FROM delivery.receipts WHERE service = 'status' AND event = 'stock-reserved' AND order_id = ?",
                orders.get(4));

        // When
        JsonNode report = shop.get("/audit");

        // Then
        assertThat(report.path("clean").asBoolean()).isFalse();
        assertThat(service(report, "inventory").at("/offenders/lost").toString())
                .isEqualTo("[\"" + orders.get(0) + "\"]");
        assertThat(service(report, "inventory").at("/offenders/wrong").toString())
                .isEqualTo("[\"" + orders.get(3) + "\"]");
        assertThat(service(report, "shipping").at("/offenders/duplicated").toString())
                .isEqualTo("[\"" + orders.get(1) + "\"]");
        assertThat(service(report, "shipping").at("/offenders/unseen").toString())
                .isEqualTo("[\"" + stranger + "\"]");
        assertThat(service(report, "notification").at("/offenders/lost").toString())
                .isEqualTo("[\"" + orders.get(2) + "\"]");
        assertThat(service(report, "status").at("/offenders/lost").toString())
                .isEqualTo("[\"" + orders.get(4) + "/stock-reserved\"]");
        assertThat(report.at("/stock/differing")).hasSize(1);
    }

    @Test
    void countsWhatIsNotReadYetAsInFlight() {
        // Given
        done(3);
        shop.stop("shipping");
        shop.order(4);
        shop.await("the others go on", 7, DONE, "notification");

        // When
        JsonNode report = shop.get("/audit");

        // Then
        assertThat(report.path("clean").asBoolean()).as(report.toPrettyString()).isTrue();
        assertThat(service(report, "shipping").path("inFlight").asInt()).isEqualTo(4);
        assertThat(service(report, "shipping").path("done").asInt()).isEqualTo(3);
    }

    @Test
    void endsWithStatusOneWhenThereAreOffendersAndTwoWhenItCannotAsk() throws Exception {
        // Given
        List<UUID> orders = done(3);
        var clean = ChildApp.start("dev.orderflow.app.App", settings(), List.of("audit"));
        assertThat(clean.awaitEnd()).as(clean.output()).isZero();
        assertThat(clean.output()).contains("nothing lost, nothing twice");
        shop.sql.update("DELETE FROM inventory.reservation WHERE order_id = ?", orders.get(0));

        // When
        var audit = ChildApp.start("dev.orderflow.app.App", settings(), List.of("audit"));

        // Then
        assertThat(audit.awaitEnd()).isEqualTo(1);
        assertThat(audit.output()).contains("lost: " + orders.get(0) + " by inventory", "NOT CLEAN");
        var json = ChildApp.start("dev.orderflow.app.App", settings(), List.of("audit", "--json"));
        assertThat(json.awaitEnd()).isEqualTo(1);
        assertThat(new ObjectMapper()
                        .readTree(json.output())
                        .at("/services/0/lost")
                        .asInt())
                .isEqualTo(1);
        var settings = new HashMap<>(settings());
        settings.put("database.url", "jdbc:postgresql://127.0.0.1:1/orderflow");
        var nobody = ChildApp.start("dev.orderflow.app.App", settings, List.of("audit"));
        assertThat(nobody.awaitEnd()).as(nobody.output()).isEqualTo(2);
        assertThat(nobody.output()).contains("The database at 127.0.0.1:1 does not answer", "Set DATABASE_URL");
    }

    @Test
    void answersThatItCannotAskAndAsksAgainWithTheNextCall() throws Exception {
        // Given
        done(1);
        try (var admin = Embedded.shared().admin()) {
            admin.deleteTopics(List.of(shop.topic("orders-dlt"))).all().get();
        }

        // When, Then
        Awaitility.await("the topic is gone")
                .atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(shop.call("/audit", "GET", "", 503)
                                .path("detail")
                                .asText())
                        .contains("There is no topic '" + shop.topic("orders-dlt") + "'"));
        assertThat(shop.call("/audit", "GET", "", 503).path("type").asText()).endsWith("brokers-unavailable");
    }

    @Test
    void provesNothingOfATopicThatIsNotThere() throws Exception {
        // Given
        var settings = new HashMap<>(settings());
        String topic = "nonesuch-" + UUID.randomUUID();
        settings.put("orders.topic", topic);

        // When
        var audit = ChildApp.start("dev.orderflow.app.App", settings, List.of("audit"));

        // Then
        assertThat(audit.awaitEnd()).as(audit.output()).isEqualTo(2);
        assertThat(audit.output()).contains("There is no topic '" + topic + "'").doesNotContain("nothing lost");
        // Nor is it there now: an audit alters nothing.
        var again = ChildApp.start("dev.orderflow.app.App", settings, List.of("audit"));
        assertThat(again.awaitEnd()).as(again.output()).isEqualTo(2);
    }

    @Test
    void holdsAShortageAgainstItsOrder() {
        // Given
        shop.sql.update("UPDATE inventory.stock SET on_hand = 1");
        List<UUID> orders = shop.orderEach(2, 4);
        shop.await("all is told", 4, DONE + " AND event = 'stock-short'", "notification");
        assertThat(shop.get("/audit").path("clean").asBoolean()).isTrue();
        String outcome =
                "UPDATE delivery.receipts SET outcome = replace(outcome, ?, ?) WHERE service = 'inventory' AND order_id = ?";
        shop.sql.update(outcome, "\"wanted\":2", "\"wanted\":3", orders.get(0));
        shop.sql.update(outcome, Shop.SKU, "mug-gold", orders.get(1));
        shop.sql.update(outcome, "\"available\":1", "\"available\":2", orders.get(2));

        // When
        JsonNode report = shop.get("/audit");

        // Then
        assertThat(texts(service(report, "inventory").at("/offenders/wrong")))
                .containsExactlyInAnyOrder(
                        orders.get(0).toString(),
                        orders.get(1).toString(),
                        orders.get(2).toString());
    }

    @Test
    void judgesAServiceThatWasAddedByItsReceiptsItsGroupAndItsTables() throws Exception {
        // Given
        List<UUID> orders = done(5);
        UUID stranger = UUID.randomUUID();
        UUID ghost = UUID.randomUUID();
        shop.sql.execute("CREATE SCHEMA loyalty");
        shop.sql.execute("CREATE TABLE loyalty.points (order_id uuid PRIMARY KEY, points bigint)");
        shop.sql.update("INSERT INTO loyalty.points SELECT order_id, 1 FROM inventory.reservation");
        shop.sql.update(
                "INSERT INTO delivery.receipts (service, order_id, event) SELECT 'loyalty', order_id, 'order-placed' FROM inventory.reservation WHERE order_id <> ?",
                orders.get(0));
        shop.sql.update("INSERT INTO loyalty.points VALUES (?, 1)", stranger);
        shop.sql.update(
                "INSERT INTO delivery.receipts (service, order_id, event) VALUES ('loyalty', ?, 'order-placed')",
                ghost);
        shop.topics.commitEnds("loyalty", shop.topic("orders"));

        // When
        JsonNode loyalty = service(shop.get("/audit"), "loyalty");

        // Then
        assertThat(loyalty.path("done").asInt()).isEqualTo(4);
        assertThat(loyalty.at("/offenders/lost").toString()).isEqualTo("[\"" + orders.get(0) + "\"]");
        assertThat(texts(loyalty.at("/offenders/unseen")))
                .containsExactlyInAnyOrder(stranger.toString(), ghost.toString());
    }

    @Test
    void takesAnAddedServiceThatParkedForParkedAndARemovedOneForGone() {
        // Given
        List<UUID> orders = done(3);
        shop.sql.update(
                "INSERT INTO delivery.receipts (service, order_id, event, parked, outcome) SELECT 'loyalty', order_id, 'order-placed', order_id = ?, CASE WHEN order_id = ? THEN '{}' END FROM inventory.reservation",
                orders.get(0),
                orders.get(0));
        shop.topics.append(List.of(Topics.producerRecord(
                shop.topic("orders-dlt"),
                orders.get(0).toString(),
                new byte[0],
                Map.of(
                        "orderflow-id",
                        "loyalty/" + orders.get(0) + "/order-placed",
                        "orderflow-service",
                        "loyalty",
                        "orderflow-attempt",
                        "1"))));
        shop.topics.commitEnds("loyalty", shop.topic("orders"));
        shop.order(2);
        shop.await("all is told", 5 * 4, DONE, "status");
        shop.await("all is sent", 5, DONE, "notification");

        // When
        JsonNode report = shop.get("/audit");

        // Then
        assertThat(report.path("clean").asBoolean()).as(report.toPrettyString()).isTrue();
        JsonNode loyalty = service(report, "loyalty");
        assertThat(loyalty.path("removed").asBoolean()).isTrue();
        assertThat(loyalty.path("accepted").asInt()).isEqualTo(3);
        assertThat(loyalty.path("done").asInt()).isEqualTo(2);
        assertThat(loyalty.path("parked").asInt()).isEqualTo(1);
        assertThat(loyalty.path("inFlight").asInt()).isZero();
    }

    @Test
    void saysNothingOfWhatHasLeftTheTopicAndCountsWhatIsNotOurs() throws Exception {
        // Given: what a topic holds no more, one order of it done late and passed by status, and strangers with times
        // that are none
        List<UUID> gone = done(5);
        shop.sql.update(
                "UPDATE delivery.receipts SET at = now() + interval '1 hour' WHERE service = 'shipping' AND order_id = ?",
                gone.get(0));
        shop.sql.update("UPDATE status.orders SET placed_at = NULL WHERE order_id = ?", gone.get(0));
        shop.sql.update(
                "INSERT INTO delivery.gap (service, topic, record_partition, from_offset, to_offset, kind, closed_at, closed_by) VALUES ('status', ?, 0, 0, 1, 'gone', now(), 'ada')",
                shop.topic("orders"));
        shop.topics.deleteAll(shop.topic("orders"));
        shop.topics.takeAnyTime(shop.topic("orders"));
        UUID order = UUID.randomUUID();
        var placed = Records.placed(shop.topic("orders"), Records.order(order, Shop.SKU, 1));
        shop.topics.append(List.of(
                new ProducerRecord<>(
                        placed.topic(), 0, 1_795_341_600_000_000_000L, placed.key(), placed.value(), placed.headers()),
                Topics.producerRecord(placed.topic(), "k", new byte[1], Map.of("ce_type", "com.example.invoice"))));
        shop.await("all is told", 6 * 4, DONE, "status");

        // When
        JsonNode report = shop.get("/audit");

        // Then
        assertThat(report.path("clean").asBoolean()).as(report.toPrettyString()).isTrue();
        assertThat(report.path("ignored").asInt()).isEqualTo(1);
        assertThat(report.at("/ignoredPlaces/0").asText()).startsWith(shop.topic("orders"));
    }

    @Test
    void tellsItsProgressWhereItTakesLongerAndTheReportWithALaterCall() {
        // Given
        shop.close();
        shop = Shop.open(Map.of("audit.answerMs", "1"));
        done(3);

        // When
        JsonNode first = shop.call("/audit", "GET", "", 202);

        // Then
        assertThat(first.path("state").asText()).isEqualTo("running");
        assertThat(first.path("part").asDouble()).isBetween(0.0, 1.0);
        Awaitility.await("the report")
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(300))
                .untilAsserted(() ->
                        assertThat(shop.get("/audit").path("state").asText()).isEqualTo("done"));
    }

    @Test
    void tellsWhatTheLastAuditFoundAsFigures() {
        // Given
        List<UUID> orders = done(2);
        shop.sql.update("DELETE FROM inventory.reservation WHERE order_id = ?", orders.get(0));

        // When
        shop.get("/audit");

        // Then
        var meters = shop.app.context().getRegistry().findSingleByType(MeterRegistry.class);
        assertThat(meters.get("orderflow.audit.offenders")
                        .tags("service", "inventory", "offence", "lost")
                        .gauge()
                        .value())
                .isEqualTo(1);
        assertThat(meters.get("orderflow.audit.offenders")
                        .tags("service", "shipping", "offence", "lost")
                        .gauge()
                        .value())
                .isZero();
        assertThat(meters.get("orderflow.audit.finished").gauge().value())
                .isCloseTo(System.currentTimeMillis() / 1e3, Offset.offset(60.0));
    }

    @Test
    void goesForwardToTheEndInItsProgress() throws Exception {
        // Given
        done(3);
        List<Double> parts = new ArrayList<>();
        List<String> doing = new ArrayList<>();

        // When
        new Audit(
                        shop.app.settings(),
                        Map.of("bootstrap.servers", shop.app.settings().text("kafka.brokers")))
                .run((part, now) -> {
                    parts.add(part);
                    doing.add(now);
                });

        // Then
        assertThat(parts).isSorted().last().isEqualTo(1.0);
        assertThat(doing).contains("comparing inventory", "comparing status");
    }
}
