package dev.orderflow.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The spelling before options were: {@code service=shipping dryRun}. It works for one version more. */
final class FormerWords {

    private static final Set<String> OPERATIONS = Set.of("pause", "resume", "rewind", "skip", "allow");
    private static final Map<String, String> FLAGS = Map.of("dryRun", "--dry-run", "override", "--override");
    private static final Map<String, String> FILTERS =
            Map.of("service", "--service", "fingerprint", "--fingerprint", "from", "--from", "to", "--to");
    private static final Map<String, String> LISTED =
            Map.of("state", "--state", "limit", "--limit", "cursor", "--cursor");
    private static final Map<String, String> NUMBERS =
            Map.of("ratePerSecond", "--rate-per-second", "maxAttempts", "--max-attempts");

    private FormerWords() {}

    /** The words as they are spelt now. */
    static List<String> translated(String command, List<String> words) {
        // Behind it every word is what it is, and no option.
        if (words.contains("--")) {
            return words;
        }
        return switch (command) {
            case "dead-letters" ->
                words.stream().map(word -> option(word, LISTED)).toList();
            case "redrive" ->
                words.stream()
                        .map(word -> FLAGS.getOrDefault(word, option(word, NUMBERS)))
                        .toList();
            default -> OPERATIONS.contains(command) ? operation(command, words) : words;
        };
    }

    private static String option(String word, Map<String, String> more) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? "" : word.substring(0, equals);
        String option = FILTERS.getOrDefault(name, more.get(name));
        return option == null ? word : option + word.substring(equals);
    }

    /** Where a rewind goes could stand without its option. */
    private static List<String> operation(String command, List<String> words) {
        var spelt = new ArrayList<>(words.stream()
                .map(word -> word.equals("dryRun") ? "--dry-run" : word)
                .toList());
        boolean named = spelt.stream().anyMatch(word -> word.startsWith("--to"));
        var plain = spelt.stream().filter(word -> !word.startsWith("-")).toList();
        if (command.equals("rewind") && !named && plain.size() == 2) {
            spelt.set(spelt.lastIndexOf(plain.get(1)), "--to=" + plain.get(1));
        }
        return spelt;
    }
}
