package dev.orderflow.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "help",
        description = "Print what there is, or the help of one command.",
        footer = {"  orderflow help redrive", "  orderflow help routes check"},
        exitCodeList = {"0:printed", ExitStatus.USAGE_LINE})
final class HelpSubcommand extends Subcommand {

    @Parameters(paramLabel = "COMMAND", arity = "0..2", description = "One of orderflow's commands.")
    private List<String> words = List.of();

    private final CommandTree tree;

    HelpSubcommand(CommandTree tree) {
        this.tree = tree;
    }

    @Override
    public Integer call() {
        return tree.help(words);
    }
}
