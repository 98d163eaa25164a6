package dev.orderflow.bench;

import dev.orderflow.bench.Sides.Side;
import dev.orderflow.http.Cursor;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/** Whether services, reads and the audit stay as fast while topics and tables grow. */
final class Growth implements Bench.Part {

    private static final List<Integer> SIZES = List.of(10_000, 100_000, 1_000_000, 5_000_000);
    private static final List<String> SERVICES = List.of("inventory", "shipping", "status");
    private static final int READERS = 16;
    private static final int URIS = 1_000;
    private static final long AUDIT_MINUTES = 15;

    @Override
    public List<String> rows() {
        return SIZES.stream().map(Growth::name).toList();
    }

    private static String name(int size) {
        return "growth-" + size;
    }

    @Override
    public void measure(Plan plan, Ground ground, Book book) throws Exception {
        for (int size : SIZES) {
            if (plan.wants(name(size))) {
                book.measure(List.of(name(size)), () -> new Size(plan, ground, book, size).measure());
            }
        }
    }

    /** One size of topics and tables, in a world of its own. */
    private static final class Size {

        private final Plan plan;
        private final Ground ground;
        private final Book book;
        private final int size;
        private final Sides sides;
        private final String topic;
        private final String database;

        Size(Plan plan, Ground ground, Book book, int size) {
            this.plan = plan;
            this.ground = ground;
            this.book = book;
            this.size = size;
            this.sides = new Sides(ground);
            this.topic = name(size);
            this.database = topic.replace('-', '_');
        }

        void measure() throws Exception {
            long begin = System.nanoTime();
            Fill.of(ground, database, topic).upTo(size);
            System.err.printf("bench: %,d orders laid down in %.0f s%n", size, (System.nanoTime() - begin) / 1e9);
            // What a fill leaves behind is of a fixed day, which may be long over.
            var settings = Map.of("DELIVERY_RECEIPTS_RETENTIONHOURS", "-1");
            try (var product = sides.product("intake," + String.join(",", SERVICES), database, topic, settings)) {
                services(product);
                reads(product, "GET /orders/{id}", n -> "/orders/" + Fill.id(n));
                reads(product, "GET /orders, first page", n -> "/orders?limit=50");
                reads(product, "GET /orders, a page anywhere", n -> "/orders?limit=50&cursor=" + cursor(n));
                reads(product, "GET /orders?customer", n -> "/orders?limit=50&customer=" + Fill.customer(n));
                reads(product, "GET /orders?status=on-hold", n -> "/orders?limit=50&status=on-hold");
            }
            audit();
        }

        private static String cursor(long n) {
            return Cursor.of(Instant.ofEpochMilli(Fill.id(n).getMostSignificantBits() >>> 16) + " " + Fill.id(n));
        }

        /** New orders behind all the old ones, which every service works off at the same time. */
        private void services(Side product) {
            int orders = Math.max(2_000, plan.backlogOfOthers() / 5);
            var samples =
                    SERVICES.stream().map(service -> new ArrayList<Sample>()).toList();
            var warmUp = new WarmUp(
                    plan.warmUpsMax(),
                    WarmUp.steady(() -> workedOff(product, orders / 2).stream()
                            .mapToDouble(rate -> rate)
                            .sum()));
            System.err.printf("bench: %s: warm-up %s%n", name(size), warmUp.told());
            for (int round = 0; round < plan.roundsOfServices(); round++) {
                var rates = workedOff(product, orders);
                for (int i = 0; i < rates.size(); i++) {
                    samples.get(i).add(new Sample(rates.get(i), Map.of(), 0, 0, product.residentMb(), 0));
                }
            }
            for (int i = 0; i < SERVICES.size(); i++) {
                add(SERVICES.get(i) + ", with the other services", samples.get(i));
            }
        }

        private List<Double> workedOff(Side product, int orders) {
            var backlogs = SERVICES.stream()
                    .map(service -> new Backlog(ground, topic, service))
                    .toList();
            product.hold();
            backlogs.get(0).lay(orders);
            product.letGo();
            var rates = backlogs.stream()
                    .map(backlog -> CompletableFuture.supplyAsync(backlog::workedOff))
                    .toList();
            var done = rates.stream().map(CompletableFuture::join).toList();
            // Their events are part of the work, which must not go on into the next round.
            new Backlog(ground, topic + "-events", "status").awaitEnd();
            done.forEach(rate -> System.err.printf("bench: %s: %,.0f/s%n", name(size), rate));
            return done;
        }

        private void reads(Side product, String work, LongFunction<String> uri) {
            var uris = LongStream.range(0, URIS)
                    .mapToObj(n -> uri.apply(n * size / URIS))
                    .toList();
            var load = Load.reads(product.port(), READERS, uris);
            load.run(0, plan.warmUpS());
            var samples = new ArrayList<Sample>();
            for (int round = 0; round < plan.roundsOfServices(); round++) {
                var result = load.run(0.5, plan.warmUpS());
                var us = result.latencyUs();
                samples.add(new Sample(
                        result.perSecond(),
                        Map.of(),
                        us.getValueAtPercentile(50) / 1_000.0,
                        us.getValueAtPercentile(99) / 1_000.0,
                        product.residentMb(),
                        result.errors()));
            }
            add(work, samples);
        }

        /** By the command of the production build, with the time of its start; once, since it reads everything. */
        private void audit() throws Exception {
            long orders = ground.number(database, "SELECT count(*) FROM status.orders");
            var log = Path.of("target", "bench-logs", "audit-" + size + ".log");
            var builder = new ProcessBuilder(Build.own("product").launcher().toString(), "audit")
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().putAll(sides.environment(database, topic));
            long begin = System.nanoTime();
            var process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            long residentMb = 0;
            while (process.isAlive() && System.nanoTime() - begin < TimeUnit.MINUTES.toNanos(AUDIT_MINUTES)) {
                Child.pause(50);
                residentMb = Math.max(residentMb, Cpu.residentMb(process.pid()));
            }
            process.destroyForcibly();
            double seconds = (System.nanoTime() - begin) / 1e9;
            // Notification did not run here, so it is behind, which the audit lets pass; it fails for what is lost or
            // twice.
            long errors = process.waitFor() == 0 ? 0 : 1;
            add(
                    "audit of all, %.1f s".formatted(seconds),
                    List.of(new Sample(orders / seconds, Map.of(), 0, 0, residentMb, errors)));
        }

        private void add(String work, List<Sample> samples) {
            book.add(new Line(name(size), "%,d orders: %s".formatted(size, work), samples, 0));
        }
    }
}
