package dev.orderflow.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.drill.Checker.Finding;
import dev.orderflow.drill.Fault.Blow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;
import org.awaitility.Awaitility;

/** Plays faults on a stage while a client places orders, and holds what is left to the rules. */
final class Drill {

    private static final Executor THREADS = Executors.newCachedThreadPool(Drill::thread);
    private static final Duration RECOVERY = Duration.ofSeconds(90);
    private static final Duration QUIET = Duration.ofSeconds(120);
    private static final Duration WELL = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofMinutes(15);
    private static final int PAUSE_MS_MIN = 300;
    private static final int PAUSE_MS_MORE = 1_500;
    private static final int PAUSE = 9;

    /** Orders before the first fault: a JVM that has just started answers for its start, and not for the fault. */
    private static final int WARM = 100;

    private Drill() {}

    /** Plays a plan, spread over so many accepted orders. */
    static Report play(Stage stage, Plan plan, int perSecond, int acceptedMin) {
        return play(stage, plan, perSecond, acceptedMin, strike -> {});
    }

    /** The same, with something to be done under load before each strike; the first is 0. */
    static Report play(Stage stage, Plan plan, int perSecond, int acceptedMin, IntConsumer before) {
        var report = new Report(plan);
        stage.open(plan.seed(), perSecond);
        awaitAccepted(stage, WARM);
        for (int i = 0; i < plan.strikes().size(); i++) {
            awaitAccepted(stage, (long) acceptedMin * i / plan.strikes().size());
            Fault.pause(PAUSE_MS_MIN + plan.random(i, PAUSE).nextInt(PAUSE_MS_MORE));
            before.accept(i);
            stage.awaitNearlyDone();
            var blows = strike(stage, plan, i);
            Instant from = blows.stream()
                    .map(Blow::from)
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            report.struck(i + 1, plan.strikes().get(i), blows, Recovery.await(stage, from, RECOVERY));
            blows.forEach(blow -> blow.after().run());
        }
        awaitAccepted(stage, acceptedMin);
        stage.shut();
        boolean quiet = stage.quiet(QUIET);
        report.redriven(stage.redrive());
        quiet &= stage.quiet(QUIET);
        String ill = stage.watch.awaitWell(WELL);
        var evidence = stage.evidence();
        List<Finding> findings = new ArrayList<>(Checker.check(evidence, Stage.TOPICS));
        findings.addAll(report.silent());
        if (!ill.isEmpty()) {
            findings.add(new Finding(11, "all is mended, and health does not say so", ill));
        }
        report.end(evidence, stage.history, findings, quiet);
        assertThat(findings).as("seed %d, see %s", plan.seed(), stage.folder()).isEmpty();
        assertThat(report.neverRecovered())
                .as("seed %d: faults without recovery", plan.seed())
                .isZero();
        return report;
    }

    private static void awaitAccepted(Stage stage, long orders) {
        Awaitility.await(orders + " accepted orders").atMost(LONG).until(() -> stage.history.acceptedCount() >= orders);
    }

    private static List<Blow> strike(Stage stage, Plan plan, int number) {
        List<CompletableFuture<Blow>> blows = new ArrayList<>();
        for (Fault fault : plan.strikes().get(number).faults()) {
            var random = plan.random(number, blows.size());
            blows.add(CompletableFuture.supplyAsync(() -> fault.strike(stage, random), THREADS));
        }
        return blows.stream().map(CompletableFuture::join).toList();
    }

    private static Thread thread(Runnable work) {
        var thread = new Thread(work, "fault");
        thread.setDaemon(true);
        return thread;
    }
}
