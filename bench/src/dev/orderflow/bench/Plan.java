package dev.orderflow.bench;

import java.util.List;

/** How much is measured: the full run, or the short one that is the gate. */
record Plan(
        String name,
        List<String> only,
        int rounds,
        double seconds,
        double warmUpS,
        List<Integer> connections,
        List<Integer> bulkLines,
        List<Integer> consumers,
        int backlog,
        boolean recordATransaction,
        List<Integer> rates) {

    private static final List<String> PARTS = List.of("intake", "services", "latency");

    /** {@code --short} for the gate, {@code --only=a,b} for some parts. */
    static Plan of(List<String> arguments) {
        var only = PARTS;
        boolean brief = false;
        for (String argument : arguments) {
            if (argument.equals("--short")) {
                brief = true;
            } else if (argument.startsWith("--only=")) {
                only = List.of(argument.substring("--only=".length()).split(","));
            } else {
                throw new IllegalArgumentException("bench/run takes --short and --only=" + String.join(",", PARTS)
                        + ", but got '" + argument + "'.");
            }
        }
        return brief
                ? new Plan("short", only, 3, 5, 6, List.of(256), List.of(500), List.of(3), 120_000, false, List.of())
                : new Plan(
                        "full",
                        only,
                        5,
                        10,
                        15,
                        List.of(1, 64, 256, 1_024),
                        List.of(100, 500, 5_000),
                        List.of(3, 1),
                        500_000,
                        true,
                        List.of(100, 500, 2_000));
    }

    boolean wants(String part) {
        return only.contains(part) && !(part.equals("latency") && rates.isEmpty());
    }
}
