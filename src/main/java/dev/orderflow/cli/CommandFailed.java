package dev.orderflow.cli;

/** Ends a command with a status and a sentence for standard error. */
public final class CommandFailed extends RuntimeException {

    private final int status;

    private CommandFailed(int status, String sentence, Throwable cause) {
        super(sentence, cause);
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

    public int status() {
        return status;
    }
}
