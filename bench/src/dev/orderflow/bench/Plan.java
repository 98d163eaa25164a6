package dev.orderflow.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How much is measured: the full run, the short one that is the gate, some rows, or two builds beside each other.
 *
 * @param brief for a try: where two builds are compared, it is no verdict
 * @param against the folder of the build before
 * @param starts of both builds, over which the rounds of a row are spread
 * @param only names of rows, or beginnings of names: {@code bulk} is every row of bulk
 * @param seconds length of a round of POST; {@code warmUpS} of one of its warm-up rounds
 * @param warmUpsMax warm-up rounds after which a side is measured although its rate was not steady yet
 * @param backlog orders of a round of inventory with 1 and 3 consumers, {@code backlogOfFlow} of the whole flow,
 *     {@code backlogOfOthers} of all else
 * @param seed of the orders of the whole flow, which differ from each other
 */
record Plan(
        String name,
        boolean brief,
        Optional<Path> against,
        int starts,
        List<String> only,
        int rounds,
        int roundsOfServices,
        int roundsOfFlow,
        double seconds,
        double warmUpS,
        int warmUpsMax,
        int backlog,
        int backlogOfOthers,
        int backlogOfFlow,
        long seed) {

    private static final List<String> GATE = List.of("post-256", "bulk-500", "inventory-3", "flow-smtp");
    private static final List<String> COMPARED = List.of("post-256", "bulk-500", "inventory-3", "latency-500");

    /** Of 12 ratios, the interval of 95 % leaves out two at each end; of fewer, a single odd round decides. */
    private static final int PAIRS_LEAST = 12;

    static Plan of(List<String> arguments) {
        var options = new Options(arguments);
        return options.has("--against") ? compared(options) : measured(options);
    }

    private static Plan measured(Options options) {
        options.refuse("--pairs", "--against");
        options.refuse("--starts", "--against");
        boolean brief = options.has("--short");
        var only = options.rows(Bench.PARTS, brief ? GATE : List.of());
        String name = options.has("--only") ? "part" : brief ? "short" : "full";
        return new Plan(
                name,
                brief,
                Optional.empty(),
                1,
                only,
                options.number("--rounds", brief ? 3 : 5),
                options.number("--rounds", 3),
                options.number("--rounds", 2),
                options.number("--seconds", brief ? 4 : 6),
                brief ? 3 : 4,
                options.number("--warm-ups", brief ? 6 : 12),
                options.number("--backlog", brief ? 60_000 : 500_000),
                options.number("--backlog", brief ? 60_000 : 100_000),
                options.number("--backlog", brief ? 5_000 : 100_000),
                options.number("--seed", (int) (System.nanoTime() % 1_000_000)));
    }

    /** A row takes about four minutes: 24 rounds of some 8 s, and the warm-up. */
    private static Plan compared(Options options) {
        if (options.has("--rounds")) {
            throw new IllegalArgumentException(
                    "With --against the rounds come in pairs: give --pairs instead of --rounds.");
        }
        boolean brief = options.has("--short");
        int pairs = options.number("--pairs", brief ? 4 : PAIRS_LEAST);
        if (pairs < (brief ? 1 : PAIRS_LEAST)) {
            throw new IllegalArgumentException(
                    "--pairs must be at least %d, but was %d. Give --short for a try with fewer, which is no verdict."
                            .formatted(brief ? 1 : PAIRS_LEAST, pairs));
        }
        int starts = options.number("--starts", 1);
        if (starts < 1 || pairs % starts != 0) {
            throw new IllegalArgumentException(
                    "--starts must be a divisor of the %d pairs, but was %d.".formatted(pairs, starts));
        }
        int backlog = options.number("--backlog", brief ? 40_000 : 150_000);
        return new Plan(
                "against",
                brief,
                Optional.of(options.folder("--against")),
                starts,
                options.rows(Bench.COMPARED, COMPARED),
                pairs,
                pairs,
                pairs,
                options.number("--seconds", brief ? 3 : 6),
                brief ? 2 : 3,
                options.number("--warm-ups", brief ? 4 : 8),
                backlog,
                backlog,
                backlog,
                0);
    }

    boolean wants(String row) {
        return only.isEmpty() || only.stream().anyMatch(one -> row.equals(one) || row.startsWith(one + "-"));
    }

    /** The command line: {@code --short}, and {@code --name=value} or {@code --name value}. */
    private static final class Options {

        private static final List<String> NAMES = List.of(
                "--only",
                "--rounds",
                "--seconds",
                "--warm-ups",
                "--backlog",
                "--seed",
                "--against",
                "--pairs",
                "--starts");

        private final List<String> words = new ArrayList<>();

        Options(List<String> arguments) {
            for (String argument : arguments) {
                words.addAll(List.of(argument.split("=", 2)));
            }
            for (int i = 0; i < words.size(); i++) {
                if (NAMES.contains(words.get(i)) && i + 1 < words.size()) {
                    i++;
                } else if (!words.get(i).equals("--short")) {
                    throw new IllegalArgumentException("bench/run takes --short and %s with a value, but got '%s'."
                            .formatted(String.join(", ", NAMES), words.get(i)));
                }
            }
        }

        boolean has(String option) {
            return words.contains(option);
        }

        /** Refuses an option that means nothing without another. */
        void refuse(String option, String without) {
            if (has(option)) {
                throw new IllegalArgumentException("%s is of a run with %s.".formatted(option, without));
            }
        }

        /** Relative to where the person is. */
        Path folder(String option) {
            return Path.of(System.getProperty("bench.invoked", "")).resolve(word(option));
        }

        private String word(String option) {
            return words.get(words.indexOf(option) + 1);
        }

        int number(String option, int otherwise) {
            if (!has(option)) {
                return otherwise;
            }
            try {
                return Integer.parseInt(word(option));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "%s must be a whole number, but was '%s'.".formatted(option, word(option)));
            }
        }

        /** What {@code --only} names of these parts. */
        List<String> rows(List<? extends Bench.Part> parts, List<String> otherwise) {
            if (!has("--only")) {
                return otherwise;
            }
            var all = parts.stream().flatMap(part -> part.rows().stream()).toList();
            var rows = List.of(word("--only").split(","));
            for (String row : rows) {
                if (all.stream().noneMatch(known -> known.equals(row) || known.startsWith(row + "-"))) {
                    throw new IllegalArgumentException("There is no row '%s' in this run. Its rows are %s."
                            .formatted(row, String.join(", ", all)));
                }
            }
            return rows;
        }
    }
}
