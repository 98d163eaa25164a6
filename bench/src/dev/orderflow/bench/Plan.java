package dev.orderflow.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * How much is measured: the full run, the short one that is the gate, or some rows.
 *
 * @param only names of rows, or beginnings of names: {@code bulk} is every row of bulk
 * @param seconds length of a round of POST; {@code warmUpS} of one of its warm-up rounds
 * @param warmUpsMax warm-up rounds after which a side is measured although its rate was not steady yet
 * @param backlog orders of a round of inventory with 1 and 3 consumers, {@code backlogOfOthers} of all else
 */
record Plan(
        String name,
        List<String> only,
        int rounds,
        int roundsOfServices,
        double seconds,
        double warmUpS,
        int warmUpsMax,
        int backlog,
        int backlogOfOthers) {

    /** Every row, in the order in which they are measured. */
    static final List<String> ROWS =
            Bench.PARTS.stream().flatMap(part -> part.rows().stream()).toList();

    private static final List<String> GATE = List.of("post-256", "bulk-500", "inventory-3");

    static Plan of(List<String> arguments) {
        var options = new Options(arguments);
        boolean brief = options.flag("--short");
        var only = options.rows("--only", brief ? GATE : List.of());
        String name = options.has("--only") ? "part" : brief ? "short" : "full";
        return new Plan(
                name,
                only,
                options.number("--rounds", brief ? 3 : 5),
                options.number("--rounds", 3),
                options.number("--seconds", brief ? 4 : 6),
                brief ? 3 : 4,
                options.number("--warm-ups", brief ? 6 : 12),
                options.number("--backlog", brief ? 60_000 : 500_000),
                options.number("--backlog", brief ? 60_000 : 100_000));
    }

    boolean wants(String row) {
        return only.isEmpty() || only.stream().anyMatch(one -> row.equals(one) || row.startsWith(one + "-"));
    }

    /** The command line: {@code --short}, and {@code --name=value} or {@code --name value}. */
    private static final class Options {

        private static final List<String> NAMES = List.of("--only", "--rounds", "--seconds", "--warm-ups", "--backlog");

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

        boolean flag(String option) {
            return has(option);
        }

        int number(String option, int otherwise) {
            return has(option) ? Integer.parseInt(words.get(words.indexOf(option) + 1)) : otherwise;
        }

        List<String> rows(String option, List<String> otherwise) {
            if (!has(option)) {
                return otherwise;
            }
            var rows = List.of(words.get(words.indexOf(option) + 1).split(","));
            for (String row : rows) {
                if (ROWS.stream().noneMatch(known -> known.equals(row) || known.startsWith(row + "-"))) {
                    throw new IllegalArgumentException(
                            "There is no row '%s'. The rows are %s.".formatted(row, String.join(", ", ROWS)));
                }
            }
            return rows;
        }
    }
}
