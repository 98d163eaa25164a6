package dev.orderflow.app;

import dev.orderflow.cli.ExitStatus;
import dev.orderflow.cli.Subcommand;
import dev.orderflow.cli.Terminal;
import picocli.CommandLine.Command;

@Command(
        name = "version",
        description = "Print the version.",
        footer = "  orderflow version",
        exitCodeList = {"0:printed", ExitStatus.USAGE_LINE})
final class VersionSubcommand extends Subcommand {

    private final Terminal terminal;

    VersionSubcommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        terminal.out().println(text());
        return ExitStatus.WELL;
    }

    static String text() {
        String version = App.class.getPackage().getImplementationVersion();
        return "orderflow " + (version == null ? "(from source)" : version);
    }
}
