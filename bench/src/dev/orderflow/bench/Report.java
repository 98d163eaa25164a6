package dev.orderflow.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes the table as Markdown, as CSV, and its ratios as a chart. */
final class Report {

    private static final String HEAD = """
            | Row | Work | raw, 1/s | product, 1/s | ratio | to reach | p99 raw, product, ms | CPU us an order: raw | product | resident MB raw, product | live heap MB, product | warm-up | errors |
            |---|---|---|---|---|---|---|---|---|---|---|---|---|
            """;

    private static final String ALONE = """
            | Row | One side alone; the product, where no other is named | 1/s | p50 ms | p99 ms | to reach, ms | resident MB | errors |
            |---|---|---|---|---|---|---|---|
            """;

    private final List<Row> rows;
    private final List<Line> lines;
    private final List<String> notes;
    private final Map<String, String> failed;

    Report(List<Row> rows, List<Line> lines, List<String> notes, Map<String, String> failed) {
        this.rows = rows;
        this.lines = lines;
        this.notes = notes;
        this.failed = failed;
    }

    void write(Path folder, String name) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(name + ".md"), markdown(name));
        Files.writeString(folder.resolve(name + ".csv"), csv());
        Files.writeString(folder.resolve(name + ".svg"), svg());
    }

    String table() {
        var text = new StringBuilder();
        if (!rows.isEmpty()) {
            text.append(HEAD);
        }
        for (Row row : rows) {
            text.append(
                    "| %s | %s | %,.0f (%s) | %,.0f (%s) | %.2f (%s) | %s | %s | %s | %s | %.0f, %.0f | %d | %s | %,d |%n"
                            .formatted(
                                    row.name(),
                                    row.work(),
                                    Row.median(row.raw(), Sample::perSecond),
                                    Row.spread(row.raw()),
                                    Row.median(row.product(), Sample::perSecond),
                                    Row.spread(row.product()),
                                    row.ratio(),
                                    row.ratios(),
                                    row.wanted() > 0 ? "%.2f".formatted(row.wanted()) : "",
                                    p99(row),
                                    Row.cpu(row.raw()),
                                    Row.cpu(row.product()),
                                    Row.median(row.raw(), Sample::residentMb),
                                    Row.median(row.product(), Sample::residentMb),
                                    row.liveMb(),
                                    row.warmUp(),
                                    row.errors()));
        }
        if (!lines.isEmpty()) {
            text.append(rows.isEmpty() ? "" : "\n").append(ALONE);
        }
        for (Line line : lines) {
            text.append("| %s | %s | %,.0f (%s) | %s | %s | %.0f | %,d |%n"
                    .formatted(
                            line.row(),
                            line.work(),
                            Row.median(line.samples(), Sample::perSecond),
                            Row.spread(line.samples()),
                            line.latency(),
                            line.wantedMs() > 0 ? "%.0f".formatted(line.wantedMs()) : "",
                            Row.median(line.samples(), Sample::residentMb),
                            line.errors()));
        }
        notes.forEach(note -> text.append("%n%s%n".formatted(note)));
        failed.forEach((row, why) -> text.append("%nNot measured: %s: %s%n".formatted(row, why)));
        return text.toString();
    }

    /** Empty where nobody waits for an answer. */
    private static String p99(Row row) {
        double product = Row.median(row.product(), Sample::p99Ms);
        return product == 0 ? "" : "%.1f, %.1f".formatted(Row.median(row.raw(), Sample::p99Ms), product);
    }

    private String markdown(String name) {
        return """
                # %s, %s

                %s; medians of interleaved rounds (ABBA), lowest and highest in brackets; each side runs with %s. `bench/README.md` says what each side is.

                %s
                ![Ratios](%s.svg)
                """.formatted(name, LocalDate.now(), machine(), String.join(" ", Sides.FLAGS), table(), name);
    }

    static String machine() {
        String model = "";
        try {
            model = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.replaceFirst(".*: ", ", "))
                    .orElse("");
        } catch (IOException e) {
            // Not Linux: the processors' model stays unsaid.
        }
        return "%d processors%s, %s %s, Java %s; load, broker and database on the same machine"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        model,
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"),
                        System.getProperty("java.version"));
    }

    private String csv() {
        var text = new ArrayList<String>();
        text.add("row,work,side,round,per_second,p50_ms,p99_ms,resident_mb,errors,cpu_us_per_order");
        for (Row row : rows) {
            csv(text, row.name(), row.work(), "raw", row.raw());
            csv(text, row.name(), row.work(), "product", row.product());
        }
        for (Line line : lines) {
            csv(text, line.row(), line.work(), "product", line.samples());
        }
        return String.join("\n", text) + "\n";
    }

    private static void csv(List<String> text, String row, String work, String side, List<Sample> samples) {
        for (int round = 0; round < samples.size(); round++) {
            Sample sample = samples.get(round);
            text.add("%s,\"%s\",%s,%d,%.1f,%.3f,%.3f,%d,%d,\"%s\""
                    .formatted(
                            row,
                            work,
                            side,
                            round + 1,
                            sample.perSecond(),
                            sample.p50Ms(),
                            sample.p99Ms(),
                            sample.residentMb(),
                            sample.errors(),
                            Row.cpu(List.of(sample))));
        }
    }

    /** A bar for each ratio, cut at twice the raw side, and a line where it is to reach. */
    private String svg() {
        int height = rows.size() * 28 + 30;
        var svg = new StringBuilder(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"760\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">%n<rect width=\"760\" height=\"%d\" fill=\"#fff\"/>%n<text x=\"10\" y=\"18\">Ratio to the raw side; the mark is what to reach</text>%n"
                        .formatted(height, height));
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            double full = Math.max(row.wanted(), 1) * 1.25;
            int y = 30 + i * 28;
            int width = (int) Math.min(330, 330 * row.ratio() / full);
            int mark = 360 + (int) (330 * Math.max(row.wanted(), 1) / full);
            svg.append(
                    "<text x=\"10\" y=\"%d\">%s</text>%n<rect x=\"360\" y=\"%d\" width=\"%d\" height=\"18\" fill=\"%s\"/>%n<text x=\"700\" y=\"%d\">%.2f</text>%n<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"#000\" stroke-width=\"2\"/>%n"
                            .formatted(
                                    y + 14,
                                    row.work().replace("&", "&amp;").replace("<", "&lt;"),
                                    y,
                                    width,
                                    row.ratio() >= row.wanted() ? "#4a8f5a" : "#c98a2b",
                                    y + 14,
                                    row.ratio(),
                                    mark,
                                    mark,
                                    y - 2,
                                    y + 20));
        }
        return svg.append("</svg>\n").toString();
    }
}
