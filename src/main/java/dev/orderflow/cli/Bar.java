package dev.orderflow.cli;

import java.io.Console;
import java.io.PrintStream;

/** A progress bar on a terminal, on a line of its own that it clears at the end; silent where the output is none. */
public final class Bar {

    private static final int CELLS = 40;
    private static final int LINE = 100;

    private final PrintStream out;
    private final boolean terminal;

    public Bar(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Java 22 and newer have a console also where there is no terminal, and a method that tells. */
    static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    /** @param part from 0 to 1 */
    public void at(double part, String doing) {
        if (terminal) {
            int cells = (int) Math.round(Math.max(0, Math.min(1, part)) * CELLS);
            String line =
                    "[%s%s] %3.0f %% %s".formatted("#".repeat(cells), ".".repeat(CELLS - cells), part * 100, doing);
            out.print("\r" + pad(line));
        }
    }

    public void clear() {
        if (terminal) {
            out.print("\r" + pad("") + "\r");
        }
    }

    private static String pad(String line) {
        return line.length() >= LINE ? line.substring(0, LINE) : line + " ".repeat(LINE - line.length());
    }
}
