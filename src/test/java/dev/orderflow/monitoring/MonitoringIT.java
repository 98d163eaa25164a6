package dev.orderflow.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.orderflow.database.Database;
import dev.orderflow.delivery.Deliveries;
import dev.orderflow.delivery.DeliveryState;
import dev.orderflow.kafka.TopicsCheck;
import dev.orderflow.local.EmbeddedParts;
import dev.orderflow.settings.LocalParts;
import dev.orderflow.settings.Ports;
import dev.orderflow.settings.Settings;
import dev.orderflow.testing.Embedded;
import dev.orderflow.testing.Topics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.camel.main.Main;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Health and metrics over HTTP, of a process whose broker and database are really there and really go away. */
class MonitoringIT {

    private final HttpClient http = HttpClient.newHttpClient();
    private final Deliveries deliveries = new Deliveries();
    private final Main main = new Main();
    private LocalParts.Running parts;
    private Settings settings;
    private Admin admin;
    private HikariDataSource pool;

    @BeforeEach
    void start() {
        parts = new EmbeddedParts().start(Embedded.settings());
        settings = parts.settings().with("orderflow.management.port", Integer.toString(Ports.free()));
        admin = Admin.create(kafka());
        new TopicsCheck(settings).ensure(admin);
        pool = pool();
        main.bind("database", pool);
        main.bind("deliveries", deliveries);
        main.setDefaultPropertyPlaceholderLocation("false");
        main.setOverrideProperties(settings.asProperties());
        Monitoring.install(main, settings, kafka());
        main.start();
    }

    @AfterEach
    void stop() throws Exception {
        main.stop();
        pool.close();
        admin.close();
        parts.close();
    }

    @Test
    void isReadyWhenAllIsWellAndNotWhenEverythingIsAwayThoughAlive() {
        // Given
        deliveries.tell(delivery("running"));
        await().atMost(Duration.ofSeconds(15)).until(() -> get("/health/ready").statusCode() == 200);
        assertThat(get("/health/ready").body()).contains("\"brokers\"", "\"topics\"", "\"database\"", "\"deliveries\"");

        // When
        parts.close();

        // Then
        await().atMost(Duration.ofSeconds(10)).until(() -> get("/health/ready").statusCode() == 503);
        assertThat(get("/health/ready").body()).contains("the brokers gave no answer");
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/metrics").body()).contains("orderflow_ready{check=\"brokers\"} 0.0");
    }

    @Test
    void tellsWhichRouteIsHeld() {
        deliveries.tell(delivery("held"));
        assertThat(get("/health").body())
                .contains("{\"name\":\"deliveries\",\"status\":\"UP\"")
                .contains("inventory is held since", "40 records of \\\"one\\\" fingerprint");
    }

    @Test
    void tellsHowFarAServiceIsBehind() throws Exception {
        // Given
        deliveries.tell(delivery("running"));
        try (var topics = new Topics(settings.text("kafka.brokers"))) {
            for (String key : List.of("a", "b", "c", "d", "e", "f", "g", "h")) {
                topics.append("orders", key, "{}", Map.of());
            }
        }
        for (int partition = 0; partition < 3; partition++) {
            var place = new TopicPartition("orders", partition);
            admin.alterConsumerGroupOffsets("inventory", Map.of(place, new OffsetAndMetadata(0)))
                    .all()
                    .get();
        }

        // Then
        await().atMost(Duration.ofSeconds(10)).until(() -> lag() == 8);
        assertThat(get("/metrics").body()).contains("jvm_memory_used_bytes");
    }

    @Test
    void tellsATopicThatBreaksAPromise() throws Exception {
        // Given
        deliveries.tell(delivery("running"));
        await().atMost(Duration.ofSeconds(15)).until(() -> get("/health/ready").statusCode() == 200);

        // When
        admin.deleteTopics(List.of("orders-dlt")).all().get();

        // Then
        await().atMost(Duration.ofSeconds(10)).until(() -> get("/health/ready").statusCode() == 503);
        assertThat(get("/health/ready").body()).contains("topic orders-dlt is missing");
    }

    private double lag() {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("orderflow_lag{") && line.contains("service=\"inventory\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private HttpResponse<String> get(String path) {
        var uri =
                URI.create("http://127.0.0.1:%s/observe%s".formatted(settings.text("orderflow.management.port"), path));
        var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(1)).build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (Exception e) {
            throw new AssertionError("no answer at once from " + uri, e);
        }
    }

    private HikariDataSource pool() {
        var database = new Database();
        database.setUrl(settings.text("database.url"));
        database.setUsername(settings.text("database.user"));
        database.setPassword(settings.text("database.password"));
        database.setMaximumPoolSize(2);
        database.start();
        return database;
    }

    private Map<String, Object> kafka() {
        return Map.of("bootstrap.servers", settings.text("kafka.brokers"));
    }

    private static DeliveryState delivery(String state) {
        return new DeliveryState("inventory", "inventory", state, Instant.now(), "40 records of \"one\" fingerprint");
    }
}
