package dev.orderflow.cli;

import dev.orderflow.settings.Secrets;

/** Ends a command with a status and a sentence for standard error. */
public final class CommandFailed extends RuntimeException {

    private final int status;

    private CommandFailed(int status, String sentence, Throwable cause) {
        // Whoever reads it may keep it, as a CI server keeps its logs.
        super(Secrets.masked(sentence), cause);
        this.status = status;
    }

    static CommandFailed notDone(String sentence) {
        return new CommandFailed(ExitStatus.FOUND, sentence, null);
    }

    static CommandFailed notAsked(String sentence) {
        return new CommandFailed(ExitStatus.NOT_ASKED, sentence, null);
    }

    /** @param cause for who looks at DEBUG */
    public static CommandFailed notAsked(String sentence, Throwable cause) {
        return new CommandFailed(ExitStatus.NOT_ASKED, sentence, cause);
    }

    public static CommandFailed usage(String sentence) {
        return new CommandFailed(ExitStatus.USAGE, sentence, null);
    }

    /** The same of what was begun before, of which nothing is known now. */
    CommandFailed behind(String begun) {
        return new CommandFailed(ExitStatus.NOT_ASKED, getMessage() + " " + begun, getCause());
    }

    public int status() {
        return status;
    }
}
