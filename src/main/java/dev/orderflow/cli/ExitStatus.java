package dev.orderflow.cli;

/** What a command ends with, so that a script can tell the cases apart. The page docs/cli.md has them too. */
public final class ExitStatus {

    public static final int WELL = 0;
    /** It found something wrong, or what it was asked for was not done. */
    public static final int FOUND = 1;
    /** It could not ask, so nothing is known. */
    public static final int NOT_ASKED = 2;
    /** The words are wrong, so nothing was asked. It is EX_USAGE of sysexits.h. */
    public static final int USAGE = 64;

    /** The line of a command's help that is the same for all. */
    public static final String USAGE_LINE = "64:the words are wrong; nothing was done";
    /** The line of a command that asks a running process. */
    public static final String NOT_ASKED_LINE =
            "2:could not ask: nothing answers, it asks for another token, or its database or brokers are away";

    private ExitStatus() {}
}
