package dev.orderflow.redrive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orderflow.testing.Contract;
import dev.orderflow.testing.Records;
import dev.orderflow.testing.RunningApp;
import dev.orderflow.testing.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.springframework.jdbc.core.JdbcTemplate;

/** A running application with stock, whose services a test may break and mend. Each answer is held to the contract. */
final class Shop implements AutoCloseable {

    static final String SKU = "mug-blue";

    private static final ObjectMapper JSON = new ObjectMapper();

    final RunningApp app;
    final Topics topics;
    final JdbcTemplate sql;
    private final HttpClient client = HttpClient.newHttpClient();

    private Shop(RunningApp app) {
        this.app = app;
        this.topics = new Topics(app.settings().text("kafka.brokers"));
        this.sql = new JdbcTemplate(app.context().getRegistry().lookupByNameAndType("database", DataSource.class));
    }

    /** With topics of its own on the shared broker. */
    static Shop open(Map<String, String> settings) {
        String own = UUID.randomUUID().toString().substring(0, 8);
        var all = new java.util.HashMap<>(Map.of(
                "orders.topic", "orders-" + own,
                "order-events.topic", "order-events-" + own,
                "orders-dlt.topic", "orders-dlt-" + own));
        all.putAll(settings);
        return of(RunningApp.start(all)).stocked();
    }

    static Shop of(RunningApp app) {
        return new Shop(app);
    }

    Shop stocked() {
        sql.update("INSERT INTO inventory.stock (sku, on_hand) VALUES (?, 1000000) ON CONFLICT DO NOTHING", SKU);
        return this;
    }

    /** Appends so many orders of one mug each. */
    List<UUID> order(int count) {
        var ids = IntStream.range(0, count).mapToObj(i -> UUID.randomUUID()).toList();
        topics.append(ids.stream()
                .map(id -> Records.placed(topic("orders"), Records.order(id, SKU, 1)))
                .toList());
        return ids;
    }

    String topic(String name) {
        return app.settings().text(name + ".topic");
    }

    JsonNode get(String path) {
        return call(path, "GET", "", 200);
    }

    JsonNode redrive(String body, int status) {
        return call("/dead-letters/redrive", "POST", body, status);
    }

    /** Sends, and returns the JSON of an answer with this status. */
    JsonNode call(String path, String method, String body, int status) {
        var request = HttpRequest.newBuilder(URI.create(app.url() + path))
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        try {
            var response = client.send(request.build(), BodyHandlers.ofString());
            Contract.answer(response);
            if (response.statusCode() != status) {
                throw new AssertionError(response.statusCode() + " " + response.body());
            }
            return JSON.readTree(response.body());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until so many letters are in a state. */
    void awaitLetters(String state, int count) {
        Awaitility.await(count + " " + state)
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> org.assertj.core.api.Assertions.assertThat(
                                count("SELECT count(*) FROM redrive.dead_letter WHERE state = ?", state))
                        .isEqualTo(count));
    }

    void await(String what, int count, String query, Object... parameters) {
        Awaitility.await(what)
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> org.assertj.core.api.Assertions.assertThat(count(query, parameters))
                        .isEqualTo(count));
    }

    int count(String query, Object... parameters) {
        return sql.queryForObject(query, Integer.class, parameters);
    }

    /** Every order's shipment is refused by the database: poison, for shipping alone. */
    void breakShipping() {
        sql.execute("ALTER TABLE shipping.shipment ADD CONSTRAINT broken CHECK (carrier IS NULL) NOT VALID");
    }

    void mendShipping() {
        sql.execute("ALTER TABLE shipping.shipment DROP CONSTRAINT broken");
    }

    /** Records of the orders topic that went back. */
    long redriven() {
        return topics.readAll(topic("orders")).stream()
                .filter(record ->
                        !Topics.header(record, DeadLetter.REDRIVE_SERVICE).isEmpty())
                .count();
    }

    @Override
    public void close() {
        topics.close();
        app.close();
    }
}
