package dev.orderflow.bench;

import dev.orderflow.bench.Sides.Side;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How long an order takes at a steady rate. The effect's time is that at which its event is read, which is appended behind the
 * commit, so it is a little later than the commit.
 */
final class Latency implements Bench.Compared {

    private static final List<Integer> RATES = List.of(500, 100, 2_000);
    private static final String SERVICES = "intake,inventory,status";
    private static final String TOPIC = "latency";
    private static final double EFFECT_WANTED_MS = 20;

    /** Broker, database and product all compile by the number of orders, which few orders a second would make late. */
    private static final int WARM_RATE = 2_000;

    @Override
    public List<String> rows() {
        return RATES.stream().map(Latency::name).toList();
    }

    private static String name(int rate) {
        return "latency-" + rate;
    }

    private static String work(int rate, String end) {
        return "POST at %,d orders/s to %s".formatted(rate, end);
    }

    @Override
    public void measure(Plan plan, Ground ground, Book book) throws Exception {
        ground.database("latency");
        try (var product = new Sides(ground).product(SERVICES, "latency", TOPIC, Map.of());
                var clock = new Clock(ground, product, TOPIC)) {
            for (int rate : RATES) {
                if (plan.wants(name(rate))) {
                    book.measure(
                            List.of(name(rate)), () -> lines(plan, clock, rate).forEach(book::add));
                }
            }
        }
    }

    private static List<Line> lines(Plan plan, Clock clock, int rate) {
        var compiled = new WarmUp(plan.warmUpsMax(), () -> clock.warm(WARM_RATE, plan.seconds()));
        // Batches of another size run other code.
        var steady = new WarmUp(plan.warmUpsMax(), () -> clock.warm(rate, plan.seconds()));
        System.err.printf(
                "bench: %s: warm-up %s at %,d/s, %s at %,d/s%n",
                name(rate), compiled.told(), WARM_RATE, steady.told(), rate);
        var rounds = new ArrayList<Map<String, Sample>>();
        for (int round = 0; round < plan.rounds(); round++) {
            rounds.add(clock.round(rate, plan.seconds()));
        }
        return Clock.ENDS.stream()
                .map(end -> new Line(
                        name(rate),
                        work(rate, end),
                        rounds.stream().map(round -> round.get(end)).toList(),
                        rate == 500 && end.equals(Clock.ENDS.get(0)) ? EFFECT_WANTED_MS : 0))
                .toList();
    }

    @Override
    public Rounds rounds(Plan plan, Ground ground, Build build, String row) throws SQLException {
        int rate =
                RATES.stream().filter(one -> name(one).equals(row)).findFirst().orElseThrow();
        String topic = TOPIC + "-" + build.name();
        String database = TOPIC + "_" + build.name();
        ground.emptyDatabase(database);
        var product = new Sides(ground, build).product(SERVICES, database, topic, Map.of());
        ground.stock(database);
        var clock = new Clock(ground, product, topic);
        return new Rounds() {
            @Override
            public Side side() {
                return product;
            }

            @Override
            public boolean warm() {
                boolean compiled = clock.warm(WARM_RATE, plan.warmUpS());
                return clock.warm(rate, plan.warmUpS()) && compiled;
            }

            @Override
            public Map<String, Sample> take() {
                // It was held: what waited for it is over before anything counts.
                clock.settle(rate);
                return clock.round(rate, plan.seconds());
            }

            @Override
            public long wrong() {
                return 0;
            }

            @Override
            public void close() {
                clock.close();
                product.close();
            }
        };
    }
}
