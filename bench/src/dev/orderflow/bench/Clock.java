package dev.orderflow.bench;

import dev.orderflow.bench.Sides.Side;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
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
 * Posts at a rate, and hears what becomes of it: from the moment at which an order was to be sent (so a late answer counts for
 * all that it delays) to its 202, to its committed effect, and to its status that a reader sees.
 */
final class Clock implements AutoCloseable {

    /** What a line of the table is called by, in the order of its lines. */
    static final List<String> ENDS = List.of("its committed effect", "its 202", "the visible status");

    private static final int LOOK_EVERY = 20;

    /** Shorter than the product's door.idleTimeoutMs, or a request meets a connection that is just being closed. */
    private static final int KEPT_S = 30;

    /** Warm is when the compilers take no more than this part of a processor. */
    private static final double COMPILERS_BUSY = 0.05;

    private final Histogram answered = new ConcurrentHistogram(3);
    private final Histogram effect = new ConcurrentHistogram(3);
    private final Histogram visible = new ConcurrentHistogram(3);
    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong open = new AtomicLong();
    /** By order: when it was due, or when its effect was heard, whichever was known first. */
    private final Map<String, Long> half = new ConcurrentHashMap<>();

    private final Ground ground;
    private final Side product;
    private final String eventsTopic;
    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final HttpClient client =
            vertx.createHttpClient(new HttpClientOptions().setMaxPoolSize(256).setKeepAliveTimeout(KEPT_S));
    private volatile boolean closed;

    /** @param topic of the orders that the product takes */
    Clock(Ground ground, Side product, String topic) {
        this.ground = ground;
        this.product = product;
        this.eventsTopic = topic + "-events";
        new Thread(this::hear, "hear").start();
    }

    /** One round: a sample for each of {@link #ENDS}. */
    Map<String, Sample> round(int rate, double seconds) {
        var cpu = new Measure(ground).processes(product);
        var before = cpu.microseconds();
        double perSecond = run(rate, seconds);
        var spent = Measure.spent(before, cpu.microseconds(), (long) (rate * seconds));
        long residentMb = product.residentMb();
        var samples = new LinkedHashMap<String, Sample>();
        samples.put(ENDS.get(0), sample(effect, perSecond, spent, residentMb, 0));
        samples.put(ENDS.get(1), sample(answered, perSecond, spent, residentMb, errors.get()));
        samples.put(ENDS.get(2), sample(visible, perSecond, spent, residentMb, 0));
        return samples;
    }

    private static Sample sample(
            Histogram us, double perSecond, Map<String, Double> spent, long residentMb, long errors) {
        System.err.printf(
                "bench: p50 %.1f ms, p99 %.1f ms of %,d%n",
                us.getValueAtPercentile(50) / 1_000.0, us.getValueAtPercentile(99) / 1_000.0, us.getTotalCount());
        return new Sample(
                perSecond,
                spent,
                us.getValueAtPercentile(50) / 1_000.0,
                us.getValueAtPercentile(99) / 1_000.0,
                residentMb,
                errors);
    }

    /** One round; gives the orders a second that were answered in it. */
    private double run(int rate, double seconds) {
        List.of(answered, effect, visible).forEach(Histogram::reset);
        errors.set(0);
        half.clear();
        long start = System.nanoTime();
        long count = (long) (rate * seconds);
        open.set(count + (count + LOOK_EVERY - 1) / LOOK_EVERY);
        for (int n = 0; n < count; n++) {
            long due = start + n * 1_000_000_000L / rate;
            while (System.nanoTime() < due) {
                Child.pause(1);
            }
            int order = n;
            // From another thread a response may be over before anybody listens to its body.
            context.runOnContext(now -> post(order, due));
        }
        double took = (System.nanoTime() - start) / 1e9;
        // An order whose effect nobody heard of for so long counts as an error.
        long limit = System.nanoTime() + 10_000_000_000L;
        while ((open.get() > 0 || !half.isEmpty()) && System.nanoTime() < limit) {
            Child.pause(5);
        }
        errors.addAndGet(open.get() + half.size());
        return count / took;
    }

    /** A second that does not count. */
    void settle(int rate) {
        run(rate, 1);
    }

    /** One round at a rate, to warm; true when the compilers of product and broker had little left to do in it. */
    boolean warm(int rate, double seconds) {
        long before = compilersUs();
        run(rate, seconds);
        double busy = (compilersUs() - before) / (seconds * 1e6);
        System.err.printf("bench: %s: compilers took %.0f %% of a processor%n", product.name(), busy * 100);
        return busy <= COMPILERS_BUSY;
    }

    private long compilersUs() {
        return Cpu.compilersUs(ground.brokerPid())
                + product.children().stream()
                        .mapToLong(child -> Cpu.compilersUs(child.pid()))
                        .sum();
    }

    private void post(int n, long due) {
        boolean look = n % LOOK_EVERY == 0;
        client.request(HttpMethod.POST, product.port(), "127.0.0.1", "/orders")
                .compose(request ->
                        request.putHeader("Content-Type", "application/json").send(Buffer.buffer(Orders.request(n))))
                .compose(response -> response.statusCode() == 202
                        ? response.body()
                        : Future.failedFuture("status " + response.statusCode()))
                .onComplete(done -> {
                    if (done.failed()) {
                        System.err.printf("bench: no 202: %s%n", done.cause());
                        errors.incrementAndGet();
                        open.addAndGet(look ? -2 : -1);
                        return;
                    }
                    answered.recordValue(since(due));
                    String id = new JsonObject(done.result()).getString("orderId");
                    Long heard = half.putIfAbsent(id, due);
                    if (heard != null) {
                        half.remove(id);
                        effect.recordValue(Math.max(0, heard - due) / 1_000);
                    }
                    open.decrementAndGet();
                    if (look) {
                        look(id, due);
                    }
                });
    }

    private void look(String id, long due) {
        client.request(HttpMethod.GET, product.port(), "127.0.0.1", "/orders/" + id)
                .compose(request -> request.send())
                .compose(response -> response.body().map(response.statusCode()))
                .onComplete(done -> {
                    if (done.succeeded() && done.result() == 200) {
                        visible.recordValue(since(due));
                    } else {
                        errors.incrementAndGet();
                    }
                    open.decrementAndGet();
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
            consumer.subscribe(List.of(eventsTopic));
            while (!closed) {
                for (var event : consumer.poll(Duration.ofMillis(50))) {
                    long now = System.nanoTime();
                    Long due = half.putIfAbsent(event.key(), now);
                    if (due != null) {
                        half.remove(event.key());
                        effect.recordValue(Math.max(0, now - due) / 1_000);
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
