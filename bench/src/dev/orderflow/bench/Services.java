package dev.orderflow.bench;

import java.util.List;
import java.util.Map;

/** Services over a backlog, beside loops by hand that do the same work. */
final class Services implements Bench.Part {

    /** A row: what works off how much with how many consumers. */
    private record Shape(String name, String service, int consumers, double wanted, double least) {}

    private static final List<Shape> SHAPES = List.of(
            new Shape("inventory-3", "inventory", 3, 0.95, 0.70), new Shape("inventory-1", "inventory", 1, 0.90, 0));

    @Override
    public List<String> rows() {
        return SHAPES.stream().map(Shape::name).toList();
    }

    @Override
    public void measure(Plan plan, Ground ground, Book book) {
        for (Shape shape : SHAPES) {
            if (plan.wants(shape.name)) {
                book.measure(List.of(shape.name), () -> book.add(row(plan, ground, shape)));
            }
        }
    }

    private static Row row(Plan plan, Ground ground, Shape shape) throws Exception {
        var sides = new Sides(ground);
        var measure = new Measure(ground);
        String topic = "orders-" + shape.name;
        String database = "product_" + shape.name.replace('-', '_');
        String rawDatabase = "raw_" + shape.name.replace('-', '_');
        ground.database(database);
        ground.database(rawDatabase);
        ground.topics(3, topic + "-raw", topic + "-raw-events");
        int orders = plan.backlog();
        var settings = Map.of("DELIVERY_CONSUMERS", Integer.toString(shape.consumers));
        try (var product = sides.product(shape.service, database, topic, settings);
                var raw = sides.rawConsumer(topic + "-raw", 1_000, shape.consumers, rawDatabase)) {
            var ofProduct = new Backlog(ground, topic, shape.service);
            var ofRaw = new Backlog(ground, topic + "-raw", topic + "-raw-raw");
            var warmUp = new WarmUp(
                    plan.warmUpsMax(),
                    () -> measure.workedOff(raw, ofRaw, orders / 4).perSecond(),
                    () -> measure.workedOff(product, ofProduct, orders / 4).perSecond());
            var turns = Turns.take(
                    plan.rounds(),
                    () -> measure.workedOff(raw, ofRaw, orders),
                    () -> measure.workedOff(product, ofProduct, orders));
            return new Row(
                    shape.name,
                    "%s, backlog, %d consumer%s"
                            .formatted(shape.service, shape.consumers, shape.consumers == 1 ? "" : "s"),
                    turns.raw(),
                    turns.product(),
                    shape.wanted,
                    shape.least,
                    warmUp.told(),
                    product.liveMb());
        }
    }
}
