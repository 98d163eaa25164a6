package dev.orderflow.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.Locale;

/**
 * Where a command speaks and listens. What was asked for goes to standard output and nothing else does, so that a
 * program can read it; questions, progress and failures go to standard error.
 */
public final class Terminal {

    private final BufferedReader in;
    private final PrintStream out;
    private final PrintStream err;
    private final boolean interactive;

    /** @param interactive whether a person sits there who can be asked */
    public Terminal(InputStream in, PrintStream out, PrintStream err, boolean interactive) {
        this.in = new BufferedReader(new InputStreamReader(in, Charset.defaultCharset()));
        this.out = out;
        this.err = err;
        this.interactive = interactive;
    }

    public static Terminal ofProcess() {
        return new Terminal(System.in, System.out, System.err, Bar.isTerminal());
    }

    public PrintStream out() {
        return out;
    }

    public PrintStream err() {
        return err;
    }

    public Bar bar() {
        return new Bar(err, interactive);
    }

    boolean isInteractive() {
        return interactive;
    }

    /** Only a yes is one: an empty line, or the end of the input, is a no. */
    boolean saysYes(String question) {
        err.print(question + " [y/N] ");
        err.flush();
        try {
            String answer = in.readLine();
            return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
