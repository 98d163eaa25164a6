package dev.orderflow.rehearsal;

import dev.orderflow.check.RouteFile;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Tells of each order that came out in another way, and how many there were of each kind. */
final class RehearsalReport {

    private final PrintStream out;
    private int same;
    private int otherwise;
    private int changed;
    private int failed;
    private int waiting;

    RehearsalReport(PrintStream out) {
        this.out = out;
    }

    /** The edited version fails on it. */
    void failed(UUID order, String sentence) {
        failed++;
        out.println("order %s: failed: %s".formatted(order, sentence));
    }

    /** The running version has not done it yet. */
    void waiting() {
        waiting++;
    }

    /**
     * @param then what was kept of it when it was done
     * @param now what the running version makes of it today; empty where that fails, or none runs
     * @param after what the edited version makes of it
     */
    void played(UUID order, RehearsalOutcome then, Optional<RehearsalOutcome> now, RehearsalOutcome after) {
        List<String> differences = new ArrayList<>(RehearsalOutcome.differences(then.kept(), after.kept()));
        if (!differences.isEmpty() && now.isPresent() && now.get().kept().equals(after.kept())) {
            otherwise++;
            differences.clear();
        }
        if (now.isPresent()) {
            differences.addAll(RehearsalOutcome.differences(now.get().sent(), after.sent()));
        }
        if (differences.isEmpty()) {
            same++;
        } else {
            changed++;
            out.println("order %s: changed".formatted(order));
            differences.forEach(line -> out.println("  " + line));
        }
    }

    boolean hasFailures() {
        return failed > 0;
    }

    /** What came of all. */
    void summary(RouteFile file, Optional<RouteFile> running) {
        out.println(
                "%d same, %d changed, %d failed; nothing was kept, sent or committed".formatted(same, changed, failed));
        if (otherwise > 0) {
            out.println(
                    "%d of them came out otherwise at the time, and would with the running version today: not this edit's doing"
                            .formatted(otherwise));
        }
        if (waiting > 0) {
            out.println("%d more were left out: the running version has not done them yet".formatted(waiting));
        }
        if (running.isEmpty()) {
            out.println(
                    "No version of %s has run here, so there is none to compare what leaves the process with (mails, calls)"
                            .formatted(file.name()));
        }
    }
}
