package dev.orderflow.cli;

import java.util.List;

/**
 * A word that {@code orderflow} understands.
 *
 * @param summary what it does, for the help
 */
public record Command(String name, String summary, Action action) {

    /** What the command does with the words behind its name; the status is the process's own. */
    @FunctionalInterface
    public interface Action {

        int run(List<String> arguments) throws Exception;
    }
}
