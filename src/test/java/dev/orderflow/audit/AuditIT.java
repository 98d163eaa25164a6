package dev.orderflow.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orderflow.testing.ChildApp;
import dev.orderflow.testing.Records;
import dev.orderflow.testing.Shop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
    void endsWithStatusOneWhenThereAreOffenders() {
        // Given
        List<UUID> orders = done(3);
        var clean = ChildApp.start("dev.orderflow.App", settings(), List.of("audit"));
        assertThat(clean.awaitEnd()).as(clean.output()).isZero();
        assertThat(clean.output()).contains("nothing lost, nothing twice");
        shop.sql.update("DELETE FROM inventory.reservation WHERE order_id = ?", orders.get(0));

        // When
        var audit = ChildApp.start("dev.orderflow.App", settings(), List.of("audit"));

        // Then
        assertThat(audit.awaitEnd()).isEqualTo(1);
        assertThat(audit.output()).contains("lost: " + orders.get(0) + " by inventory", "NOT CLEAN");
    }
}
