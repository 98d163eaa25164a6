package dev.orderflow.bench;

import dev.orderflow.bench.Sides.Side;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * How long an order takes at a steady rate, from the moment at which it was to be sent (so a late answer counts for all that
 * it delays) to its 202, to its committed effect, and to its status that a reader sees. The effect's time is that at which
 * its event is read, which is appended behind the commit.
 */
final class Latency implements AutoCloseable {

    private static final int LOOK_EVERY = 20;
    private static final String TOPIC = "latency";

    private final Histogram answered = new ConcurrentHistogram(3);
    private final Histogram effect = new ConcurrentHistogram(3);
    private final Histogram visible = new ConcurrentHistogram(3);
    private final AtomicLong errors = new AtomicLong();
    private final Map<String, Long> sent = new ConcurrentHashMap<>();
    private final Map<String, Long> acted = new ConcurrentHashMap<>();
    private final Ground ground;
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client =
            vertx.createHttpClient(new HttpClientOptions().setMaxPoolSize(256).setDefaultHost("127.0.0.1"));
    private volatile boolean closed;

    private Latency(Ground ground) {
        this.ground = ground;
        new Thread(this::hear, "hear").start();
    }

    /** The rows of all rates, in Markdown. */
    static String table(Ground ground, Sides sides, Plan plan) throws Exception {
        ground.database("latency");
        var text = new StringBuilder("""
                | Orders a second | to 202, ms: p50, p99 | to the committed effect: p50, p99 | to the visible status: p50, p99 | errors |
                |---|---|---|---|---|
                """);
        try (var product = sides.product("intake,inventory,status", "latency", TOPIC, Map.of());
                var latency = new Latency(ground)) {
            latency.run(product, 500, plan.warmUpS());
            for (int rate : plan.rates()) {
                latency.reset();
                latency.run(product, rate, plan.seconds() * 3);
                text.append("| %,d | %s | %s | %s | %d |%n"
                        .formatted(
                                rate,
                                told(latency.answered),
                                told(latency.effect),
                                told(latency.visible),
                                latency.errors.get()));
            }
        }
        return text.toString();
    }

    private static String told(Histogram us) {
        return "%.1f, %.1f".formatted(us.getValueAtPercentile(50) / 1_000.0, us.getValueAtPercentile(99) / 1_000.0);
    }

    private void reset() {
        List.of(answered, effect, visible).forEach(Histogram::reset);
        errors.set(0);
        sent.clear();
        acted.clear();
    }

    private void run(Side side, int rate, double seconds) {
        long start = System.nanoTime();
        long count = (long) (rate * seconds);
        for (int n = 0; n < count; n++) {
            long due = start + n * 1_000_000_000L / rate;
            while (System.nanoTime() < due) {
                Child.pause(1);
            }
            post(side.port(), n, due);
        }
        Child.pause(3_000);
    }

    private void post(int port, int n, long due) {
        client.request(HttpMethod.POST, port, "127.0.0.1", "/orders")
                .compose(request ->
                        request.putHeader("Content-Type", "application/json").send(Buffer.buffer(Orders.request(n))))
                .compose(response -> response.body().map(body -> response.statusCode() == 202 ? body : Buffer.buffer()))
                .onComplete(done -> {
                    if (done.failed() || done.result().length() == 0) {
                        errors.incrementAndGet();
                        return;
                    }
                    answered.recordValue(since(due));
                    String id = new JsonObject(done.result()).getString("orderId");
                    Long at = acted.remove(id);
                    sent.put(id, due);
                    at = at == null ? acted.remove(id) : at;
                    if (at != null && sent.remove(id) != null) {
                        effect.recordValue((at - due) / 1_000);
                    }
                    if (n % LOOK_EVERY == 0) {
                        look(port, id, due);
                    }
                });
    }

    private void look(int port, String id, long due) {
        client.request(HttpMethod.GET, port, "127.0.0.1", "/orders/" + id)
                .compose(request -> request.send())
                .compose(response -> response.body().map(response.statusCode()))
                .onComplete(done -> {
                    if (done.succeeded() && done.result() == 200) {
                        visible.recordValue(since(due));
                    } else {
                        errors.incrementAndGet();
                    }
                });
    }

    private static long since(long due) {
        return (System.nanoTime() - due) / 1_000;
    }

    private void hear() {
        var settings = new Properties();
        settings.putAll(Map.of(
                "bootstrap.servers",
                ground.brokers,
                "group.id",
                "hear-" + UUID.randomUUID(),
                "enable.auto.commit",
                "false"));
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(TOPIC + "-events"));
            while (!closed) {
                for (var event : consumer.poll(Duration.ofMillis(50))) {
                    long now = System.nanoTime();
                    acted.put(event.key(), now);
                    Long due = sent.remove(event.key());
                    if (due != null && acted.remove(event.key()) != null) {
                        effect.recordValue((now - due) / 1_000);
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        client.close();
        vertx.close();
    }
}
