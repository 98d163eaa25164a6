package dev.orderflow.cli;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a command speaks and listens. What was asked for goes to standard output and nothing else does, so that a
 * program can read it; questions, progress and failures go to standard error. Neither obeys what it prints.
 */
public final class Terminal {

    private static final int COLUMNS = 100;

    private final BufferedReader in;
    private final PrintStream out;
    private final PrintStream data;
    private final PrintStream err;
    private final WatchedOutput watched;
    private final Bar bar;
    private final boolean interactive;

    /** @param interactive whether a person sits there who can be asked */
    public Terminal(InputStream in, PrintStream out, PrintStream err, boolean interactive) {
        this(in, out, err, StandardCharsets.UTF_8, interactive, new Bar(err, interactive, COLUMNS));
    }

    private Terminal(
            InputStream in, OutputStream out, OutputStream err, Charset letters, boolean interactive, Bar bar) {
        this.watched = new WatchedOutput(out);
        this.in = new BufferedReader(new InputStreamReader(in, Charset.defaultCharset()));
        this.out = new HarmlessStream(watched, letters);
        this.data = new HarmlessStream(watched, StandardCharsets.UTF_8);
        this.err = new HarmlessStream(err, letters);
        this.interactive = interactive;
        this.bar = bar;
    }

    /**
     * The launchers say which of the three streams are terminals and how wide, since Java knows of a console only when
     * both standard input and standard output are one.
     */
    public static Terminal ofProcess() {
        String terminals = System.getProperty("orderflow.terminals", Bar.isTerminal() ? "012" : "");
        boolean shown = terminals.contains("2");
        var err = new FileOutputStream(FileDescriptor.err);
        return new Terminal(
                System.in,
                new FileOutputStream(FileDescriptor.out),
                err,
                letters(),
                shown && terminals.contains("0"),
                new Bar(new PrintStream(err, true), shown, Integer.getInteger("orderflow.columns", COLUMNS)));
    }

    /** What the terminal reads; Java has it in a property whose name depends on its version. */
    private static Charset letters() {
        return Stream.of("stdout.encoding", "sun.stdout.encoding", "native.encoding")
                .map(System::getProperty)
                .filter(name -> name != null && Charset.isSupported(name))
                .findFirst()
                .map(Charset::forName)
                .orElse(Charset.defaultCharset());
    }

    /** For a person, in the letters of the terminal. */
    public PrintStream out() {
        return out;
    }

    /** For a program: standard output too, in UTF-8 whatever the locale is, as JSON is defined. */
    public PrintStream data() {
        return data;
    }

    public PrintStream err() {
        return err;
    }

    public Bar bar() {
        return bar;
    }

    /** Why standard output did not take all of the answer. */
    public Optional<String> lost() {
        out.flush();
        data.flush();
        return watched.failure().map(IOException::getMessage);
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
