package dev.orderflow.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * One row of two builds: pairs of rounds, and the bar under which the later one does not cost.
 *
 * @param turns of the build before and of the build after, each round by the lines of the row
 * @param wrong orders that were not acted on exactly once, and dead letters, of both
 */
record Comparison(String row, Turns<Map<String, Sample>> turns, String warmUp, long wrong) {

    static final double RATE_LEAST = 0.95;
    static final double CPU_MOST = 1.03;
    static final double P99_MOST = 1.15;

    /**
     * A process that takes less of an order's processor time has no bar of its own: 1.03 of so little is less than what two
     * rounds differ by. What it takes counts in the sum.
     */
    private static final double SHARE_LEAST = 0.10;

    private static final List<String> PROCESSES = List.of("server", "broker", "database");

    /** The pairs of every start of one row. */
    static Comparison of(List<Comparison> starts) {
        return new Comparison(
                starts.get(0).row,
                new Turns<>(
                        starts.stream()
                                .flatMap(start -> start.turns.first().stream())
                                .toList(),
                        starts.stream()
                                .flatMap(start -> start.turns.second().stream())
                                .toList()),
                starts.stream().map(start -> start.warmUp).collect(Collectors.joining("; ")),
                starts.stream().mapToLong(start -> start.wrong).sum());
    }

    /** Its lines; the first is that of the rate and the processor time. */
    List<String> lines() {
        return List.copyOf(turns.first().get(0).keySet());
    }

    List<Figure> figures() {
        var figures = new ArrayList<Figure>();
        figures.add(rate());
        var all = cpu("server, broker and database", Comparison::sum, true);
        for (String process : PROCESSES) {
            ToDoubleFunction<Sample> us = sample -> sample.cpuUs().get(process);
            boolean counts = median(turns.first(), us) >= SHARE_LEAST * all.before()
                    || median(turns.second(), us) >= SHARE_LEAST * all.after();
            figures.add(cpu(process, us, counts));
        }
        figures.add(all);
        for (String line : lines()) {
            p99(line).ifPresent(figures::add);
        }
        return figures;
    }

    boolean passed() {
        return errors() == 0
                && figures().stream().allMatch(figure -> figure.bar().isEmpty() || figure.held());
    }

    long errors() {
        return wrong + errors(turns.first()) + errors(turns.second());
    }

    private static long errors(List<Map<String, Sample>> rounds) {
        return rounds.stream()
                .flatMap(round -> round.values().stream())
                .mapToLong(Sample::errors)
                .sum();
    }

    private Figure rate() {
        var ratios = ratios(Sample::perSecond);
        return new Figure(
                "orders/s",
                "%,.0f",
                median(turns.first(), Sample::perSecond),
                median(turns.second(), Sample::perSecond),
                ratios.map(Ratios::median),
                ratios,
                "lower end at least %.2f".formatted(RATE_LEAST),
                ratios.isPresent() && ratios.get().low() >= RATE_LEAST);
    }

    private Figure cpu(String of, ToDoubleFunction<Sample> us, boolean counts) {
        var ratios = ratios(us);
        return new Figure(
                "CPU us an order, " + of,
                "%,.2f",
                median(turns.first(), us),
                median(turns.second(), us),
                ratios.map(Ratios::median),
                ratios,
                counts && ratios.isPresent() ? "at most %.2f".formatted(CPU_MOST) : "",
                ratios.isPresent() && ratios.get().median() <= CPU_MOST);
    }

    /** Empty where nobody waits for an answer. */
    private Optional<Figure> p99(String line) {
        double before = Row.median(of(turns.first(), line), Sample::p99Ms);
        double after = Row.median(of(turns.second(), line), Sample::p99Ms);
        return before == 0
                ? Optional.empty()
                : Optional.of(new Figure(
                        "p99 ms" + (lines().size() == 1 ? "" : ", " + line),
                        "%,.1f",
                        before,
                        after,
                        Optional.of(after / before),
                        Optional.empty(),
                        "at most %.2f".formatted(P99_MOST),
                        after <= P99_MOST * before));
    }

    private static double sum(Sample sample) {
        return PROCESSES.stream().mapToDouble(sample.cpuUs()::get).sum();
    }

    private Optional<Ratios> ratios(ToDoubleFunction<Sample> of) {
        return Ratios.of(values(turns.first(), of), values(turns.second(), of));
    }

    private List<Double> values(List<Map<String, Sample>> rounds, ToDoubleFunction<Sample> of) {
        return of(rounds, lines().get(0)).stream().map(of::applyAsDouble).toList();
    }

    private double median(List<Map<String, Sample>> rounds, ToDoubleFunction<Sample> of) {
        return Row.median(of(rounds, lines().get(0)), of);
    }

    private static List<Sample> of(List<Map<String, Sample>> rounds, String line) {
        return rounds.stream().map(round -> round.get(line)).toList();
    }
}
