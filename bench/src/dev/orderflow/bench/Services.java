package dev.orderflow.bench;

import dev.orderflow.bench.Sides.Side;
import java.util.List;

/**
 * Services over a backlog, beside loops by hand that do the same work: a transaction a poll, or a transaction a record,
 * with other numbers of consumers, partitions and processes.
 */
final class Services implements Bench.Compared {

    private static final int BATCH = 1_000;

    /** Mails of a poll and of a transaction, as in the product. */
    private static final int MAILS = 100;

    /** What is slow gets so much less to do. */
    private static final int SLOW = 20;

    private static final int RECORD_BY_RECORD = 10;

    enum Beside {
        A_POLL_A_TRANSACTION(""),
        A_RECORD_A_TRANSACTION(", beside a record a transaction"),
        A_RECORD_A_CAMEL_EXCHANGE(", beside Camel's route with a record a transaction");

        private final String work;

        Beside(String work) {
            this.work = work;
        }
    }

    /** A row: which service, beside what, with how many consumers in how many processes over how many partitions. */
    record Shape(
            String name,
            String service,
            Beside beside,
            int consumers,
            int processes,
            int partitions,
            double wanted,
            double least) {

        static Shape of(String service, int consumers, double wanted, double least) {
            return new Shape(
                    service + "-" + consumers, service, Beside.A_POLL_A_TRANSACTION, consumers, 1, 3, wanted, least);
        }

        static Shape record(String name, Beside beside) {
            return new Shape(name, "inventory", beside, 3, 1, 3, 15, 0);
        }

        static Shape spread(String name, int consumers, int processes, int partitions) {
            return new Shape(name, "inventory", Beside.A_POLL_A_TRANSACTION, consumers, processes, partitions, 0, 0);
        }

        String work() {
            return alone() + beside.work;
        }

        String alone() {
            return "%s, backlog, %s%s%s"
                    .formatted(
                            service,
                            count(consumers, "consumer"),
                            processes == 1 && !name.startsWith("processes")
                                    ? ""
                                    : " in each of " + count(processes, "process"),
                            partitions == 3 && !name.startsWith("partitions")
                                    ? ""
                                    : ", " + count(partitions, "partition"));
        }

        String topic() {
            return "orders-" + name;
        }

        String database(String side) {
            return side + "_" + name.replace('-', '_');
        }

        /** Orders of a round. */
        int orders(Plan plan) {
            return (name.startsWith("inventory-") ? plan.backlog() : plan.backlogOfOthers()) / (isMail() ? SLOW : 1);
        }

        boolean isMail() {
            return service.equals("notification");
        }

        private static String count(int n, String what) {
            return n + " " + what + (n == 1 ? "" : what.endsWith("s") ? "es" : "s");
        }
    }

    private static final List<Shape> SHAPES = List.of(
            Shape.of("inventory", 3, 0.95, 0.70),
            Shape.record("record-raw", Beside.A_RECORD_A_TRANSACTION),
            Shape.of("inventory", 1, 0.90, 0),
            Shape.record("record-camel", Beside.A_RECORD_A_CAMEL_EXCHANGE),
            Shape.of("shipping", 3, 0, 0),
            Shape.of("shipping", 1, 0, 0),
            Shape.of("status", 3, 0, 0),
            Shape.of("status", 1, 0, 0),
            Shape.of("notification", 3, 0, 0),
            Shape.of("notification", 1, 0, 0),
            Shape.spread("partitions-3", 3, 1, 3),
            Shape.spread("partitions-6", 3, 1, 6),
            Shape.spread("partitions-12", 3, 1, 12),
            Shape.spread("processes-1", 1, 1, 3),
            Shape.spread("processes-2", 1, 2, 3),
            Shape.spread("processes-3", 1, 3, 3));

    @Override
    public List<String> rows() {
        return SHAPES.stream().map(Shape::name).toList();
    }

    @Override
    public void measure(Plan plan, Ground ground, Book book) {
        for (Shape shape : SHAPES) {
            if (plan.wants(shape.name)) {
                book.measure(List.of(shape.name), () -> book.add(new Run(plan, ground, shape).row()));
            }
        }
    }

    @Override
    public Rounds rounds(Plan plan, Ground ground, Build build, String row) throws Exception {
        var shape =
                SHAPES.stream().filter(one -> one.name.equals(row)).findFirst().orElseThrow();
        return new ServiceRounds(plan, ground, build, shape);
    }

    /** One row's raw side beside the product. */
    private static final class Run {

        private final Plan plan;
        private final Ground ground;
        private final Shape shape;
        private final Sides sides;
        private final Measure measure;
        private final String rawTopic;
        private final String rawDatabase;

        Run(Plan plan, Ground ground, Shape shape) {
            this.plan = plan;
            this.ground = ground;
            this.shape = shape;
            this.sides = new Sides(ground);
            this.measure = new Measure(ground);
            this.rawTopic = shape.topic() + "-raw";
            this.rawDatabase = shape.database("raw");
        }

        Row row() throws Exception {
            var build = Build.own("product");
            ground.database(rawDatabase);
            ground.topics(shape.partitions, rawTopic, rawTopic + "-events");
            try (var product = new ServiceRounds(plan, ground, build, shape);
                    var raw = Side.of(shape.processes, this::raw)) {
                return row(product, raw);
            } finally {
                ground.drop(List.of(shape.database(build.name()), rawDatabase), shape.topic());
            }
        }

        private Row row(ServiceRounds product, Side raw) throws Exception {
            var ofRaw = new Backlog(ground, rawTopic, job().group());
            int orders = shape.orders(plan);
            int rawOrders = shape.beside == Beside.A_POLL_A_TRANSACTION ? orders : orders / RECORD_BY_RECORD;
            var warmUp = new WarmUp(
                    plan.warmUpsMax(),
                    WarmUp.steady(
                            () -> measure.workedOff(raw, ofRaw, rawOrders / 4).perSecond()),
                    product::warm);
            System.err.printf("bench: %s: warm-up %s%n", shape.name, warmUp.told());
            var turns =
                    Turns.take(plan.roundsOfServices(), () -> measure.workedOff(raw, ofRaw, rawOrders), product::round);
            return new Row(
                    shape.name,
                    shape.work(),
                    turns.first(),
                    turns.second(),
                    shape.wanted,
                    shape.least,
                    warmUp.told(),
                    product.liveMb(),
                    product.wrong() + ServiceRounds.wrong(ground, rawDatabase, shape.service, ofRaw));
        }

        private Side raw() {
            return sides.rawConsumer(
                    shape.beside == Beside.A_RECORD_A_CAMEL_EXCHANGE ? CamelRecord.class : RawConsumer.class, job());
        }

        private RawConsumer.Job job() {
            boolean one = shape.beside != Beside.A_POLL_A_TRANSACTION;
            return new RawConsumer.Job(
                    ground.brokers,
                    rawTopic,
                    shape.service,
                    one ? 1 : shape.isMail() ? MAILS : BATCH,
                    one ? 1 : shape.isMail() ? MAILS : BATCH,
                    shape.consumers,
                    ground.url(rawDatabase),
                    ground.user,
                    ground.password);
        }
    }
}
