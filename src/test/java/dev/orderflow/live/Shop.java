package dev.orderflow.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orderflow.testing.Contract;
import dev.orderflow.testing.RunningApp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Customers who order at a steady rate and remember every answer, and the bookkeeper who counts the effects. */
final class Shop implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int WAITING_MAX = 50;

    private RunningApp app;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
    final Set<String> accepted = ConcurrentHashMap.newKeySet();
    final Map<Integer, Integer> answers = new TreeMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();

    Shop(RunningApp app) {
        this.app = app;
    }

    /** Places orders in the background until the shop is closed or {@link #stop}. */
    void open(int ordersPerSecond) {
        int every = 10;
        int each = Math.max(1, ordersPerSecond * every / 1000);
        clock.scheduleAtFixedRate(
                () -> {
                    // A machine that is slower than the customers is given no heap of waiting calls.
                    for (int i = 0; i < each && asked.get() - answered.get() < WAITING_MAX; i++) {
                        order("MUG-BLUE");
                    }
                },
                0,
                every,
                TimeUnit.MILLISECONDS);
    }

    private void order(String sku) {
        asked.incrementAndGet();
        var request = HttpRequest.newBuilder(URI.create(app.url() + "/orders"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body(sku)))
                .build();
        http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).whenComplete((response, failure) -> {
            synchronized (answers) {
                answers.merge(failure == null ? response.statusCode() : -1, 1, Integer::sum);
            }
            if (failure == null && response.statusCode() == 202) {
                accepted.add(field(response.body(), "orderId"));
            }
            answered.incrementAndGet();
        });
    }

    /** Goes on at a process that was started in the place of the other. */
    void moveTo(RunningApp other) {
        app = other;
    }

    /** Enough of it for every order, so that each has one way to go. */
    void stock() {
        send(HttpRequest.newBuilder(URI.create(app.url() + "/inventory/MUG-BLUE"))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString("{\"onHand\":1000000}")));
    }

    /** A JVM's first calls are slow; they are not what a test is about. */
    void warmUp() {
        org.awaitility.Awaitility.await()
                .atMost(java.time.Duration.ofSeconds(60))
                .until(() -> !orderOne().isEmpty());
    }

    /** Places one and gives its id; empty when it was not accepted. */
    String orderOne() {
        var request = HttpRequest.newBuilder(URI.create(app.url() + "/orders"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body("MUG-BLUE")));
        String id = field(send(request).body(), "orderId");
        if (!id.isEmpty()) {
            accepted.add(id);
        }
        return id;
    }

    private static String body(String sku) {
        return """
                {"customer":{"id":"c-1","email":"ada@example.com"},
                 "shipTo":{"name":"Ada","street":"Main St 1","city":"Berlin","postalCode":"10115","country":"DE"},
                 "currency":"EUR","lines":[{"sku":"%s","quantity":1,"unitPrice":"12.50"}]}""".formatted(sku);
    }

    /** No more orders; returns when all are answered. */
    void stop() throws InterruptedException {
        clock.shutdown();
        clock.awaitTermination(5, TimeUnit.SECONDS);
        org.awaitility.Awaitility.await()
                .atMost(java.time.Duration.ofSeconds(20))
                .until(() -> answered.get() == asked.get());
    }

    JsonNode routes() {
        return json(send(HttpRequest.newBuilder(URI.create(app.url() + "/routes")))
                        .body())
                .path("routes");
    }

    /** How a file stands; an empty node when it is not known. */
    JsonNode route(String file) {
        for (JsonNode route : routes()) {
            if (route.path("file").asText().equals(file)) {
                return route;
            }
        }
        return JSON.createObjectNode();
    }

    HttpResponse<String> rollback(String file) {
        return send(HttpRequest.newBuilder(URI.create(app.url() + "/routes/" + file + "/rollback"))
                .POST(HttpRequest.BodyPublishers.noBody()));
    }

    JsonNode order(String id, int waitSeconds) {
        return json(send(HttpRequest.newBuilder(URI.create(app.url() + "/orders/" + id))
                        .header("Prefer", "wait=" + waitSeconds))
                .body());
    }

    String management(String path) {
        return send(HttpRequest.newBuilder(URI.create(app.managementUrl() + path)))
                .body();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            var response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.uri().toString().startsWith(app.url())) {
                Contract.answer(response);
            }
            return response;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One number from the database. */
    long count(String sql) {
        var settings = app.settings();
        try (var connection = DriverManager.getConnection(
                        settings.text("database.url"),
                        settings.text("database.user"),
                        settings.text("database.password"));
                var result = connection.createStatement().executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How many orders each service has acted on, by its own table and by its receipts. */
    Map<String, Long> effects() {
        Map<String, Long> effects = new TreeMap<>();
        effects.put("inventory", count("SELECT count(*) FROM inventory.reservation"));
        effects.put("shipping", count("SELECT count(*) FROM shipping.shipment"));
        effects.put("notification", count("SELECT count(*) FROM notification.mail WHERE kind = 'confirmation'"));
        effects.put("status", count("SELECT count(*) FROM status.orders"));
        effects.put("loyalty", count("SELECT count(*) FROM loyalty.points"));
        for (String service : List.copyOf(effects.keySet())) {
            effects.put(service + " receipts", receipts(service));
        }
        return effects;
    }

    private long receipts(String service) {
        return count("SELECT count(*) FROM delivery.receipts WHERE service = '%s' AND event = 'order-placed'"
                .formatted(service));
    }

    private static String field(String body, String name) {
        return json(body).path(name).asText();
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException(text, e);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
