package dev.orderflow.bench;

import dev.orderflow.bench.Sides.Side;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The product beside the raw clients, in one run: {@code bench/run}, {@code bench/run --short}, {@code bench/run --only=WORD}. */
public final class Bench {

    private final Plan plan;
    private final Ground ground;
    private final Sides sides;
    private final Measure measure;
    private final List<Row> rows = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private Bench(Plan plan, Ground ground) {
        this.plan = plan;
        this.ground = ground;
        this.sides = new Sides(ground);
        this.measure = new Measure(ground);
    }

    public static void main(String[] arguments) {
        int status = 2;
        try {
            status = run(arguments);
        } catch (Exception e) {
            e.printStackTrace();
        }
        // Event loops of the load would keep the JVM alive.
        System.exit(status);
    }

    private static int run(String[] arguments) throws Exception {
        var plan = Plan.of(List.of(arguments));
        List<Row> rows;
        try (var ground = Ground.start()) {
            var bench = new Bench(plan, ground);
            if (plan.wants("intake")) {
                bench.intake();
            }
            if (plan.wants("services")) {
                bench.services();
            }
            if (plan.wants("latency")) {
                bench.notes.add(Latency.table(ground, bench.sides, plan));
            }
            var report = new Report(bench.rows, bench.notes);
            System.out.println(report.table());
            report.write(Path.of("bench", "results"), plan.name());
            rows = bench.rows;
        }
        boolean holds = true;
        for (Row row : rows) {
            if (!row.holds() || row.errors() > 0) {
                holds = false;
                System.out.printf(
                        "bench: FAILED: %s: %.2f of raw, at least %.2f was wanted; %,d errors%n",
                        row.work(), row.ratio(), row.least(), row.errors());
            }
        }
        System.out.println(holds ? "bench: passed" : "bench: failed");
        return holds ? 0 : 1;
    }

    private void intake() throws Exception {
        ground.database("intake");
        ground.topics(3, "posted-raw");
        try (var product = sides.product("intake", "intake", "posted", Map.of());
                var raw = sides.rawServer("posted-raw")) {
            for (var side : List.of(product, raw)) {
                Load.single(side.port(), 256).run(0, plan.warmUpS());
            }
            List<Sample> raw256 = List.of();
            for (int connections : plan.connections()) {
                var row = posts(product, raw, connections);
                rows.add(row);
                raw256 = connections == 256 ? row.raw() : raw256;
            }
            for (int lines : plan.bulkLines()) {
                rows.add(bulk(product, lines, raw256));
            }
        }
    }

    private Row posts(Side product, Side raw, int connections) {
        var ofRaw = new ArrayList<Sample>();
        var ofProduct = new ArrayList<Sample>();
        for (int round = 0; round < plan.rounds(); round++) {
            ofRaw.add(measure.posted(raw, Load.single(raw.port(), connections), 1, plan.seconds()));
            ofProduct.add(measure.posted(product, Load.single(product.port(), connections), 1, plan.seconds()));
        }
        double wanted = connections <= 64 ? 0.95 : 0.85;
        return new Row(
                "POST, %,d connections".formatted(connections),
                ofRaw,
                ofProduct,
                wanted,
                connections == 256 ? 0.60 : 0);
    }

    private Row bulk(Side product, int lines, List<Sample> raw256) {
        var load = Load.bulk(product.port(), 8, lines);
        load.run(0, plan.warmUpS());
        var ofProduct = new ArrayList<Sample>();
        for (int round = 0; round < plan.rounds(); round++) {
            ofProduct.add(measure.posted(product, load, 0.5, plan.seconds()));
        }
        return new Row(
                "bulk, %,d lines, beside raw single POST".formatted(lines), raw256, ofProduct, 6, lines == 500 ? 4 : 0);
    }

    private void services() throws Exception {
        for (int consumers : plan.consumers()) {
            worksOff("inventory", consumers, 1_000, consumers == 3 ? 0.95 : 0.90, consumers == 3 ? 0.70 : 0);
        }
        if (plan.recordATransaction()) {
            worksOff("inventory", 3, 1, 15, 0);
        }
    }

    /** @param rawRecordsMax records in a transaction of the raw side: 1 is the record-by-record way */
    private void worksOff(String service, int consumers, int rawRecordsMax, double wanted, double least)
            throws Exception {
        String name = "%s_%d_%d".formatted(service, consumers, rawRecordsMax);
        ground.database("product_" + name);
        ground.database("raw_" + name);
        String topic = "orders-" + name.replace('_', '-');
        ground.topics(3, topic + "-raw", topic + "-raw-events");
        var settings = new HashMap<>(Map.of("DELIVERY_CONSUMERS", Integer.toString(consumers)));
        try (var product = sides.product(service, "product_" + name, topic, settings);
                var raw = sides.rawConsumer(topic + "-raw", rawRecordsMax, consumers, "raw_" + name)) {
            var ofProduct = new Backlog(ground, topic, service);
            var ofRaw = new Backlog(ground, topic + "-raw", topic + "-raw-raw");
            int rawOrders = rawRecordsMax == 1 ? plan.backlog() / 20 : plan.backlog();
            measure.workedOff(product, ofProduct, plan.backlog());
            measure.workedOff(raw, ofRaw, rawOrders);
            var raws = new ArrayList<Sample>();
            var products = new ArrayList<Sample>();
            for (int round = 0; round < plan.rounds(); round++) {
                raws.add(measure.workedOff(raw, ofRaw, rawOrders));
                products.add(measure.workedOff(product, ofProduct, plan.backlog()));
            }
            rows.add(new Row(
                    "%s, backlog, %d consumer%s%s"
                            .formatted(
                                    service,
                                    consumers,
                                    consumers == 1 ? "" : "s",
                                    rawRecordsMax == 1 ? ", beside a record a transaction" : ""),
                    raws,
                    products,
                    wanted,
                    least));
        }
    }
}
