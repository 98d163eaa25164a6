package dev.orderflow.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orderflow.check.RouteFile;
import dev.orderflow.testing.Records;
import dev.orderflow.testing.RoutesInHand;
import dev.orderflow.testing.Shop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a version that was taken: its name in the events, its trial, and its place in the folders. */
class EditIT {

    private static final String SHIPPING = "shipping.camel.yaml";
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final String CARRIER = "constant:\n                                    expression: world-parcel";

    @TempDir
    static Path temp;

    private static RoutesInHand routes;
    private static RoutesInHand overlay;
    private static Shop shop;
    private static int edits;

    @BeforeAll
    static void open() throws Exception {
        routes = RoutesInHand.plain(temp.resolve("routes"));
        overlay = RoutesInHand.empty(temp.resolve("overlay"));
        shop = Shop.open(Map.of(
                "orderflow.routes.dir", routes.path() + ", " + overlay.path(),
                "inventory.seed", "false",
                "live.pollMs", "100",
                "live.probationMs", "3000"));
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    /** A version of its own for each test, which has done nothing yet. */
    @BeforeEach
    void edit() {
        routes.deleteIfThere("shipping.sql");
        routes.write(SHIPPING, good());
        awaitRunning();
    }

    private static String good() {
        return RoutesInHand.edited(RoutesInHand.shipped().get(SHIPPING), "world-parcel", "world-parcel-" + ++edits);
    }

    @Test
    void takesBackAVersionThatFailsOnEveryOrder() {
        // Given
        done(shop.order(3));
        String before = version();
        String bad = RoutesInHand.edited(
                RoutesInHand.shipped().get(SHIPPING),
                CARRIER,
                "simple:\n                                    expression: ${body.order.nobody}");
        routes.write(SHIPPING, bad);
        awaitRunning();

        // When
        var orders = shop.order(30);

        // Then
        await().atMost(LIMIT).until(() -> version().equals(before));
        done(orders);
        var refusal = route().path("lastRefusal");
        assertThat(refusal.path("version").asText()).isEqualTo(new RouteFile(SHIPPING, bad, "").version());
        assertThat(refusal.path("sentence").asText())
                .contains("failed on every order", before + " runs again", "nobody");
        assertThat(shop.count(
                        "SELECT count(*) FROM delivery.receipts WHERE parked AND order_id = ANY(?::uuid[])",
                        ids(orders)))
                .isZero();
        assertThat(shop.call("/routes/" + SHIPPING + "/rollback", "POST", "", 200)
                        .path("version")
                        .asText())
                .as("the failed one is no version to go back to")
                .isNotEqualTo(refusal.path("version").asText());
    }

    @Test
    void takesBackAVersionWhoseTableIsMissing() {
        // Given
        done(shop.order(1));
        String before = version();
        routes.write(
                "shipping.sql",
                "CREATE SCHEMA IF NOT EXISTS shipping; CREATE TABLE IF NOT EXISTS shipping.extra (n int)");
        routes.write(
                SHIPPING,
                RoutesInHand.edited(
                        good(),
                        "              - bean:\n                  ref: parcels\n                  method: book\n",
                        "              - to:\n                  uri: sql\n                  parameters:\n"
                                + "                    query: DELETE FROM shipping.extra\n                    noop: true\n"
                                + "              - bean:\n                  ref: parcels\n                  method: book\n"));
        awaitRunning();
        shop.sql.execute("DROP TABLE shipping.extra");

        // When
        var orders = shop.order(5);

        // Then
        await().atMost(LIMIT).until(() -> version().equals(before));
        done(orders);
        assertThat(route().path("lastRefusal").path("sentence").asText()).contains("shipping.extra");
    }

    /** The first of its statements is good, and has a semicolon in its comment. */
    @Test
    void refusesAFaultySqlFileAtItsLine() {
        // Given
        String before = version();

        // When
        routes.write(
                "shipping.sql",
                "-- one; two\nCREATE SCHEMA IF NOT EXISTS shipping;\n\nCREATE TABEL shipping.extra (n int)");

        // Then
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(
                                route().path("lastRefusal").path("sentence").asText())
                        .startsWith("shipping.sql:4: ")
                        .contains("TABEL"));
        assertThat(version()).isEqualTo(before);
        done(shop.order(1));
    }

    @Test
    void takesAFileWhenItIsWrittenToItsEnd() {
        // Given
        String before = version();
        String whole = good();
        String half = whole.substring(0, whole.indexOf("description: More") + 4);
        routes.write(SHIPPING, half);
        await().atMost(LIMIT)
                .until(() -> route().path("lastRefusal")
                        .path("version")
                        .asText()
                        .equals(new RouteFile(SHIPPING, half, "").version()));
        assertThat(version()).isEqualTo(before);

        // When
        routes.write(SHIPPING, whole);

        // Then
        awaitRunning();
        done(shop.order(1));
    }

