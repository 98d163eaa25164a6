package dev.orderflow.bench;

import dev.orderflow.bench.FlowProgress.Course;
import dev.orderflow.bench.FlowProgress.Lag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Draws how far each service was behind, over the time of a backlog: one chart below the other, each with scales of its own. */
final class LagChart {

    private static final int WIDTH = 760;
    private static final int HEIGHT = 190;
    private static final int LEFT = 70;
    private static final int TOP = 26;
    private static final int PLOT_WIDTH = 560;
    private static final int PLOT_HEIGHT = 130;
    private static final Map<String, String> COLOURS = Map.of(
            "inventory", "#4a8f5a", "shipping", "#c98a2b", "notification", "#b23a48", FlowProgress.STATUS, "#3a6ea5");

    private final Map<String, Course> courses = new LinkedHashMap<>();

    /** A chart that has been added under this title is drawn anew. */
    void add(String title, Course course) {
        courses.put(title, course);
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, svg());
    }

    private String svg() {
        int height = courses.size() * HEIGHT;
        var svg = new StringBuilder(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">%n<rect width=\"%1$d\" height=\"%2$d\" fill=\"#fff\"/>%n"
                        .formatted(WIDTH, height));
        int top = 0;
        for (var course : courses.entrySet()) {
            svg.append("<g transform=\"translate(0 %d)\">%n".formatted(top));
            chart(svg, course.getKey(), course.getValue());
            svg.append("</g>\n");
            top += HEIGHT;
        }
        return svg.append("</svg>\n").toString();
    }

    private static void chart(StringBuilder svg, String title, Course course) {
        long most = course.lags().stream()
                .flatMap(lag -> lag.records().values().stream())
                .mapToLong(records -> records)
                .max()
                .orElse(1);
        svg.append(
                "<text x=\"%d\" y=\"18\">%s: records before each service</text>%n<rect x=\"%1$d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#999\"/>%n<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%,d</text>%n<text x=\"%6$d\" y=\"%d\" text-anchor=\"end\">0</text>%n<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.1f s</text>%n"
                        .formatted(
                                LEFT,
                                title,
                                TOP,
                                PLOT_WIDTH,
                                PLOT_HEIGHT,
                                LEFT - 6,
                                TOP + 10,
                                most,
                                TOP + PLOT_HEIGHT,
                                LEFT + PLOT_WIDTH,
                                TOP + PLOT_HEIGHT + 16,
                                course.seconds()));
        int line = 0;
        for (String service : FlowProgress.SERVICES) {
            String points = course.lags().stream()
                    .map(lag -> point(lag, service, course.seconds(), most))
                    .collect(Collectors.joining(" "));
            int y = TOP + 14 + line++ * 18;
            svg.append(
                    "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"/>%n<text x=\"%d\" y=\"%d\" fill=\"%2$s\">%s</text>%n"
                            .formatted(points, COLOURS.get(service), LEFT + PLOT_WIDTH + 10, y, service));
        }
    }

    private static String point(Lag lag, String service, double seconds, long most) {
        return String.format(
                Locale.ROOT,
                "%.1f,%.1f",
                LEFT + PLOT_WIDTH * Math.min(1, lag.atS() / seconds),
                TOP + PLOT_HEIGHT * (1 - lag.records().get(service) / (double) Math.max(1, most)));
    }
}
