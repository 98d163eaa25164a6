package dev.orderflow.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes what two builds took as Markdown, and every round as CSV. */
final class AgainstReport {

    private static final String HEAD = """
            | Row | Figure | before | after | after / before | %.1f %% interval | bar | |
            |---|---|---|---|---|---|---|---|
            """;

    private final Plan plan;
    private final Build before;
    private final Build after;
    private final List<Comparison> rows = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();

    AgainstReport(Plan plan, Build before, Build after) {
        this.plan = plan;
        this.before = before;
        this.after = after;
    }

    void add(Comparison row) {
        rows.add(row);
        write();
    }

    void failed(String row, String why) {
        failed.add("%s was not measured: %s".formatted(row, why));
        write();
    }

    boolean passed() {
        return failed.isEmpty() && rows.stream().allMatch(Comparison::passed);
    }

    String table() {
        var text = new StringBuilder(HEAD.formatted(Ratios.coverage(plan.rounds()) * 100));
        rows.forEach(row -> text.append(table(row)));
        for (Comparison row : rows) {
            text.append("%n%s: %s, %,d errors; warm-up %s.%n"
                    .formatted(row.row(), String.join("; ", row.lines()), row.errors(), row.warmUp()));
        }
        failed.forEach(why -> text.append("%n%s%n".formatted(why)));
        return text.append("%n%s%n".formatted(verdict())).toString();
    }

    /** The figures of one row, a line each. */
    static String table(Comparison row) {
        var text = new StringBuilder();
        for (Figure figure : row.figures()) {
            text.append("| %s | %s | %s | %s | %s | %s | %s | %s |%n"
                    .formatted(
                            row.row(),
                            figure.name(),
                            figure.format().formatted(figure.before()),
                            figure.format().formatted(figure.after()),
                            figure.ratio().map("%.3f"::formatted).orElse("none"),
                            figure.interval()
                                    .map(of -> "%.3f-%.3f".formatted(of.low(), of.high()))
                                    .orElse(""),
                            figure.bar(),
                            figure.verdict()));
        }
        return text.toString();
    }

    private String verdict() {
        String said = passed() ? "every bar is held" : "a bar is missed, or a row has errors or was not measured";
        return plan.brief() ? "No verdict, since this was a short run; in it " + said + "." : "Verdict: " + said + ".";
    }

    private void write() {
        try {
            var folder = Files.createDirectories(Path.of("bench", "results"));
            Files.writeString(folder.resolve(plan.name() + ".md"), markdown());
            Files.writeString(folder.resolve(plan.name() + ".csv"), csv());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String markdown() {
        return """
                # The build after beside the build before, %s

                Before: %s; after: %s. %s; each side runs with %s. Medians of %d rounds of each side in pairs (AB, BA), of %d start%s, and of the
                ratios of the pairs; the interval is that of the median ratio (order statistics of the sign test).
                `bench/README.md` says what is compared and how.

                %s""".formatted(
                        LocalDate.now(),
                        before.told(),
                        after.told(),
                        Report.machine(),
                        String.join(" ", Sides.FLAGS),
                        plan.rounds(),
                        plan.starts(),
                        plan.starts() == 1 ? "" : "s",
                        table());
    }

    private String csv() {
        var text = new ArrayList<String>();
        text.add(
                "row,line,side,pair,per_second,p50_ms,p99_ms,resident_mb,errors,server_us_per_order,broker_us_per_order,database_us_per_order");
        for (Comparison row : rows) {
            csv(text, row.row(), before.name(), row.turns().first());
            csv(text, row.row(), after.name(), row.turns().second());
        }
        return String.join("\n", text) + "\n";
    }

    private static void csv(List<String> text, String row, String side, List<Map<String, Sample>> rounds) {
        for (int pair = 0; pair < rounds.size(); pair++) {
            for (var line : rounds.get(pair).entrySet()) {
                Sample sample = line.getValue();
                text.add(String.format(
                        Locale.ROOT,
                        "%s,\"%s\",%s,%d,%.1f,%.3f,%.3f,%d,%d,%.3f,%.3f,%.3f",
                        row,
                        line.getKey(),
                        side,
                        pair + 1,
                        sample.perSecond(),
                        sample.p50Ms(),
                        sample.p99Ms(),
                        sample.residentMb(),
                        sample.errors(),
                        sample.cpuUs().get("server"),
                        sample.cpuUs().get("broker"),
                        sample.cpuUs().get("database")));
            }
        }
    }
}