    @Test
    void keepsAVersionThatMeetsPoisonAmongGoodOrders() {
        // Given
        String version = version();
        var poison = UUID.randomUUID();
        poisoned(poison, () -> {

            // When
            var orders = place(poison, 10);

            // Then
            parked(poison);
            done(orders);
        });
        assertThat(version()).isEqualTo(version);
        assertThat(route().has("lastRefusal")).isFalse();
    }

    @Test
    void keepsAVersionWhoseOnlyOrderIsPoison() {
        // Given
        String version = version();
        var poison = UUID.randomUUID();
        poisoned(poison, () -> {

            // When
            place(poison, 0);

            // Then
            parked(poison);
        });
        assertThat(version()).isEqualTo(version);
        done(shop.order(1));
        assertThat(route().has("lastRefusal")).isFalse();
    }

    @Test
    void keepsAVersionWhoseDatabaseGoesAway() {
        // Given
        String version = version();

        // When
        var orders = shop.order(200);
        for (int i = 0; i < 10; i++) {
            terminate();
        }

        // Then
        done(orders);
        assertThat(version()).isEqualTo(version);
        assertThat(route().has("lastRefusal")).isFalse();
    }

    @Test
    void namesTheVersionInTheTimeline() {
        String version = version();
        String order = shop.order(1).get(0).toString();

        await().atMost(LIMIT)
                .until(() ->
                        shop.get("/orders/" + order).path("status").asText().equals("completed"));
        for (JsonNode entry : shop.get("/orders/" + order).path("timeline")) {
            String service = entry.path("service").asText();
            assertThat(entry.path("routeVersion").asText())
                    .as(entry.toString())
                    .isEqualTo(
                            service.equals("intake")
                                    ? ""
                                    : service.equals("shipping") ? version : version(service + ".camel.yaml"));
        }
    }

    @Test
    void tellsHowMuchEachServiceDoes() {
        long before = route().path("throughput").path("done").asLong();

        done(shop.order(40));

        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(route().path("throughput").path("done").asLong()).isEqualTo(before + 40);
            assertThat(route().path("throughput").path("perSecond").asDouble()).isPositive();
        });
        assertThat(shop.route("beans.camel.yaml").has("throughput")).isFalse();
    }

    @Test
    void takesAFileOfALaterFolderAndGoesBackWhenThatIsGone() {
        String below = version();
        String above = good();

        overlay.write(SHIPPING, above);
        await().atMost(LIMIT).until(() -> version().equals(new RouteFile(SHIPPING, above, "").version()));
        overlay.delete(SHIPPING);

        await().atMost(LIMIT).until(() -> version().equals(below));
    }

    private static void awaitRunning() {
        String sql = Files.exists(routes.path().resolve("shipping.sql")) ? routes.read("shipping.sql") : "";
        String wanted = new RouteFile(SHIPPING, routes.read(SHIPPING), sql).version();
        await("runs").atMost(LIMIT).until(() -> version().equals(wanted));
    }

    private static JsonNode route() {
        return shop.route(SHIPPING);
    }

    private static String version() {
        return version(SHIPPING);
    }

    private static String version(String file) {
        return shop.route(file).path("version").asText();
    }

    private static void done(List<UUID> orders) {
        shop.await(
                "done",
                orders.size(),
                "SELECT count(*) FROM shipping.shipment WHERE order_id = ANY(?::uuid[])",
                ids(orders));
    }

    private static void parked(UUID order) {
        shop.await("parked", 1, "SELECT count(*) FROM delivery.receipts WHERE parked AND order_id = ?", order);
    }

    private static String ids(List<UUID> orders) {
        return orders.toString().replace('[', '{').replace(']', '}');
    }

    /** The order is the first of its batch. */
    private static List<UUID> place(UUID poison, int more) {
        shop.topics.append(List.of(Records.placed(shop.topic("orders"), Records.order(poison, Shop.SKU, 1))));
        return more == 0 ? List.of() : shop.order(more);
    }

    /** While {@code meanwhile}, the table refuses this order. */
    private static void poisoned(UUID order, Runnable meanwhile) {
        shop.sql.execute("ALTER TABLE shipping.shipment ADD CONSTRAINT poison CHECK (order_id <> '%s') NOT VALID"
                .formatted(order));
        try {
            meanwhile.run();
        } finally {
            shop.sql.execute("ALTER TABLE shipping.shipment DROP CONSTRAINT poison");
        }
    }

    private static void terminate() {
        try (var connection = DriverManager.getConnection(
                        shop.app.settings().text("database.url"),
                        shop.app.settings().text("database.user"),
                        shop.app.settings().text("database.password"));
                var statement = connection.createStatement()) {
            statement.execute(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'orderflow' AND datname = current_database()");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
