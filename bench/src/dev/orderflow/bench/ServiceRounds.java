package dev.orderflow.bench;

import dev.orderflow.bench.Sides.Side;
import java.sql.SQLException;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** A build's service at its backlogs, with a topic and a database of its own. */
final class ServiceRounds implements Rounds {

    private final Ground ground;
    private final Services.Shape shape;
    private final Measure measure;
    private final int orders;
    private final String topic;
    private final String database;
    private final Side side;
    private final Backlog backlog;
    private final BooleanSupplier warmed;

    ServiceRounds(Plan plan, Ground ground, Build build, Services.Shape shape) throws SQLException {
        this.ground = ground;
        this.shape = shape;
        this.measure = new Measure(ground);
        this.orders = shape.orders(plan);
        this.topic = shape.topic() + "-" + build.name();
        this.database = shape.database(build.name());
        ground.emptyDatabase(database);
        var settings = Map.of(
                "DELIVERY_CONSUMERS", Integer.toString(shape.consumers()),
                "ORDERS_PARTITIONS", Integer.toString(shape.partitions()));
        var sides = new Sides(ground, build);
        this.side = Side.of(shape.processes(), () -> sides.product(shape.service(), database, topic, settings));
        this.backlog = new Backlog(ground, topic, shape.service());
        this.warmed =
                WarmUp.steady(() -> measure.workedOff(side, backlog, orders / 4).perSecond());
        ground.stock(database);
    }

    @Override
    public Side side() {
        return side;
    }

    @Override
    public boolean warm() {
        return warmed.getAsBoolean();
    }

    @Override
    public Map<String, Sample> take() {
        return Map.of(shape.alone(), round());
    }

    Sample round() {
        return measure.workedOff(side, backlog, orders);
    }

    long liveMb() {
        return side.liveMb();
    }

    @Override
    public long wrong() throws Exception {
        return wrong(ground, database, shape.service(), backlog) + ground.records(topic + "-dlt");
    }

    /** Orders that were not acted on exactly once, as the receipts say. */
    static long wrong(Ground ground, String database, String service, Backlog backlog) throws SQLException {
        return Math.abs(backlog.distinct()
                - ground.number(
                        database,
                        "SELECT count(*) FROM delivery.receipts WHERE NOT parked AND service = '" + service + "'"));
    }

    @Override
    public void close() {
        side.close();
    }
}
