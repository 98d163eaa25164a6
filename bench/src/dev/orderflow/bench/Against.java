package dev.orderflow.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.function.Function;

/** The build of this checkout beside one before it, as two sides of one run: {@code bench/run --against FOLDER}. */
final class Against {

    private final Plan plan;
    private final Build before;
    private final Build after = Build.own("after");
    private final AgainstReport report;

    Against(Plan plan, Path folder) {
        this.plan = plan;
        this.before = Build.in("before", folder);
        this.report = new AgainstReport(plan, before, after);
    }

    /** True when every row holds every bar. */
    boolean run() {
        System.err.printf("bench: before %s, after %s%n", before.told(), after.told());
        for (Bench.Compared part : Bench.COMPARED) {
            part.rows().stream().filter(plan::wants).forEach(row -> measure(part, row));
        }
        System.out.println(report.table());
        return report.passed();
    }

    private void measure(Bench.Compared part, String row) {
        long begin = System.nanoTime();
        try {
            var starts = new ArrayList<Comparison>();
            while (starts.size() < plan.starts()) {
                starts.add(start(part, row));
            }
            var compared = Comparison.of(starts);
            report.add(compared);
            System.err.printf(
                    "bench: %s took %.1f minutes%n%s",
                    row, (System.nanoTime() - begin) / 60e9, AgainstReport.table(compared));
        } catch (Exception e) {
            e.printStackTrace();
            report.failed(
                    row, String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    /** One start of both sides, on a ground of its own, so that what a row wrote does not slow down the next. */
    private Comparison start(Bench.Compared part, String row) throws Exception {
        try (var ground = Ground.start();
                var ofBefore = part.rounds(plan, ground, before, row);
                var ofAfter = part.rounds(plan, ground, after, row)) {
            ofBefore.side().hold();
            ofAfter.side().hold();
            var warmUp = new WarmUp(
                    plan.warmUpsMax(),
                    () -> alone(ground, ofBefore, Rounds::warm),
                    () -> alone(ground, ofAfter, Rounds::warm));
            System.err.printf("bench: %s: warm-up %s%n", row, warmUp.told());
            var turns = Turns.take(
                    plan.rounds() / plan.starts(),
                    () -> alone(ground, ofBefore, Rounds::take),
                    () -> alone(ground, ofAfter, Rounds::take));
            return new Comparison(row, turns, warmUp.told(), ofBefore.wrong() + ofAfter.wrong());
        }
    }

    /**
     * Both sides stay started and warm, and the one whose turn it is not is held, so that what it costs idle does not fall on
     * the other. The checkpoint writes what the round before left behind; each round then begins with the same to log.
     */
    private static <T> T alone(Ground ground, Rounds side, Function<Rounds, T> round) {
        ground.checkpoint();
        side.side().letGo();
        try {
            return round.apply(side);
        } finally {
            side.side().hold();
        }
    }
}
