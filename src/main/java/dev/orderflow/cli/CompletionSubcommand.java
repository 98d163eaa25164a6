package dev.orderflow.cli;

import picocli.CommandLine.Command;

@Command(
        name = "completion",
        description = "Print a script that has bash or zsh complete commands and options.",
        footer = "  source <(orderflow completion)",
        exitCodeList = {"0:printed", ExitStatus.USAGE_LINE})
final class CompletionSubcommand extends Subcommand {

    private final CommandTree tree;
    private final Terminal terminal;

    CompletionSubcommand(CommandTree tree, Terminal terminal) {
        this.tree = tree;
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        terminal.out().print(tree.completion());
        return ExitStatus.WELL;
    }
}
