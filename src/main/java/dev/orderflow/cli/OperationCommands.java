package dev.orderflow.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orderflow.settings.CannotStart;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The commands {@code pause}, {@code resume}, {@code rewind}, {@code skip}, {@code allow} and {@code operations}. */
public final class OperationCommands {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> DRY_RUN = Set.of("--dry-run", "dryRun");
    private static final Pattern RANGE = Pattern.compile("(\\d{1,18})(?:-(\\d{1,18}))?");
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(300);

    private OperationCommands() {}

    /** @param operator asked when a command runs */
    public static List<Command> all(Supplier<Operator> operator) {
        return List.of(
                command(operator, "pause", "Have a service stand still, also after a restart: pause SERVICE."),
                command(operator, "resume", "Have it go on: resume SERVICE."),
                command(
                        operator,
                        "rewind",
                        "Have it do again what its receipts do not know: rewind SERVICE --to TIME|TOPIC-PARTITION@OFFSET|beginning."),
                command(operator, "skip", "Have it never do some offsets: skip SERVICE TOPIC-PARTITION FIRST-LAST."),
                command(operator, "allow", "Have it park one cause past the cap: allow SERVICE FINGERPRINT."),
                new Command(
                        "operations",
                        "List what operators had services do, newest first.",
                        words -> print(operator.get(), operator.get().call("GET", "/operations", ""))));
    }

    private static Command command(Supplier<Operator> operator, String name, String summary) {
        return new Command(name, summary + " --dry-run first.", words -> operate(operator.get(), name, words));
    }

    /** Stays until it is done; status 1 when it failed. */
    private static int operate(Operator operator, String name, List<String> words) throws InterruptedException {
        JsonNode answer =
                operator.call("POST", "/operations", request(name, words).toString());
        while (answer.path("state").asText().equals("running")) {
            Thread.sleep(BETWEEN_LOOKS.toMillis());
            answer = operator.call("GET", "/operations/" + answer.path("id").asText(), "");
        }
        print(operator, answer);
        return answer.path("state").asText().equals("failed") ? 1 : 0;
    }

    static ObjectNode request(String name, List<String> words) {
        var left = new ArrayList<>(words);
        ObjectNode request = JSON.createObjectNode().put("operation", name);
        if (left.removeAll(DRY_RUN)) {
            request.put("dryRun", true);
        }
        left.remove("--to");
        int wanted = name.equals("skip") ? 3 : name.equals("rewind") || name.equals("allow") ? 2 : 1;
        Matcher range = RANGE.matcher(wanted == 3 && left.size() == 3 ? left.get(2) : "0");
        if (left.size() != wanted || !range.matches()) {
            throw new CannotStart(
                    "The command is: %s; but there was '%s'.".formatted(usage(name), String.join(" ", words)));
        }
        request.put("service", left.get(0));
        switch (name) {
            case "rewind" -> request.put("to", left.get(1));
            case "allow" -> request.put("fingerprint", left.get(1));
            case "skip" -> {
                long first = Long.parseLong(range.group(1));
                request.put("partition", left.get(1));
                request.put("first", first);
                request.put("last", range.group(2) == null ? first : Long.parseLong(range.group(2)));
            }
            default -> {}
        }
        return request;
    }

    private static String usage(String name) {
        return switch (name) {
            case "rewind" -> "rewind SERVICE --to TIME, or TOPIC-PARTITION@OFFSET, or beginning";
            case "skip" -> "skip SERVICE TOPIC-PARTITION FIRST-LAST";
            case "allow" -> "allow SERVICE FINGERPRINT";
            default -> name + " SERVICE";
        };
    }

    private static int print(Operator operator, JsonNode json) {
        return operator.print(json);
    }
}
