package dev.orderflow.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orderflow.check.RouteFile;
import dev.orderflow.testing.Page;
import dev.orderflow.testing.Records;
import dev.orderflow.testing.RoutesInHand;
import dev.orderflow.testing.RunningApp;
import dev.orderflow.testing.Shop;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service's first version, which has none before it: two orders that fail and none done hold it, and park nothing. */
class FirstVersionIT {

    private static final String LOYALTY = "loyalty.camel.yaml";
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final Page PAGE = new Page("add-a-service.md");

    /** It passes every check: only an order shows that a customer is no UUID. */
    private static final String BAD = RoutesInHand.edited(
            PAGE.file(LOYALTY), "CAST(o ->> 'orderId' AS uuid)", "CAST(o -> 'customer' ->> 'id' AS uuid)");

    @TempDir
    Path temp;

    private RoutesInHand routes;
    private Shop shop;

    @BeforeEach
    void folder() {
        routes = RoutesInHand.plain(temp.resolve("routes"));
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private void start() {
        shop = Shop.open(Map.of(
                "orderflow.routes.dir", routes.path().toString(),
                "inventory.seed", "false",
                "live.pollMs", "100",
                "live.probationMs", "3000"));
    }

    private void add(String yaml) {
        routes.write("loyalty.sql", PAGE.file("loyalty.sql"));
        routes.write(LOYALTY, yaml);
    }

    @Test
    void isHeldWhenItAppearsAndDoesAllOnceItIsMended() throws Exception {
        // Given
        start();
        shipped(shop.order(15));
        add(BAD);
        held();
        assertThat(health()).contains("loyalty is held since", "failed on every order");
        var later = shop.order(5);
        shipped(later);

        // When
        add(PAGE.file(LOYALTY));

        // Then
        shop.await("points", 20, "SELECT count(*) FROM loyalty.points");
        assertThat(route().has("lastRefusal")).isFalse();
        assertThat(route().path("version").asText()).isEqualTo(version(PAGE.file(LOYALTY)));
        assertThat(route().has("before"))
                .as("what was held is no version to go back to")
                .isFalse();
        assertThat(letters()).isZero();
    }

    /** A start finds it as a running application does, and so does the next start. */
    @Test
    void isHeldWhenAStartFindsIt() {
        // Given
        add(BAD);
        start();
        shipped(shop.order(3));
        held();
        var settings = shop.app.settings();
        shop.close();

        // When
        shop = Shop.of(RunningApp.start(settings, Map.of()));

        // Then
        held();
        add(PAGE.file(LOYALTY));
        shop.await("points", 3, "SELECT count(*) FROM loyalty.points");
        assertThat(letters()).isZero();
    }

    /** What it lacks may come without an edit. */
    @Test
    void goesOnByItselfWhenWhatItLacksIsThere() {
        // Given
        start();
        add(PAGE.file(LOYALTY));
        await().atMost(LIMIT).until(() -> route().path("state").asText().equals("running"));
        shop.sql.execute("ALTER TABLE loyalty.points ADD CONSTRAINT broken CHECK (points < 0) NOT VALID");
        shop.order(3);
        held();

        // When
        shop.sql.execute("ALTER TABLE loyalty.points DROP CONSTRAINT broken");

        // Then
        shop.await("points", 3, "SELECT count(*) FROM loyalty.points");
        await().atMost(LIMIT).until(() -> !route().has("lastRefusal"));
        assertThat(letters()).isZero();
    }

    /** The first record of a fresh system can never succeed: it is parked by itself, and nobody is held. */
    @Test
    void parksAPoisonousFirstOrderAlone() {
        // Given
        start();
        var poison = UUID.randomUUID();
        shop.sql.execute("ALTER TABLE shipping.shipment ADD CONSTRAINT poison CHECK (order_id <> '%s') NOT VALID"
                .formatted(poison));

        // When
        shop.topics.append(List.of(Records.placed(shop.topic("orders"), Records.order(poison, Shop.SKU, 1))));

        // Then
        shop.await(
                "parked",
                1,
                "SELECT count(DISTINCT order_id) FROM delivery.receipts WHERE parked AND service = 'shipping' AND order_id = ?",
                poison);
        shipped(shop.order(5));
        assertThat(shop.route("shipping.camel.yaml").has("lastRefusal")).isFalse();
    }

    /** Orders that come slowly must not be parked one by one. */
    @Test
    void isHeldByTheSecondOrderHoweverLateItComes() {
        // Given
        start();
        add(BAD);
        shop.order(1);
        shop.await("parked", 1, "SELECT count(*) FROM delivery.receipts WHERE parked AND service = 'loyalty'");

        // When
        shop.order(1);

        // Then
        await().atMost(LIMIT).until(() -> sentence().contains("failed on every order"));
        assertThat(letters()).isEqualTo(1);
    }

    private void held() {
        await().atMost(LIMIT).until(() -> sentence().contains("failed on every order"));
        assertThat(sentence()).startsWith(LOYALTY + ": ").contains("wait until it is mended");
        assertThat(shop.count("SELECT count(*) FROM delivery.receipts WHERE service = 'loyalty'"))
                .isZero();
    }

    private String sentence() {
        return route().path("lastRefusal").path("sentence").asText();
    }

    private JsonNode route() {
        return shop.route(LOYALTY);
    }

    private static String version(String yaml) {
        return new RouteFile(LOYALTY, yaml, PAGE.file("loyalty.sql")).version();
    }

    private void shipped(List<UUID> orders) {
        shop.await(
                "shipped",
                orders.size(),
                "SELECT count(*) FROM shipping.shipment WHERE order_id = ANY(?::uuid[])",
                orders.toString().replace('[', '{').replace(']', '}'));
    }

    private int letters() {
        return shop.topics.readAll(shop.topic("orders-dlt")).size();
    }

    /** Whatever its status is. */
    private String health() throws IOException {
        var connection = (HttpURLConnection)
                URI.create(shop.app.managementUrl() + "/observe/health").toURL().openConnection();
        try (var answer =
                connection.getResponseCode() < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
