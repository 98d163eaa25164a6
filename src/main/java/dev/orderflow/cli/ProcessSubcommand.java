package dev.orderflow.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orderflow.settings.Settings;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** A command that asks a running process over REST. */
abstract class ProcessSubcommand extends Subcommand {

    @Option(names = "--json", description = "Print the JSON of the REST API, for programs.")
    private boolean json;

    private final Supplier<Settings> settings;
    private final Terminal terminal;
    private Operator operator;

    /** @param settings asked when it runs, not when its help is read */
    ProcessSubcommand(Supplier<Settings> settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    final Operator operator() {
        if (operator == null) {
            operator = new Operator(settings.get());
        }
        return operator;
    }

    final boolean isForPrograms() {
        return json;
    }

    final Terminal terminal() {
        return terminal;
    }

    /** The one document on standard output. */
    final void print(JsonNode answer, Function<JsonNode, String> forPeople) {
        terminal.out()
                .println(
                        json ? answer.toPrettyString() : forPeople.apply(answer).stripTrailing());
    }
}
