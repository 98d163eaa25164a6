package dev.orderflow.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was measured so far; it is written behind each row, so that a row that fails takes no other with it. */
final class Book {

    /** Work that may fail. */
    interface Work {
        void run() throws Exception;
    }

    private final Plan plan;
    private final List<Row> rows = new ArrayList<>();
    private final List<Line> lines = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Map<String, String> failed = new LinkedHashMap<>();

    Book(Plan plan) {
        this.plan = plan;
    }

    void add(Line line) {
        lines.add(line);
        System.err.printf(
                "bench: %s: %s: %,.0f/s, p99 %.1f ms, %,d errors%n",
                line.row(),
                line.work(),
                Row.median(line.samples(), Sample::perSecond),
                Row.median(line.samples(), Sample::p99Ms),
                line.errors());
        write();
    }

    void add(Row row) {
        rows.add(row);
        System.err.printf(
                "bench: %s: %.2f of raw (%s), warm-up %s, %,d errors%n",
                row.name(), row.ratio(), row.ratios(), row.warmUp(), row.errors());
        write();
    }

    /** A sentence to stand below the tables. */
    void note(String sentence) {
        notes.add(sentence);
        System.err.println("bench: " + sentence);
    }

    /** Runs what measures these rows; its failure is theirs, as far as they are not measured. */
    void measure(List<String> names, Work work) {
        try {
            work.run();
        } catch (Exception e) {
            e.printStackTrace();
            for (String name : names) {
                if (rows.stream().noneMatch(row -> row.name().equals(name))
                        && lines.stream().noneMatch(line -> line.row().equals(name))) {
                    failed.putIfAbsent(
                            name,
                            String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
                }
            }
            write();
        }
    }

    Report report() {
        return new Report(rows, lines, notes, failed);
    }

    private void write() {
        try {
            report().write(Path.of("bench", "results"), plan.name());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Prints what missed its least; true when nothing did. */
    boolean passed() {
        boolean passed = true;
        for (Row row : rows) {
            if (!row.holds() || row.errors() > 0) {
                passed = false;
                System.out.printf(
                        "bench: FAILED: %s: %.2f of raw, at least %.2f was wanted; %,d errors%n",
                        row.work(), row.ratio(), row.least(), row.errors());
            }
        }
        for (Line line : lines) {
            if (line.errors() > 0) {
                passed = false;
                System.out.printf("bench: FAILED: %s: %,d errors%n", line.work(), line.errors());
            }
        }
        for (var row : failed.entrySet()) {
            passed = false;
            System.out.printf("bench: FAILED: %s was not measured: %s%n", row.getKey(), row.getValue());
        }
        System.out.println(passed ? "bench: passed" : "bench: failed");
        return passed;
    }
}
