package dev.orderflow.drill;

import dev.orderflow.drill.Checker.Finding;
import dev.orderflow.drill.Fault.Blow;
import dev.orderflow.drill.History.Outcome;
import dev.orderflow.drill.Plan.Strike;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a drill did and what came of it, in figures. */
final class Report {

    private static final int FIRST = 5;

    private final long seed;
    private final Map<Fault, Integer> counts = new LinkedHashMap<>();
    private final Map<String, List<Long>> recoveries = new TreeMap<>();
    private final List<String> missed = new ArrayList<>();
    private final List<Finding> silent = new ArrayList<>();
    private final long begin = System.nanoTime();

    Report(Plan plan) {
        seed = plan.seed();
        say("seed %d; -Ddrill.seed=%d plays it again", seed, seed);
        say("%d faults in %d strikes", plan.faults(), plan.strikes().size());
        for (int i = 0; i < plan.strikes().size(); i++) {
            say("  %d %s", i + 1, plan.strikes().get(i));
        }
    }

    void struck(int number, Strike strike, List<Blow> blows, Recovery recovery) {
        strike.faults().forEach(fault -> counts.merge(fault, 1, Integer::sum));
        blows.forEach(blow -> missed.addAll(blow.missed()));
        blows.forEach(blow -> blow.silent().forEach(what -> silent.add(new Finding(11, "silent", what))));
        String name = strike.isAlone() ? strike.toString() : "two at once";
        recoveries.computeIfAbsent(name, f -> new ArrayList<>()).add(recovery.ms());
        int goalS = strike.isAlone() ? strike.faults().get(0).goalS() : 0;
        if (goalS > 0 && recovery.ms() > goalS * 1_000L) {
            missed.add("%d %s: orders flowed again after %d ms, and were to within %d s"
                    .formatted(number, name, recovery.ms(), goalS));
        }
        blows.forEach(blow -> blow.silent().forEach(what -> say("SILENT %s", what)));
        say(
                "%d %s (%s) at %d s: orders flow again %s",
                number, strike, blows.stream().map(Blow::what).collect(Collectors.joining("; ")), seconds(), recovery);
    }

    private long seconds() {
        return (System.nanoTime() - begin) / 1_000_000_000L;
    }

    void redriven(int orders) {
        say("%d poison orders redriven through REST, by two people at once", orders);
    }

    /** What health never said, and was to. */
    List<Finding> silent() {
        return silent;
    }

    long neverRecovered() {
        return recoveries.values().stream()
                .flatMap(List::stream)
                .filter(ms -> ms == Recovery.NEVER)
                .count();
    }

    int faults() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static void say(String format, Object... values) {
        System.out.printf("drill: " + format + "%n", values);
    }

    void end(Evidence evidence, History history, List<Finding> findings, boolean quiet) {
        long lost = count(findings, "lost") + count(findings, "accepted and not");
        long twice = count(findings, "double");
        say(
                "---- seed %d, %d s, %d CPUs, Java %s",
                seed,
                seconds(),
                Runtime.getRuntime().availableProcessors(),
                Runtime.version().feature());
        say("faults %d: %s", faults(), counts());
        say(
                "orders: accepted %d, refused %d, unknown %d; in the topic %d records",
                history.count(Outcome.OK),
                history.count(Outcome.FAIL),
                history.count(Outcome.INFO),
                evidence.orders().size());
        say(
                "events %d, dead letters %d, receipts %d, effects %d",
                evidence.events().size(),
                evidence.deadLetters().size(),
                evidence.receipts().size(),
                evidence.effects().size());
        say(
                "lost %d, double %d, stuck %d, unexplained dead letters %d, silent %d, other findings %d; quiet: %s",
                lost,
                twice,
                count(findings, "stuck"),
                count(findings, "unexplained"),
                silent.size(),
                findings.size()
                        - lost
                        - twice
                        - count(findings, "stuck")
                        - count(findings, "unexplained")
                        - count(findings, "silent"),
                quiet);
        say(
                "destroyed for one service each: %s",
                evidence.destroyed().isEmpty()
                        ? "nothing"
                        : evidence.destroyed().stream()
                                .map(one -> "%s-%d %d to %d for %s"
                                        .formatted(
                                                one.topic(), one.partition(), one.from(), one.to() - 1, one.service()))
                                .sorted()
                                .collect(Collectors.joining(", ")));
        recoveries.forEach((strike, times) -> say("recovery %-22s %s", strike, spread(times)));
        say("goals missed: %s", missed.isEmpty() ? "none" : missed.size());
        missed.forEach(sentence -> say("MISSED %s", sentence));
        firsts(findings).forEach((kind, some) -> say("FOUND %s", some));
    }

    private String counts() {
        return counts.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String spread(List<Long> times) {
        var sorted = times.stream().sorted().toList();
        return "median %d ms, worst %d ms of %d"
                .formatted(sorted.get(sorted.size() / 2), sorted.get(sorted.size() - 1), sorted.size());
    }

    private static long count(List<Finding> findings, String word) {
        return findings.stream()
                .filter(finding -> finding.what().startsWith(word))
                .count();
    }

    private static Map<String, String> firsts(List<Finding> findings) {
        Map<String, List<Finding>> kinds = new TreeMap<>();
        findings.forEach(finding -> kinds.computeIfAbsent(
                        finding.rule() + finding.what().replaceAll("\\d+", "#"), k -> new ArrayList<>())
                .add(finding));
        Map<String, String> firsts = new LinkedHashMap<>();
        kinds.forEach((kind, all) -> firsts.put(
                kind,
                all.size() + " x, such as "
                        + all.stream().limit(FIRST).map(Finding::toString).collect(Collectors.joining("; "))));
        return firsts;
    }
}
