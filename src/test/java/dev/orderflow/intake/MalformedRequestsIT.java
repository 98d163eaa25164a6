package dev.orderflow.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.events.Orders;
import dev.orderflow.events.SpoiltBytes;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** 10,000 requests that are wrong in some way, over HTTP; the printed seed replays them. */
class MalformedRequestsIT {

    private static final int REQUESTS = 10_000;
    private static final int AT_ONCE = 64;
    private static final String[] TYPES = {
        "application/json",
        "application/json; charset=utf-8",
        "text/plain",
        "application/x-www-form-urlencoded",
        "a/b/c",
        ";"
    };
    private static final String[] PATHS = {
        "/orders", "/orders", "/orders", "/orders/", "/order", "/orders//", "/ORDERS", "/orders;x=1"
    };
    private static final String[] INJECTED = {
        "kafka.OVERRIDE_TOPIC",
        "kafka.KEY",
        "kafka.PARTITION_KEY",
        "CamelKafkaTopic",
        "CamelKafkaKey",
        "CamelHttpPath",
        "ce_id"
    };

    @Test
    void answersEachWithAProblemAndAppendsNothing() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("MalformedRequestsIT: seed " + seed);
        var random = new Random(seed);
        var statuses = new TreeMap<Integer, Integer>();
        try (var intake = RunningIntake.start(settings -> settings)) {
            var client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            var waiting = new ArrayDeque<CompletableFuture<HttpResponse<String>>>();
            for (int i = 0; i < REQUESTS; i++) {
                waiting.add(client.sendAsync(request(intake, random), HttpResponse.BodyHandlers.ofString()));
                if (waiting.size() == AT_ONCE) {
                    check(waiting.remove().join(), statuses);
                }
            }
            waiting.forEach(answer -> check(answer.join(), statuses));
            System.out.println("MalformedRequestsIT: answers " + statuses);

            assertThat(intake.records()).hasSize(statuses.getOrDefault(202, 0)).allSatisfy(MalformedRequestsIT::isOurs);
        }
    }

    private static void check(HttpResponse<String> answer, Map<Integer, Integer> statuses) {
        statuses.merge(answer.statusCode(), 1, Integer::sum);
        if (answer.statusCode() != 202) {
            assertThat(answer.statusCode()).isBetween(400, 499);
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
            assertThat(answer.body()).doesNotContain("Exception").doesNotContain("\\tat ");
        }
    }

    private static void isOurs(ConsumerRecord<String, byte[]> record) {
        assertThat(record.key()).matches("[0-9a-f]{8}-[0-9a-f]{4}-7.*");
        assertThat(record.headers()).hasSize(7);
    }

    private static HttpRequest request(RunningIntake intake, Random random) {
        String query = random.nextBoolean() ? "" : "?" + mixed(random, one(random, INJECTED)) + "=1";
        var request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + intake.door.port() + one(random, PATHS) + query));
        if (random.nextInt(20) > 0) {
            request.header("Content-Type", random.nextInt(4) > 0 ? TYPES[0] : one(random, TYPES));
        }
        request.header(mixed(random, one(random, INJECTED)), "1");
        byte[] body = SpoiltBytes.of(random, Orders.utf8(Orders.REQUEST));
        var publisher = random.nextBoolean()
                ? HttpRequest.BodyPublishers.ofByteArray(body)
                : HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body));
        return request.method(random.nextInt(30) > 0 ? "POST" : "PUT", publisher)
                .build();
    }

    private static String one(Random random, String[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static String mixed(Random random, String name) {
        var mixed = new StringBuilder();
        for (char c : name.toCharArray()) {
            mixed.append(random.nextBoolean() ? Character.toUpperCase(c) : Character.toLowerCase(c));
        }
        return mixed.toString();
    }
}
