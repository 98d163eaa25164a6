package dev.orderflow.bench;

import dev.orderflow.bench.Sides.Side;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** POST /orders beside the raw server: single ones, and bulks beside raw single ones. */
final class Intake implements Bench.Compared {

    private static final int BULKS_AT_ONCE = 8;

    /** Of the raw single orders beside a bulk, in milliseconds. */
    private static final int BULK_LINGER_MS = 5;

    /** A row: what the product gets; the raw side always gets single orders, over 256 connections where this is a bulk. */
    private record Shape(String name, int connections, int lines, double wanted, double least) {

        String work() {
            return lines == 1 ? alone() : alone() + ", beside raw single POST";
        }

        String alone() {
            return lines == 1
                    ? "POST, %,d connection%s".formatted(connections, connections == 1 ? "" : "s")
                    : "bulk, %,d lines".formatted(lines);
        }

        Load product(int port) {
            return lines == 1 ? Load.single(port, connections) : Load.bulk(port, BULKS_AT_ONCE, lines);
        }

        Load raw(int port) {
            return Load.single(port, lines == 1 ? connections : 256);
        }
    }

    private static final List<Shape> SHAPES = List.of(
            new Shape("post-256", 256, 1, 0.85, 0.60),
            new Shape("bulk-500", 0, 500, 6, 4),
            new Shape("post-64", 64, 1, 0.95, 0),
            new Shape("post-1", 1, 1, 0.95, 0),
            new Shape("post-1024", 1_024, 1, 0.85, 0),
            new Shape("bulk-100", 0, 100, 6, 0),
            new Shape("bulk-5000", 0, 5_000, 6, 0));

    @Override
    public List<String> rows() {
        return SHAPES.stream().map(Shape::name).toList();
    }

    @Override
    public void measure(Plan plan, Ground ground, Book book) throws Exception {
        ground.database("intake");
        ground.topics(3, "posted-raw");
        var sides = new Sides(ground);
        var measure = new Measure(ground);
        try (var product = sides.product("intake", "intake", "posted", Map.of());
                var raws = new RawServers(sides, measure, plan)) {
            for (Shape shape : SHAPES) {
                if (plan.wants(shape.name)) {
                    book.measure(
                            List.of(shape.name),
                            () -> book.add(row(plan, measure, shape, beside(raws, shape), product)));
                }
            }
        }
    }

    @Override
    public Rounds rounds(Plan plan, Ground ground, Build build, String row) throws Exception {
        Shape shape =
                SHAPES.stream().filter(one -> one.name.equals(row)).findFirst().orElseThrow();
        String database = "posted_" + build.name();
        ground.emptyDatabase(database);
        var product = new Sides(ground, build).product("intake", database, "posted-" + build.name(), Map.of());
        var measure = new Measure(ground);
        Load load = shape.product(product.port());
        return new Rounds() {
            private final BooleanSupplier warmed = WarmUp.steady(
                    () -> measure.posted(product, load, plan.warmUpS()).perSecond());

            @Override
            public Side side() {
                return product;
            }

            @Override
            public boolean warm() {
                return warmed.getAsBoolean();
            }

            @Override
            public Map<String, Sample> take() {
                return Map.of(shape.alone(), measure.posted(product, load, plan.seconds()));
            }

            @Override
            public long wrong() {
                return 0;
            }

            @Override
            public void close() {
                product.close();
            }
        };
    }

    private static RawServers.Best beside(RawServers raws, Shape shape) {
        return shape.lines == 1 ? raws.best(shape.name, shape::raw) : raws.beside(BULK_LINGER_MS);
    }

    private static Row row(Plan plan, Measure measure, Shape shape, RawServers.Best best, Side product) {
        Side raw = best.side();
        Load toRaw = shape.raw(raw.port());
        Load toProduct = shape.product(product.port());
        var warmUp = new WarmUp(
                plan.warmUpsMax(),
                WarmUp.steady(() -> measure.posted(raw, toRaw, plan.warmUpS()).perSecond()),
                WarmUp.steady(
                        () -> measure.posted(product, toProduct, plan.warmUpS()).perSecond()));
        System.err.printf("bench: %s: warm-up %s%n", shape.name, warmUp.told());
        Supplier<Sample> ofRaw = () -> measure.posted(raw, toRaw, plan.seconds());
        Supplier<Sample> ofProduct = () -> measure.posted(product, toProduct, plan.seconds());
        var turns = Turns.take(plan.rounds(), ofRaw, ofProduct);
        return new Row(
                shape.name,
                shape.work(),
                turns.first(),
                turns.second(),
                shape.wanted,
                shape.least,
                warmUp.told() + ", raw linger " + best.lingerMs() + " ms",
                product.liveMb(),
                0);
    }
}
