package dev.orderflow.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** A command of {@code orderflow}: its annotations say how it is written, and its call is the exit status. */
public abstract class Subcommand implements Callable<Integer> {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this.")
    private boolean help;
}
