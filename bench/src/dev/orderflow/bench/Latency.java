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
import java.util.ArrayList;
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
 * its event is read, which is appended behind the commit, so it is a little later than the commit.
 */
final class Latency implements Bench.Part {

    private static final List<Integer> RATES = List.of(500, 100, 2_000);
    private static final int LOOK_EVERY = 20;
    private static final String TOPIC = "latency";
    private static final double EFFECT_WANTED_MS = 20;

    /** Shorter than the product's door.idleTimeoutMs, or a request meets a connection that is just being closed. */
    private static final int KEPT_S = 30;

    /** Warm is when the compilers take no more than this part of a processor. */
    private static final double COMPILERS_BUSY = 0.05;

    /** Broker, database and product all compile by the number of orders, which few orders a second would make late. */
    private static final int WARM_RATE = 2_000;

    @Override
    public List<String> rows() {
        return RATES.stream().map(Latency::name).toList();
    }

    private static String name(int rate) {
        return "latency-" + rate;
    }

    @Override
    public void measure(Plan plan, Ground ground, Book book) throws Exception {
        ground.database("latency");
        try (var product = new Sides(ground).product("intake,inventory,status", "latency", TOPIC, Map.of());
                var clock = new Clock(ground, product)) {
            for (int rate : RATES) {
                if (plan.wants(name(rate))) {
                    book.measure(
                            List.of(name(rate)), () -> lines(plan, clock, rate).forEach(book::add));
                }
            }
        }
    }

    private static List<Line> lines(Plan plan, Clock clock, int rate) {
        int compiled = clock.warm(plan, WARM_RATE);
        // Batches of another size run other code.
        int steady = clock.warm(plan, rate);
        System.err.printf(
                "bench: %s: warm-up %d rounds at %,d/s, %d at %,d/s%n", name(rate), compiled, WARM_RATE, steady, rate);
        var answered = new ArrayList<Sample>();
        var effect = new ArrayList<Sample>();
        var visible = new ArrayList<Sample>();
        for (int round = 0; round < plan.rounds(); round++) {
            double perSecond = clock.run(rate, plan.seconds());
            long residentMb = clock.product.residentMb();
            answered.add(clock.sample(clock.answered, perSecond, residentMb, clock.errors.get()));
            effect.add(clock.sample(clock.effect, perSecond, residentMb, 0));
            visible.add(clock.sample(clock.visible, perSecond, residentMb, 0));
        }
        String at = "POST at %,d orders/s to ".formatted(rate);
        return List.of(
                new Line(name(rate), at + "its committed effect", effect, rate == 500 ? EFFECT_WANTED_MS : 0),
                new Line(name(rate), at + "its 202", answered, 0),
                new Line(name(rate), at + "the visible status", visible, 0));
    }

    /** Posts at a rate, and hears what becomes of it. */
    private static final class Clock implements AutoCloseable {

        private final Histogram answered = new ConcurrentHistogram(3);
        private final Histogram effect = new ConcurrentHistogram(3);
        private final Histogram visible = new ConcurrentHistogram(3);
        private final AtomicLong errors = new AtomicLong();
        private final AtomicLong open = new AtomicLong();
        /** By order: when it was due, or when its effect was heard, whichever was known first. */
        private final Map<String, Long> half = new ConcurrentHashMap<>();

        private final Ground ground;
        private final Side product;
        private final Vertx vertx = Vertx.vertx();
        private final Context context = vertx.getOrCreateContext();
        private final HttpClient client = vertx.createHttpClient(
                new HttpClientOptions().setMaxPoolSize(256).setKeepAliveTimeout(KEPT_S));
        private volatile boolean closed;

        Clock(Ground ground, Side product) {
            this.ground = ground;
            this.product = product;
            new Thread(this::hear, "hear").start();
        }

        Sample sample(Histogram us, double perSecond, long residentMb, long errors) {
            System.err.printf(
                    "bench: p50 %.1f ms, p99 %.1f ms of %,d%n",
                    us.getValueAtPercentile(50) / 1_000.0, us.getValueAtPercentile(99) / 1_000.0, us.getTotalCount());
            return new Sample(
                    perSecond,
                    Map.of(),
                    us.getValueAtPercentile(50) / 1_000.0,
                    us.getValueAtPercentile(99) / 1_000.0,
                    residentMb,
                    errors);
        }

        /** One round; gives the orders a second that were answered in it. */
        double run(int rate, double seconds) {
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

        /** Rounds at a rate until the compilers of product and broker have little left to do, or the limit is reached. */
        int warm(Plan plan, int rate) {
            double busy = 1;
            int round = 0;
            for (; round < plan.warmUpsMax() && busy > COMPILERS_BUSY; round++) {
                long before = compilersUs();
                run(rate, plan.seconds());
                busy = (compilersUs() - before) / (plan.seconds() * 1e6);
                System.err.printf("bench: compilers took %.0f %% of a processor%n", busy * 100);
            }
            return round;
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
                    .compose(request -> request.putHeader("Content-Type", "application/json")
                            .send(Buffer.buffer(Orders.request(n))))
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
                consumer.subscribe(List.of(TOPIC + "-events"));
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
}
