package dev.orderflow.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.orderflow.settings.Settings;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** A command that asks a running process over REST. */
abstract class ProcessSubcommand extends Subcommand {

    private static final int LIMIT_MAX = 200;

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

    /**
     * Of a service of which there is nothing: its name may be misspelt. The operations know every name.
     *
     * @throws CommandFailed where there is no such service
     */
    final void checkService(String service) {
        var pause = JsonNodeFactory.instance
                .objectNode()
                .put("operation", "pause")
                .put("service", service)
                .put("dryRun", true);
        try {
            operator().post("/operations", pause, AnswerShape.WOULD);
        } catch (CommandFailed e) {
            // Where the brokers are away nobody can say whether there is one, and the answer stands as it is.
            if (e.status() != ExitStatus.NOT_ASKED) {
                throw e;
            }
        }
    }

    /** As the REST API has it, so that a wrong one is told without a process too. */
    static int limit(int limit) {
        if (limit < 1 || limit > LIMIT_MAX) {
            throw CommandFailed.usage(
                    "--limit must be a whole number from 1 to %d, but is '%d'.".formatted(LIMIT_MAX, limit));
        }
        return limit;
    }

    final boolean isForPrograms() {
        return json;
    }

    final Terminal terminal() {
        return terminal;
    }

    /** The one document on standard output. */
    final void print(JsonNode answer, Function<JsonNode, String> forPeople) {
        if (json) {
            terminal.data().println(answer.toPrettyString());
        } else {
            terminal.out().println(forPeople.apply(answer).stripTrailing());
        }
    }
}
