package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.events.Order;
import dev.orderflow.local.EmbeddedParts;
import dev.orderflow.settings.LocalParts;
import dev.orderflow.settings.Ports;
import dev.orderflow.testing.CapturedLog;
import dev.orderflow.testing.Embedded;
import dev.orderflow.testing.Records;
import dev.orderflow.testing.RunningApp;
import dev.orderflow.testing.World;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One byte of a segment is not what it was: its partition waits at it, alone, and goes on when it is mended. */
class UnreadableBatchIT {

    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final int WELL = 0;
    private static final int PLAIN = 1;
    private static final int COMPRESSED = 2;
    private static final int BATCH = 10;
    private static final int ORDERS = 8 * BATCH;
    /** Orders before the batch that is broken. */
    private static final int BEFORE = 5 * BATCH;

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final int port = Ports.free();
    private LocalParts.Running broker;
    private World world;

    @BeforeEach
    void open() {
        startBroker();
        world = World.on("127.0.0.1:" + port, "unreadable");
    }

    @AfterEach
    void close() {
        world.close();
        broker.close();
    }

    @Test
    void holdsEachSuchPartitionAloneAndGoesOnWhenItIsMended() throws Exception {
        // Given
        append(WELL, "none");
        append(PLAIN, "none");
        append(COMPRESSED, "lz4");
        broker.close();
        flip();
        startBroker();
        int readable = ORDERS + 2 * BEFORE;

        // When
        try (var log = new CapturedLog();
                var app = RunningApp.start(world.settings(Map.of("orderflow.services", "inventory,redrive,intake")))) {
            // Then
            awaitDone(readable);
            String plain = place(PLAIN);
            String compressed = place(COMPRESSED);
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(get(app.managementUrl() + "/observe/health"))
                            .contains(plain, compressed));
            assertThat(get(app.url() + "/routes")).contains(plain, compressed, "\"state\":\"held\"");
            assertThat(get(app.managementUrl() + "/observe/metrics"))
                    .contains(metric(PLAIN), metric(COMPRESSED))
                    .doesNotContain(metric(WELL));
            int lines = log.text().split("\n").length;
            await().during(Duration.ofSeconds(10))
                    .atMost(LIMIT)
                    .until(this::committed, List.of(BEFORE, BEFORE)::equals);
            assertThat(log.text().split("\n").length - lines).as(log.text()).isLessThan(5);
            assertThat(log.text()).containsOnlyOnce(plain).containsOnlyOnce(compressed);
            for (int partition : List.of(PLAIN, COMPRESSED)) {
                assertThat(get(app.url() + "/audit"))
                        .contains(
                                "\"clean\":false",
                                "{\"partition\":\"%s-%d\",\"from\":%d,\"last\":%d,"
                                        .formatted(world.orders(), partition, BEFORE, BEFORE + BATCH - 1));
            }

            // And the other one flows on
            world.topics().append(orders(WELL, BATCH));
            awaitDone(readable + BATCH);

            // And nothing was passed
            broker.close();
            flip();
            startBroker();
            awaitDone(3 * ORDERS + BATCH);
            await().atMost(LIMIT).until(() -> world.topics().lag("inventory", world.orders()) == 0);
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(get(app.managementUrl() + "/observe/health"))
                            .doesNotContain("is held"));
            assertThat(get(app.managementUrl() + "/observe/metrics")).doesNotContain("orderflow_partition_held{");
            assertThat(get(app.url() + "/audit")).contains("\"clean\":true");
        }
    }

    @Test
    void goesOnBehindWhatAnOperatorGivesUp() throws Exception {
        // Given
        append(WELL, "none");
        append(PLAIN, "none");
        append(COMPRESSED, "lz4");
        broker.close();
        flip();
        startBroker();
        try (var app = RunningApp.start(world.settings(Map.of("orderflow.services", "inventory,redrive,intake")))) {
            awaitDone(ORDERS + 2 * BEFORE);
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(get(app.managementUrl() + "/observe/health"))
                            .contains(place(PLAIN), place(COMPRESSED), "orderflow skip inventory"));

            // When
            for (int partition : List.of(PLAIN, COMPRESSED)) {
                post(
                        app.url() + "/operations",
                        "{\"operation\":\"skip\",\"service\":\"inventory\",\"partition\":\"%s-%d\",\"first\":%d,\"last\":%d}"
                                .formatted(world.orders(), partition, BEFORE, BEFORE + BATCH - 1));
            }

            // Then
            awaitDone(3 * ORDERS - 2 * BATCH);
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(get(app.managementUrl() + "/observe/health"))
                            .doesNotContain("is held"));
            assertThat(get(app.url() + "/audit")).contains("\"kind\":\"skipped\"", "\"closedBy\":\"anonymous\"");
        }
    }

    private static void post(String url, String body) throws Exception {
        var answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }

    private void awaitDone(int orders) {
        await().atMost(LIMIT)
                .until(() -> world.count("SELECT count(*) FROM inventory.reservation"), count -> count == orders);
    }

    private String place(int partition) {
        return "topic %s partition %d is held at offset %d".formatted(world.orders(), partition, BEFORE);
    }

    private String metric(int partition) {
        return "orderflow_partition_held{partition=\"%d\",service=\"inventory\",topic=\"%s\"} 1"
                .formatted(partition, world.orders());
    }

    private void startBroker() {
        broker = new EmbeddedParts()
                .start(Embedded.settings(folder)
                        .with("database.url", Embedded.shared().databaseUrl())
                        .with("local.kafka.port", Integer.toString(port)));
    }

    private void append(int partition, String compression) throws Exception {
        Map<String, Object> properties =
                Map.of("bootstrap.servers", "127.0.0.1:" + port, "compression.type", compression, "linger.ms", 1_000);
        try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
            for (int order = 0; order < ORDERS; order += BATCH) {
                List<Future<?>> sent = new ArrayList<>();
                orders(partition, BATCH).forEach(one -> sent.add(producer.send(one)));
                producer.flush();
                for (Future<?> one : sent) {
                    one.get();
                }
            }
        }
    }

    private List<ProducerRecord<String, byte[]>> orders(int partition, int count) {
        var orders = new ArrayList<ProducerRecord<String, byte[]>>();
        for (int i = 0; i < count; i++) {
            Order order = Records.order(UUID.randomUUID(), "A", 1);
            var placed = Records.placed(world.orders(), order);
            orders.add(new ProducerRecord<>(world.orders(), partition, placed.key(), placed.value(), placed.headers()));
        }
        return orders;
    }

    private void flip() throws IOException {
        flip(PLAIN);
        flip(COMPRESSED);
    }

    /** The last byte of the batch behind those that stay well; a second time, it is what it was. */
    private void flip(int partition) throws IOException {
        var segment = folder.resolve("kafka/%s-%d/00000000000000000000.log".formatted(world.orders(), partition));
        long place = -1;
        try (var records = FileRecords.open(segment.toFile())) {
            for (var batch : records.batches()) {
                if (batch.baseOffset() == BEFORE) {
                    place = batch.position() + batch.sizeInBytes() - 1;
                }
            }
        }
        try (var file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.seek(place);
            int was = file.read();
            file.seek(place);
            file.write(was ^ 0x01);
        }
    }

    private List<Integer> committed() {
        return Stream.of(PLAIN, COMPRESSED)
                .map(partition ->
                        (int) world.topics().committed("inventory", new TopicPartition(world.orders(), partition)))
                .toList();
    }

    private String get(String address) throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString())
                .body();
    }
}
