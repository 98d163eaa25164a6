package dev.orderflow.cli;

import dev.orderflow.settings.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The commands that ask a running process, in the order of the help. */
public final class ProcessCommands {

    private ProcessCommands() {}

    /** @param settings asked when a command runs, not before */
    public static Map<String, Supplier<Subcommand>> all(Supplier<Settings> settings, Terminal terminal) {
        var commands = new LinkedHashMap<String, Supplier<Subcommand>>();
        commands.put("dead-letters", () -> new DeadLettersSubcommand(settings, terminal));
        commands.put("redrive", () -> new RedriveSubcommand(settings, terminal));
        commands.put("pause", () -> new PauseSubcommand(settings, terminal));
        commands.put("resume", () -> new ResumeSubcommand(settings, terminal));
        commands.put("rewind", () -> new RewindSubcommand(settings, terminal));
        commands.put("skip", () -> new SkipSubcommand(settings, terminal));
        commands.put("allow", () -> new AllowSubcommand(settings, terminal));
        commands.put("operations", () -> new OperationsSubcommand(settings, terminal));
        return commands;
    }
}
