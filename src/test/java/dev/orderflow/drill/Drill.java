package dev.orderflow.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.drill.Checker.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Plays faults on a stage while a client places orders, and holds what is left to the rules. */
final class Drill {

    private static final Duration RECOVERY = Duration.ofSeconds(90);
    private static final Duration QUIET = Duration.ofSeconds(120);

    private Drill() {}

    /** The seed of {@code -Ddrill.seed}, or a new one. */
    static long seed() {
        return Long.getLong("drill.seed", System.nanoTime() & 0xFFFF_FFFFL);
    }

    /** The faults of {@code -Ddrill.faults=A,B}, where somebody wants to see those only; else the ones given. */
    static List<Fault> named(List<Fault> usual) {
        String names = System.getProperty("drill.faults", "");
        return names.isEmpty()
                ? usual
                : Arrays.stream(names.split(",")).map(Fault::valueOf).toList();
    }

    /** Each fault so many times, in an order that the seed decides. */
    static List<Fault> plan(long seed, int times) {
        List<Fault> plan = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            plan.addAll(Arrays.asList(Fault.values()));
        }
        Collections.shuffle(plan, new Random(seed));
        return plan;
    }

    /** Plays them one after the other, and goes on placing orders until so many were accepted. */
    static Report play(Stage stage, long seed, List<Fault> plan, int perSecond, int acceptedMin) {
        var report = new Report(seed);
        var random = new Random(seed);
        stage.open(seed, perSecond);
        for (Fault fault : plan) {
            Fault.pause(500 + random.nextInt(2_500));
            var blow = fault.strike(stage, random);
            report.struck(fault, blow, Recovery.await(stage, blow.from(), RECOVERY));
            blow.after().run();
        }
        while (stage.history.count(History.Outcome.OK) < acceptedMin) {
            Fault.pause(1_000);
        }
        stage.shut();
        boolean quiet = stage.quiet(QUIET);
        report.redriven(stage.redrive());
        quiet &= stage.quiet(QUIET);
        var evidence = stage.evidence();
        List<Finding> findings = Checker.check(evidence, Stage.TOPICS);
        report.end(evidence, stage.history, findings, quiet);
        assertThat(findings).as("seed %d, see %s", seed, stage.folder()).isEmpty();
        assertThat(report.neverRecovered())
                .as("seed %d: faults without recovery", seed)
                .isZero();
        return report;
    }
}
