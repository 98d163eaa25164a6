package dev.orderflow.drill;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orderflow.drill.History.Outcome;
import dev.orderflow.drill.History.Wish;
import dev.orderflow.testing.Records;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Places orders the whole time, at a steady rate. It repeats one in ten that were accepted and everything that nobody
 * knows about, except for one in ten of those. One order in a hundred breaks a rule and is refused. One in a hundred
 * is poison: half are records that no service can read, appended past intake; half are accepted orders that shipping
 * can never book, since its table refuses {@link #POISON_PIECES} pieces.
 */
final class Client implements AutoCloseable {

    static final int POISON_PIECES = 666;
    static final String PLENTY = "PLENTY";
    static final String SCARCE = "SCARCE";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int WORKERS = 24;
    private static final Duration TIMEOUT = Duration.ofSeconds(8);
    private static final long REPEAT_MS = 700;

    /** Above it, orders come ten times slower: a backlog says how fast a machine is, and hides what recovers behind it. */
    private static final long BEHIND_MAX = 150;

    /** An order to place when its time has come. */
    private record Turn(Wish wish, long atNs) implements Delayed {

        static Turn in(Wish wish, long ms) {
            return new Turn(wish, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms));
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(atNs - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(atNs, ((Turn) other).atNs);
        }
    }

    private final URI orders;
    private final String ordersTopic;
    private final History history;
    private final Random random;
    private final int perSecond;
    private final LongSupplier behind;
    private final KafkaProducer<String, byte[]> garbage;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final DelayQueue<Turn> turns = new DelayQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean making = new AtomicBoolean(true);
    private final AtomicBoolean on = new AtomicBoolean(true);
    private final List<Thread> threads = new ArrayList<>();

    Client(
            String url,
            String brokers,
            String ordersTopic,
            History history,
            long seed,
            int perSecond,
            LongSupplier behind) {
        this.orders = URI.create(url + "/orders");
        this.ordersTopic = ordersTopic;
        this.history = history;
        this.random = new Random(seed);
        this.perSecond = perSecond;
        this.behind = behind;
        this.garbage = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers, "max.block.ms", "1000"),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    Client start() {
        run("client-orders", this::make);
        for (int i = 0; i < WORKERS; i++) {
            run("client-" + i, this::place);
        }
        return this;
    }

    private void run(String name, Runnable work) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
    }

    private void make() {
        long next = System.nanoTime();
        for (int i = 0; making.get(); i++) {
            if (i % 200 == 99) {
                garbage.send(Records.garbage(ordersTopic, UUID.randomUUID()));
            }
            // An outage must not pile up a backlog that hides the recovery behind it.
            if (waiting.get() < 10 * WORKERS) {
                var wish = wish(i);
                history.add(wish);
                turn(wish, 0);
            }
            long gap = TimeUnit.SECONDS.toNanos(1) / perSecond;
            next = Math.max(next, System.nanoTime() - gap) + (behind.getAsLong() > BEHIND_MAX ? 10 * gap : gap);
            pause(next - System.nanoTime());
        }
    }

    private void turn(Wish wish, long ms) {
        waiting.incrementAndGet();
        turns.add(Turn.in(wish, ms));
    }

    private Wish wish(int i) {
        String key = "drill-" + i;
        int quantity = i % 200 == 49 ? POISON_PIECES : i % 100 == 77 ? 0 : 1 + random.nextInt(9);
        String sku = random.nextInt(50) == 0 ? SCARCE : PLENTY;
        return new Wish(key, """
                {"customer":{"id":"c-%d","email":"c%d@example.org"},\
                "shipTo":{"name":"Ada","street":"Main St %d","city":"Berlin","postalCode":"10115","country":"%s"},\
                "currency":"EUR","lines":[{"sku":"%s","quantity":%d,"unitPrice":"12.50"}],"reference":"%s"}\
                """.formatted(i % 97, i % 97, i, random.nextBoolean() ? "DE" : "FR", sku, quantity, key));
    }

    private void place() {
        while (on.get()) {
            try {
                var turn = turns.poll(200, TimeUnit.MILLISECONDS);
                if (turn != null) {
                    place(turn.wish());
                    waiting.decrementAndGet();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void place(Wish wish) throws InterruptedException {
        boolean first = wish.outcome() == Outcome.INFO;
        Outcome outcome = post(wish);
        if (first && outcome == Outcome.OK) {
            history.accepted(wish);
        }
        boolean luck = Math.floorMod(wish.key.hashCode(), 10) == 0;
        if (outcome == Outcome.INFO && !luck) {
            turn(wish, REPEAT_MS);
        } else if (outcome == Outcome.OK && first && luck) {
            turn(wish, REPEAT_MS);
        }
    }

    private Outcome post(Wish wish) throws InterruptedException {
        var request = HttpRequest.newBuilder(orders)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", wish.key)
                .header("X-Client", "drill")
                .POST(BodyPublishers.ofString(wish.body))
                .build();
        try {
            var answer = http.send(request, BodyHandlers.ofString());
            String orderId = answer.statusCode() == 202
                    ? JSON.readTree(answer.body()).path("orderId").asText()
                    : "";
            return wish.answered(answer.statusCode(), orderId);
        } catch (java.io.IOException e) {
            return wish.answered(0, "");
        }
    }

    private static void pause(long ns) {
        if (ns > 0) {
            try {
                TimeUnit.NANOSECONDS.sleep(ns);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** No new orders; returns when each has had its answer and its repetitions, or after the limit. */
    void settle(Duration limit) {
        making.set(false);
        long until = System.nanoTime() + limit.toNanos();
        while (waiting.get() > 0 && System.nanoTime() < until) {
            pause(TimeUnit.MILLISECONDS.toNanos(50));
        }
        close();
    }

    @Override
    public void close() {
        making.set(false);
        on.set(false);
        for (Thread thread : threads) {
            try {
                thread.join(TIMEOUT.toMillis() + 1_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        garbage.close(Duration.ofSeconds(5));
    }
}
