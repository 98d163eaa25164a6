package dev.orderflow.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orderflow.settings.Settings;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** A command that alters something, and so says first what, and asks. */
abstract class AlteringSubcommand extends ProcessSubcommand {

    @Option(names = "--dry-run", description = "Say what would happen, and do nothing.")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Do it without a question; it is needed where there is no terminal to ask on.")
    private boolean yes;

    AlteringSubcommand(Supplier<Settings> settings, Terminal terminal) {
        super(settings, terminal);
    }

    final boolean isDryRun() {
        return dryRun;
    }

    /**
     * Returns when it may be done.
     *
     * @param command as a person would read it
     * @param would what it will do, which is asked for a person only
     */
    final void consent(String command, Supplier<String> would) {
        if (yes) {
            return;
        }
        if (!terminal().isInteractive()) {
            throw CommandFailed.usage(
                    "'%s' alters something, and there is no terminal to ask on. Look with --dry-run, then say --yes."
                            .formatted(command));
        }
        terminal().err().println(would.get().stripTrailing());
        if (!terminal().saysYes("Go on?")) {
            throw CommandFailed.notDone("Nothing was done.");
        }
    }

    /** @param begun what a person must know of it when the process answers no more */
    final JsonNode followed(String path, AnswerShape wanted, String begun) {
        try {
            return operator().get(path, wanted);
        } catch (CommandFailed e) {
            throw e.behind(begun);
        }
    }
}
