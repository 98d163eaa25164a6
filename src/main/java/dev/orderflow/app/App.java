package dev.orderflow.app;

import dev.orderflow.cli.CommandTree;
import dev.orderflow.cli.ExitStatus;
import dev.orderflow.cli.ProcessCommands;
import dev.orderflow.cli.Subcommand;
import dev.orderflow.cli.Terminal;
import dev.orderflow.settings.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Orderflow's command, with all that it can be told. */
public final class App {

    private static final String RUN = "run";
    private static final Set<String> RUNS = Set.of(RUN, "--" + RUN);

    private App() {}

    public static void main(String[] arguments) {
        boolean runs = arguments.length == 0 || RUNS.contains(arguments[0]);
        if (!runs && System.getProperty("log.target") == null) {
            // Before the first logger: what a command prints is for programs too, and the log is not part of it.
            System.setProperty("log.target", "System.err");
        }
        var tree = tree(Terminal.ofProcess());
        int status = runs
                ? CommandFailure.told(() -> tree.run(arguments), ExitStatus.FOUND, CommandFailure.START)
                : CommandFailure.told(() -> tree.run(arguments), ExitStatus.NOT_ASKED, "");
        if (status != 0) {
            System.exit(status);
        }
    }

    static CommandTree tree(Terminal terminal) {
        Map<String, Supplier<Subcommand>> commands = new LinkedHashMap<>();
        commands.put(RUN, RunSubcommand::new);
        commands.putAll(ProcessCommands.all(Settings::load, terminal));
        commands.put("audit", () -> new AuditSubcommand(terminal));
        commands.put("routes", RoutesSubcommand::new);
        commands.put("token", () -> new TokenSubcommand(terminal));
        commands.put("version", () -> new VersionSubcommand(terminal));
        return new CommandTree(terminal, RUN, commands);
    }
}
