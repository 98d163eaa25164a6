package dev.orderflow.bench;

import dev.orderflow.bench.FlowProgress.Course;
import dev.orderflow.bench.FlowSide.Round;
import dev.orderflow.bench.FlowSide.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The whole flow, all services and the mails, over a backlog and at a rate, beside clients by hand that do the same whole work:
 * orders a second until the last effect of the last order.
 */
final class Flow implements Bench.Part {

    private static final int RATE = 500;

    private static final List<Shape> SHAPES = List.of(
            new Shape("flow-smtp", "the whole flow, one process, mails by SMTP", true, false, 0.7, 0.05),
            new Shape("flow-files", "the whole flow, one process, mails as files", false, false, 0, 0),
            new Shape("flow-processes", "the whole flow, a process a service, mails by SMTP", true, true, 0, 0));

    private static final String AT_A_RATE = "flow-" + RATE;

    /** On its sides the row at a rate is measured too. */
    private static final Shape OF_THE_RATE = SHAPES.get(0);

    private static final int WARM_UPS_MAX = 4;

    /** Both sides write the same mails, of which only the number of the day may be a digit longer. */
    private static final double MAILS_DIFFER = 0.01;

    @Override
    public List<String> rows() {
        return Stream.concat(SHAPES.stream().map(Shape::name), Stream.of(AT_A_RATE))
                .toList();
    }

    @Override
    public void measure(Plan plan, Ground ground, Book book) {
        book.note("The orders of flow-* are those of --seed %d.".formatted(plan.seed()));
        var chart = new LagChart();
        for (Shape shape : SHAPES) {
            var rows = new ArrayList<String>();
            if (plan.wants(shape.name())) {
                rows.add(shape.name());
            }
            if (shape == OF_THE_RATE && plan.wants(AT_A_RATE)) {
                rows.add(AT_A_RATE);
            }
            if (!rows.isEmpty()) {
                book.measure(rows, () -> new Run(plan, ground, book, chart, shape).measure(rows));
            }
        }
    }

    /** Both sides of one shape. */
    private static final class Run {

        private final Plan plan;
        private final Ground ground;
        private final Book book;
        private final LagChart chart;
        private final Shape shape;
        private final FlowOrders orders;

        Run(Plan plan, Ground ground, Book book, LagChart chart, Shape shape) {
            this.plan = plan;
            this.ground = ground;
            this.book = book;
            this.chart = chart;
            this.shape = shape;
            this.orders = new FlowOrders(plan.seed());
        }

        void measure(List<String> rows) throws Exception {
            if (shape.isSmtp()) {
                try (var sink = ReceivedMails.start()) {
                    measure(rows, Optional.of(sink));
                }
            } else {
                measure(rows, Optional.empty());
            }
        }

        private void measure(List<String> rows, Optional<ReceivedMails> sink) throws Exception {
            try (var raw = FlowSide.raw(ground, shape, orders, sink);
                    var product = FlowSide.product(ground, shape, orders, sink)) {
                raw.hold();
                product.hold();
                int few = plan.backlogOfFlow() / 4;
                var warmUp = new WarmUp(
                        Math.min(WARM_UPS_MAX, plan.warmUpsMax()),
                        WarmUp.steady(() -> raw.workedOff(few).sample().perSecond()),
                        WarmUp.steady(() -> product.workedOff(few).sample().perSecond()));
                System.err.printf("bench: %s: warm-up %s%n", shape.name(), warmUp.told());
                if (rows.contains(shape.name())) {
                    book.add(row(raw, product, warmUp));
                }
                if (rows.contains(AT_A_RATE)) {
                    lines(raw, product).forEach(book::add);
                }
            }
            ground.drop(List.of(shape.database("raw"), shape.database("product")), "orders-" + shape.name());
        }

        private Row row(FlowSide raw, FlowSide product, WarmUp warmUp) throws Exception {
            int count = plan.backlogOfFlow();
            var turns = Turns.take(plan.roundsOfFlow(), () -> raw.workedOff(count), () -> product.workedOff(count));
            told(raw.name(), turns.first());
            told(product.name(), turns.second());
            chart.write(Path.of("bench", "results", "flow-lag.svg"));
            compareMails(raw, product);
            return new Row(
                    shape.name(),
                    shape.work() + ", backlog of %,d".formatted(count),
                    turns.first().stream().map(Round::sample).toList(),
                    turns.second().stream().map(Round::sample).toList(),
                    shape.wanted(),
                    shape.least(),
                    warmUp.told(),
                    product.liveMb(),
                    raw.wrong() + product.wrong());
        }

        private void told(String side, List<Round> rounds) {
            var courses = rounds.stream().map(Round::course).toList();
            chart.add(shape.name() + ", " + side, courses.get(courses.size() - 1));
            book.note("%s, %s: the longest time that a service stood still with records before it: %s."
                    .formatted(
                            shape.name(),
                            side,
                            FlowProgress.SERVICES.stream()
                                    .map(service -> "%s %.1f s".formatted(service, stoodS(courses, service)))
                                    .collect(Collectors.joining(", "))));
        }

        private static double stoodS(List<Course> courses, String service) {
            return courses.stream()
                    .mapToDouble(course -> course.stoodS().get(service))
                    .max()
                    .orElse(0);
        }

        private void compareMails(FlowSide raw, FlowSide product) throws Exception {
            double ofRaw = raw.bytesOfAMail();
            double ofProduct = product.bytesOfAMail();
            System.err.printf("bench: %s: bytes of a mail: raw %.1f, product %.1f%n", shape.name(), ofRaw, ofProduct);
            if (Math.abs(ofRaw / ofProduct - 1) > MAILS_DIFFER) {
                throw new IllegalStateException(
                        "The sides do not write the same mails: raw has %.1f bytes in one, the product %.1f. Look at RawMails."
                                .formatted(ofRaw, ofProduct));
            }
        }

        private List<Line> lines(FlowSide raw, FlowSide product) throws Exception {
            var lines = new ArrayList<Line>();
            try (var ofRaw = new FlowRate(ground, raw, orders);
                    var ofProduct = new FlowRate(ground, product, orders)) {
                double seconds = plan.seconds() * 2;
                Turns.take(1, () -> ofRaw.round(RATE, seconds), () -> ofProduct.round(RATE, seconds));
                var turns = Turns.take(
                        plan.roundsOfFlow(), () -> ofRaw.round(RATE, seconds), () -> ofProduct.round(RATE, seconds));
                lines.addAll(lines("", turns.second()));
                lines.addAll(lines("raw: ", turns.first()));
            }
            long wrong = raw.wrong() + product.wrong();
            if (wrong > 0) {
                throw new IllegalStateException("%,d effects were not there exactly once.".formatted(wrong));
            }
            return lines;
        }

        private static List<Line> lines(String side, List<List<Sample>> rounds) {
            var lines = new ArrayList<Line>();
            for (int end = 0; end < FlowRate.ENDS.size(); end++) {
                int of = end;
                lines.add(new Line(
                        AT_A_RATE,
                        "%sPOST at %,d orders/s to %s".formatted(side, RATE, FlowRate.ENDS.get(end)),
                        rounds.stream().map(round -> round.get(of)).toList(),
                        0));
            }
            return lines;
        }
    }
}
