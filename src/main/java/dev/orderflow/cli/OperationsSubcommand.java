package dev.orderflow.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orderflow.settings.Settings;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "operations",
        description = "List which services are paused, and what operators had services do, newest first.",
        footer = "  orderflow operations --limit 10",
        exitCodeList = {"0:listed, also where there are none", ExitStatus.NOT_ASKED_LINE, ExitStatus.USAGE_LINE})
final class OperationsSubcommand extends ProcessSubcommand {

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "At most so many, 1 to 200.")
    private int limit;

    OperationsSubcommand(Supplier<Settings> settings, Terminal terminal) {
        super(settings, terminal);
    }

    @Override
    public Integer call() {
        print(
                operator().get("/operations?limit=" + limit(limit), AnswerShape.OPERATIONS),
                answer -> text(answer, limit));
        return ExitStatus.WELL;
    }

    static String text(JsonNode answer, int limit) {
        var text = new StringBuilder();
        var paused = new Table("paused", "by", "since");
        for (JsonNode one : answer.path("paused")) {
            paused.row(
                    one.path("service").asText(),
                    one.path("who").asText(),
                    one.path("since").asText());
        }
        if (paused.size() > 0) {
            text.append(paused).append(System.lineSeparator());
        }
        var table = new Table("at", "who", "operation", "service", "arguments", "state", "result");
        for (JsonNode one : answer.path("operations")) {
            table.row(
                    one.path("at").asText(),
                    one.path("who").asText(),
                    one.path("operation").asText(),
                    one.path("service").asText(),
                    arguments(one.path("arguments")),
                    one.path("state").asText(),
                    one.path("result").asText());
        }
        text.append(table.size() == 0 ? "No operator had a service do anything." : table);
        if (table.size() == limit) {
            text.append("The newest %,d shown; there may be older ones (--limit, up to 200).".formatted(limit));
        }
        return text.toString();
    }

    private static String arguments(JsonNode arguments) {
        return arguments.properties().stream()
                .map(one -> one.getKey() + "=" + one.getValue().asText())
                .collect(Collectors.joining(" "));
    }
}
