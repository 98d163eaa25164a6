package dev.orderflow.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orderflow.testing.Contract;
import dev.orderflow.testing.Embedded;
import dev.orderflow.testing.Records;
import dev.orderflow.testing.RunningApp;
import dev.orderflow.testing.Topics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client sees of an order, through the whole application. */
class StatusServiceIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    Path data;

    @Test
    void ordersEndCompletedHoweverTheirEventsComeAndRepeat() throws Exception {
        long seed = System.nanoTime();
        Map<String, String> settings = settings("status");
        try (var app = RunningApp.start(settings);
                var topics = new Topics(app.settings().text("kafka.brokers"))) {
            // Given
            List<UUID> ids = new ArrayList<>();
            List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                UUID id = UUID.randomUUID();
                ids.add(id);
                records.addAll(story(settings, id));
                records.add(records.get(records.size() - 1 - i % 4));
            }
            Collections.shuffle(records, new Random(seed));

            // When
            topics.append(records);

            // Then
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(count(app, "/orders?status=completed&limit=200"))
                            .as("seed %d", seed)
                            .isEqualTo(ids.size()));
            JsonNode order = JSON.readTree(get(app, "/orders/" + ids.get(0)).body());
            assertThat(order.path("timeline")).hasSize(4);
        }
    }

    @Test
    void anAcceptedOrderIsFollowedToItsEnd() throws Exception {
        Map<String, String> settings = settings("*");
        settings.put("inventory.seed", "true");
        try (var app = RunningApp.start(settings);
                var topics = new Topics(app.settings().text("kafka.brokers"))) {
            String plenty = place(app, "mug-blue", 2);
            String tooMany = place(app, "vase-cobalt", 4);

            assertThat(follow(app, plenty).path("status").asText()).isEqualTo("completed");
            JsonNode held = follow(app, tooMany);

            assertThat(held.path("status").asText()).isEqualTo("on-hold");
            assertThat(held.findValuesAsText("event"))
                    .startsWith("order-placed")
                    .contains("stock-short", "shipment-held", "shortage-notified");
            assertThat(JSON.readTree(get(app, "/inventory/mug-blue").body())
                            .path("available")
                            .asInt())
                    .isEqualTo(998);
            assertThat(JSON.readTree(get(app, "/inventory/vase-cobalt").body())
                            .path("available")
                            .asInt())
                    .isEqualTo(3);
            topics.readAll(settings.get("orders.topic")).forEach(Contract::record);
            topics.readAll(settings.get("order-events.topic")).forEach(Contract::record);
        }
    }

    private Map<String, String> settings(String services) {
        String name = UUID.randomUUID().toString().substring(0, 8);
        Map<String, String> settings = new HashMap<>(Map.of(
                "orders.topic", "orders-" + name,
                "order-events.topic", "order-events-" + name,
                "orders-dlt.topic", "orders-dlt-" + name,
                "orderflow.services", services,
                "orderflow.data.dir", data.toString()));
        Embedded.shared()
                .createTopics(
                        3,
                        settings.get("orders.topic"),
                        settings.get("order-events.topic"),
                        settings.get("orders-dlt.topic"));
        return settings;
    }

    private static List<ProducerRecord<String, byte[]>> story(Map<String, String> settings, UUID id) {
        String events = settings.get("order-events.topic");
        return List.of(
                Records.placed(settings.get("orders.topic"), Records.order(id, "mug-blue", 2)),
                Records.event(
                        events,
                        id,
                        "stock-reserved",
                        "{\"orderId\":\"%s\",\"lines\":[{\"sku\":\"mug-blue\",\"quantity\":2}]}".formatted(id)),
                Records.event(
                        events,
                        id,
                        "shipment-prepared",
                        "{\"orderId\":\"%s\",\"carrier\":\"post\",\"serviceLevel\":\"standard\",\"label\":\"L\",\"pieces\":2}"
                                .formatted(id)),
                Records.event(
                        events, id, "customer-notified", "{\"orderId\":\"%s\",\"messageId\":\"<m@x>\"}".formatted(id)));
    }

    private static String place(RunningApp app, String sku, int quantity) throws Exception {
        String body = """
                {"customer": {"id": "c-17", "email": "ada@example.com"},
                 "shipTo": {"name": "Ada Lovelace", "street": "12 Analytical Row", "city": "London",
                            "postalCode": "N1 9GU", "country": "GB"},
                 "currency": "GBP", "lines": [{"sku": "%s", "quantity": %d, "unitPrice": "12.50"}]}""".formatted(sku, quantity);
        var answer = CLIENT.send(
                HttpRequest.newBuilder(URI.create(app.url() + "/orders"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
        Contract.answer(answer);
        assertThat(answer.statusCode()).isEqualTo(202);
        return answer.headers().firstValue("Location").orElseThrow();
    }

    /** Asks for change after change, as a client would, until nothing more can happen. */
    private static JsonNode follow(RunningApp app, String location) throws Exception {
        String etag = "\"0\"";
        for (int asked = 0; asked < 10; asked++) {
            var answer = get(app, location, "Prefer", "wait=10", "If-None-Match", etag);
            assertThat(answer.statusCode()).isEqualTo(200);
            etag = answer.headers().firstValue("ETag").orElseThrow();
            JsonNode order = JSON.readTree(answer.body());
            var events = order.findValuesAsText("event");
            boolean held = events.contains("shipment-held") && events.contains("shortage-notified");
            if (held || order.path("status").asText().equals("completed")) {
                return order;
            }
        }
        throw new AssertionError("The order came to no end: " + location);
    }

    private static int count(RunningApp app, String path) throws Exception {
        return JSON.readTree(get(app, path).body()).path("orders").size();
    }

    private static HttpResponse<String> get(RunningApp app, String path, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(app.url() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        var answer = CLIENT.send(request.build(), BodyHandlers.ofString());
        Contract.answer(answer);
        return answer;
    }
}
