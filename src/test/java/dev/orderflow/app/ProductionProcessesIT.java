package dev.orderflow.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orderflow.settings.Ports;
import dev.orderflow.settings.Settings;
import dev.orderflow.testing.Contract;
import dev.orderflow.testing.World;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The production build as it is deployed: four processes with a broker and a database that are none of theirs. */
class ProductionProcessesIT {

    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final int STOP_S = 10;
    private static final int SIGTERM = 128 + 15;
    private static final String OWN = "own-";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Part> parts = new ArrayList<>();
    private World world;

    @TempDir
    Path data;

    private record Part(String services, Process process, int http, int management, Path output) {

        String output(String otherwise) {
            try {
                return Files.readString(output);
            } catch (IOException e) {
                return otherwise;
            }
        }
    }

    @BeforeEach
    void open() {
        world = World.of("processes");
    }

    @AfterEach
    void close() {
        parts.forEach(part -> part.process().destroyForcibly());
        world.close();
    }

    @Test
    void doesInFourProcessesWhatOneDoes() throws Exception {
        // Given: all at once, so that they race for topics and migrations, of which there are none
        var front = start("intake,status");
        var inventory = start("inventory");
        start("shipping");
        start("notification");
        for (Part part : parts) {
            awaitReady(part);
        }
        assertThat(put(inventory, "/inventory/mug-blue", "{\"onHand\":3}").statusCode())
                .isEqualTo(201);

        // When
        String kept = post(front, 2);
        awaitStatus(front, kept, "completed");
        String shortOfStock = post(front, 2);
        awaitStatus(front, shortOfStock, "on-hold");

        // Then
        assertThat(events(front, kept))
                .containsExactlyInAnyOrder("order-placed", "stock-reserved", "shipment-prepared", "customer-notified");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(events(front, shortOfStock))
                        .contains("order-placed", "stock-short", "shipment-held", "shortage-notified"));
        assertThat(get(inventory, "/inventory/mug-blue").path("available").asInt())
                .isEqualTo(1);
        assertThat(data.resolve("mail/" + kept + "-order-placed.eml")).exists();
        assertThat(data.resolve("mail/" + shortOfStock + "-stock-short.eml")).exists();
        assertThat(world.topics().readAll(OWN + world.deadLetters())).isEmpty();
        for (Part part : parts) {
            assertEnds(part);
        }
    }

    private Part start(String services) throws IOException {
        int http = Ports.free();
        int management = Ports.free();
        var output = Files.createTempFile(data, services.replace(',', '-'), ".log");
        var builder = new ProcessBuilder(Path.of("target", "orderflow", "bin", "orderflow")
                        .toAbsolutePath()
                        .toString())
                .directory(data.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        world.settings(Map.of(
                        "orders.topic",
                        OWN + world.orders(),
                        "order-events.topic",
                        OWN + world.events(),
                        "orders-dlt.topic",
                        OWN + world.deadLetters(),
                        "orderflow.services",
                        services,
                        "orderflow.http.port",
                        Integer.toString(http),
                        "orderflow.management.port",
                        Integer.toString(management),
                        "orderflow.data.dir",
                        data.toString()))
                .forEach((key, value) -> builder.environment().put(Settings.variable(key), value));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("JAVA_OPTS", "-Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1");
        var part = new Part(services, builder.start(), http, management, output);
        parts.add(part);
        return part;
    }

    private void awaitReady(Part part) {
        await(part.services() + " is ready")
                .atMost(LIMIT)
                .failFast(() -> {
                    assertThat(part.process().isAlive())
                            .as(part.output("no output"))
                            .isTrue();
                })
                .ignoreException(ConnectException.class)
                .untilAsserted(() -> {
                    var ready = send(
                            request(part.management(), "/observe/health/ready").build());
                    assertThat(ready.statusCode())
                            .as("%s%n%s", ready.body(), part.output("no output"))
                            .isEqualTo(200);
                });
    }

    private static void assertEnds(Part part) throws InterruptedException {
        part.process().destroy();
        assertThat(part.process().waitFor(STOP_S, TimeUnit.SECONDS))
                .as("%s ended within %d s: %s", part.services(), STOP_S, part.output("no output"))
                .isTrue();
        assertThat(part.process().exitValue()).as(part.services()).isIn(0, SIGTERM);
        assertThat(part.output("no output")).doesNotContain("ERROR").contains("orderflow: stopped");
    }

    /** @return the id of an order of {@code pieces} mugs */
    private String post(Part part, int pieces) throws Exception {
        var answer = send(request(part.http(), "/orders")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("""
                        {"customer":{"id":"c-1","email":"ada@example.org"},
                         "shipTo":{"name":"Ada","street":"Main St 1","city":"Berlin","postalCode":"10115","country":"DE"},
                         "currency":"EUR","lines":[{"sku":"mug-blue","quantity":%d,"unitPrice":"12.50"}]}""".formatted(pieces)))
                .build());
        Contract.answer(answer);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return JSON.readTree(answer.body()).path("orderId").asText();
    }

    private HttpResponse<String> put(Part part, String path, String body) throws Exception {
        return send(request(part.http(), path)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body))
                .build());
    }

    private JsonNode get(Part part, String path) throws Exception {
        var answer = send(request(part.http(), path).build());
        Contract.answer(answer);
        return JSON.readTree(answer.body());
    }

    private void awaitStatus(Part part, String order, String status) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(
                                get(part, "/orders/" + order).path("status").asText())
                        .isEqualTo(status));
    }

    private List<String> events(Part part, String order) throws Exception {
        var events = new ArrayList<String>();
        get(part, "/orders/" + order)
                .path("timeline")
                .forEach(entry -> events.add(entry.path("event").asText()));
        return events;
    }

    private static HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30));
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofString());
    }
}
