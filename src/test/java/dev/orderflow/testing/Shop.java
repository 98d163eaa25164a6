package dev.orderflow.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.orderflow.cli.CommandTree;
import dev.orderflow.cli.ProcessCommands;
import dev.orderflow.cli.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.JdbcTemplate;

/** A running application with stock, whose services a test may break and mend. Each answer is held to the contract. */
public final class Shop implements AutoCloseable {

    public static final String SKU = "mug-blue";

    private static final ObjectMapper JSON = new ObjectMapper();

    public final RunningApp app;
    public final Topics topics;
    public final JdbcTemplate sql;
    private final HttpClient client = HttpClient.newHttpClient();
    private String token = "";

    private Shop(RunningApp app) {
        this.app = app;
        this.topics = new Topics(app.settings().text("kafka.brokers"));
        this.sql = new JdbcTemplate(app.context().getRegistry().lookupByNameAndType("database", DataSource.class));
    }

    /** Runs {@code orderflow} with these words against this application; returns the exit status. */
    public int command(PrintStream out, PrintStream err, boolean terminal, String... words) {
        var settings = app.settings().with("cli.url", app.url());
        var told = new Terminal(InputStream.nullInputStream(), out, err, terminal);
        try {
            return new CommandTree(told, "operations", ProcessCommands.all(() -> settings, told)).run(words);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** With topics of its own on the shared broker. */
    public static Shop open(Map<String, String> settings) {
        String own = UUID.randomUUID().toString().substring(0, 8);
        var all = new HashMap<>(Map.of(
                "orders.topic", "orders-" + own,
                "order-events.topic", "order-events-" + own,
                "orders-dlt.topic", "orders-dlt-" + own));
        all.putAll(settings);
        return of(RunningApp.start(all)).stocked();
    }

    public static Shop of(RunningApp app) {
        return new Shop(app);
    }

    /** Calls with this token from now on. */
    public void as(String token) {
        this.token = token;
    }

    public Shop stocked() {
        sql.update("INSERT INTO inventory.stock (sku, on_hand) VALUES (?, 1000000) ON CONFLICT DO NOTHING", SKU);
        return this;
    }

    /** Appends so many orders of one mug each. */
    public List<UUID> order(int count) {
        return orderEach(1, count);
    }

    /** Appends so many orders of some mugs each. */
    public List<UUID> orderEach(int mugs, int count) {
        var ids = IntStream.range(0, count).mapToObj(i -> UUID.randomUUID()).toList();
        topics.append(ids.stream()
                .map(id -> Records.placed(topic("orders"), Records.order(id, SKU, mugs)))
                .toList());
        return ids;
    }

    public String topic(String name) {
        return app.settings().text(name + ".topic");
    }

    public JsonNode get(String path) {
        return call(path, "GET", "", 200);
    }

    /** How a route file stands; an empty node when nobody knows it. */
    public JsonNode route(String file) {
        for (JsonNode route : get("/routes").path("routes")) {
            if (route.path("file").asText().equals(file)) {
                return route;
            }
        }
        return MissingNode.getInstance();
    }

    public JsonNode redrive(String body, int status) {
        return call("/dead-letters/redrive", "POST", body, status);
    }

    /** Sends, and returns the JSON of an answer with this status. */
    public JsonNode call(String path, String method, String body, int status) {
        var request = HttpRequest.newBuilder(URI.create(app.url() + path))
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
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
    public void awaitLetters(String state, int count) {
        Awaitility.await(count + " " + state)
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(count("SELECT count(*) FROM redrive.dead_letter WHERE state = ?", state))
                                .isEqualTo(count));
    }

    /** The looks share the application's pool; one whose connection a test ends is taken again. */
    public void await(String what, int count, String query, Object... parameters) {
        Awaitility.await(what)
                .atMost(Duration.ofSeconds(30))
                .ignoreException(DataAccessResourceFailureException.class)
                .untilAsserted(() -> assertThat(count(query, parameters)).isEqualTo(count));
    }

    public int count(String query, Object... parameters) {
        return sql.queryForObject(query, Integer.class, parameters);
    }

    /** Shipping does an order, and keeps nothing of it: a first version that does none is held, and parks nothing. */
    public void proveShipping() {
        UUID order = order(1).get(0);
        await(
                "first order",
                1,
                "SELECT count(*) FROM delivery.receipts WHERE service = 'shipping' AND order_id = ?",
                order);
        sql.update("DELETE FROM shipping.shipment WHERE order_id = ?", order);
        sql.update("DELETE FROM delivery.receipts WHERE service = 'shipping' AND order_id = ?", order);
    }

    public void execute(String statement) {
        sql.execute(statement);
    }

    /** Every order's shipment is refused by the database: poison, for shipping alone. */
    public void breakShipping() {
        sql.execute("ALTER TABLE shipping.shipment ADD CONSTRAINT broken CHECK (carrier IS NULL) NOT VALID");
    }

    public void mendShipping() {
        sql.execute("ALTER TABLE shipping.shipment DROP CONSTRAINT broken");
    }

    /** Stops a service's route. */
    public void stop(String service) {
        try {
            app.context().getRouteController().stopRoute(service);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Records of the orders topic that went back. */
    public long redriven() {
        return topics.readAll(topic("orders")).stream()
                .filter(record ->
                        !Topics.header(record, "orderflow-redrive-service").isEmpty())
                .count();
    }

    @Override
    public void close() {
        topics.close();
        app.close();
    }
}
