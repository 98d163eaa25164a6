package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.orderflow.monitoring.Monitoring;
import dev.orderflow.testing.CapturedLog;
import dev.orderflow.testing.Records;
import dev.orderflow.testing.RunningApp;
import dev.orderflow.testing.World;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** PostgreSQL as companies run it: what it refuses for a while is waited out and named, and nothing is parked for it. */
class BadDatabaseIT {

    private static final Duration BACK = Duration.ofSeconds(15);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int ORDERS = 20;

    private static World world;
    private static RunningApp app;

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        world = World.of("bad-database");
        // As some companies have it for every role that is no person's.
        always("statement_timeout = '2s'");
        app = RunningApp.start(world.settings(Map.of("orderflow.services", "intake,inventory,shipping")));
        world.stock("A", 1_000_000);
    }

    @AfterAll
    static void stop() {
        app.close();
        world.close();
    }

    @Test
    void throwsSessionsAwayWhoseServerTakesNoWrites() {
        // Given: a pool of sessions with a standby
        long before = done();
        try (var log = new CapturedLog()) {
            always("default_transaction_read_only = on");
            world.count("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname ="
                    + " current_database() AND pid <> pg_backend_pid()");
            append();
            await().atMost(LIMIT).untilAsserted(() -> assertThat(health()).contains("the database takes no writes"));
            await().during(Duration.ofSeconds(5)).atMost(LIMIT).until(() -> done() == before);

            // When: nobody cuts them
            always("default_transaction_read_only = off");

            // Then
            await().atMost(BACK).until(() -> done() == before + 2 * ORDERS);
            await().atMost(BACK).untilAsserted(() -> assertThat(health()).doesNotContain("takes no writes"));
            assertThat(letters()).isEmpty();
            // Once each, however often they tried: inventory, shipping, and the look at the database.
            assertThat(log.text().lines().filter(line -> line.startsWith("WARN")))
                    .as(log.text())
                    .hasSizeLessThan(6);
        }
    }

    @Test
    void namesWhoHoldsALockAndLeavesNoSessionWaiting() throws Exception {
        // Given: longer than a statement may take
        long before = done();
        try (var log = new CapturedLog();
                var operator = world.database().getConnection()) {
            operator.setAutoCommit(false);
            try (var statement = operator.createStatement()) {
                statement.execute("UPDATE inventory.stock SET on_hand = on_hand + 1 WHERE sku = 'A'");
                int pid = pid(statement);
                append();
                await().atMost(LIMIT)
                        .untilAsserted(() -> assertThat(health())
                                .contains("PostgreSQL's process %d holds".formatted(pid))
                                .contains("{\"name\":\"database\",\"status\":\"UP\""));

                // When
                await().during(Duration.ofSeconds(8)).atMost(LIMIT).until(() -> waitingSessions() <= 1);
            }
            operator.rollback();
        }

        // Then
        await().atMost(BACK).until(() -> done() == before + 2 * ORDERS);
        await().atMost(BACK).untilAsserted(() -> assertThat(health()).doesNotContain("holds"));
        assertThat(letters()).isEmpty();
    }

    @Test
    void parksNoOrderForAStatementThatTakesTooLong() {
        // Given
        long before = done();
        world.execute("""
                CREATE FUNCTION inventory.slow() RETURNS trigger AS 'BEGIN PERFORM pg_sleep(3); RETURN NEW; END' LANGUAGE plpgsql;
                CREATE TRIGGER slow BEFORE INSERT ON inventory.reservation FOR EACH ROW EXECUTE FUNCTION inventory.slow()""");
        append(1);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(health()).contains("canceling statement due to statement timeout"));
        await().during(Duration.ofSeconds(12)).atMost(LIMIT).until(() -> done() <= before + 1);

        // When
        world.execute("DROP FUNCTION inventory.slow CASCADE");

        // Then
        await().atMost(BACK).until(() -> done() == before + 2);
        assertThat(letters()).isEmpty();
    }

    @Test
    void startsNoLongerThanTheSettingSaysWithAWrongPassword() {
        long start = System.nanoTime();

        var failure = catchThrowable(() -> RunningApp.start(world.settings(Map.of(
                "orderflow.services", "shipping", "database.password", "wr0ng", "database.startWaitMs", "3000"))));

        assertThat(failure)
                .isNotNull()
                .extracting(Throwable::getMessage)
                .asString()
                .contains("password authentication failed", "database.password")
                .doesNotContain("wr0ng");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    }

    private static int pid(java.sql.Statement statement) throws SQLException {
        try (var row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }

    /** For every session of this database from now on. */
    private static void always(String setting) {
        world.execute("SET transaction_read_only = off; DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET "
                + setting.replace("'", "''") + "', current_database()); END $$");
    }

    private static void append() {
        append(ORDERS);
    }

    private static void append(int orders) {
        world.topics()
                .append(Stream.generate(() -> Records.order(UUID.randomUUID(), "A", 1))
                        .limit(orders)
                        .map(order -> Records.placed(world.orders(), order))
                        .toList());
    }

    /** Effects of both services. */
    private static long done() {
        return world.count("SELECT (SELECT count(*) FROM inventory.reservation) + (SELECT count(*) FROM"
                + " shipping.shipment WHERE carrier IS NOT NULL)");
    }

    private static List<String> letters() {
        return world.topics().readAll(world.deadLetters()).stream()
                .map(Object::toString)
                .toList();
    }

    private static long waitingSessions() {
        return world.count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND"
                + " wait_event_type = 'Lock'");
    }

    private String health() throws Exception {
        return client.send(
                        HttpRequest.newBuilder(URI.create(app.managementUrl() + Monitoring.HEALTH_PATH))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }
}
