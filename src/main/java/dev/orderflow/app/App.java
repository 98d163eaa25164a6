package dev.orderflow.app;

import dev.orderflow.cli.CommandTree;
import dev.orderflow.cli.ExitStatus;
import dev.orderflow.cli.ProcessCommands;
import dev.orderflow.cli.Subcommand;
import dev.orderflow.cli.Terminal;
import dev.orderflow.settings.Settings;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Orderflow's command, with all that it can be told. */
public final class App {

    private static final String RUN = "run";
    private static final Set<String> RUNS = Set.of(RUN, "--" + RUN);

    private App() {}

    public static void main(String[] arguments) {
        // What it says and asks has the same digits everywhere, SQL and JSON above all; it speaks English anyway.
        Locale.setDefault(Locale.ROOT);
        boolean runs = arguments.length == 0 || RUNS.contains(arguments[0]);
        if (!runs && System.getProperty("log.target") == null) {
            // Before the first logger: what a command prints is for programs too, and the log is not part of it.
            System.setProperty("log.target", "System.err");
        }
        var terminal = Terminal.ofProcess();
        if (!runs) {
            System.setOut(terminal.out());
            System.setErr(terminal.err());
        }
        var tree = tree(terminal);
        int status = runs
                ? CommandFailure.told(() -> tree.run(arguments), ExitStatus.FOUND, CommandFailure.START)
                : printed(terminal, CommandFailure.told(() -> tree.run(arguments), ExitStatus.NOT_ASKED, ""));
        if (status != 0) {
            System.exit(status);
        }
    }

    /** A program that reads an answer which is not whole must know. */
    private static int printed(Terminal terminal, int status) {
        var lost = terminal.lost();
        if (lost.isEmpty()) {
            return status;
        }
        System.err.println(
                "orderflow: Standard output did not take the answer (%s). What was to be done is done; have it said again."
                        .formatted(lost.get()));
        return ExitStatus.NOT_ASKED;
    }

    /** What a command that starts nothing uses; a variable that sets nothing is told, as a start tells it. */
    static Settings settings() {
        Settings.misspelt(System.getenv()).forEach(sentence -> System.err.println("orderflow: " + sentence));
        return Settings.load();
    }

    static CommandTree tree(Terminal terminal) {
        Map<String, Supplier<Subcommand>> commands = new LinkedHashMap<>();
        commands.put(RUN, RunSubcommand::new);
        commands.putAll(ProcessCommands.all(App::settings, terminal));
        commands.put("audit", () -> new AuditSubcommand(terminal));
        commands.put("routes", RoutesSubcommand::new);
        commands.put("token", () -> new TokenSubcommand(terminal));
        commands.put("version", () -> new VersionSubcommand(terminal));
        return new CommandTree(terminal, RUN, commands);
    }
}
