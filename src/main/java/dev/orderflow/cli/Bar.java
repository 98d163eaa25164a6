package dev.orderflow.cli;

import java.io.Console;
import java.io.PrintStream;

/** A progress bar on a terminal, on a line of its own that it clears at the end; silent where the output is none. */
public final class Bar {

    private static final int CELLS = 40;
    private static final int LINE_MAX = 100;
    private static final int LINE_MIN = 10;

    private final PrintStream out;
    private final boolean terminal;
    private final int line;

    /** @param columns of the terminal; the bar leaves the last one free, or each step would begin a new line */
    Bar(PrintStream out, boolean terminal, int columns) {
        this.out = out;
        this.terminal = terminal;
        this.line = Math.max(LINE_MIN, Math.min(LINE_MAX, columns - 1));
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
            String text =
                    "[%s%s] %3.0f %% %s".formatted("#".repeat(cells), ".".repeat(CELLS - cells), part * 100, doing);
            out.print("\r" + pad(text));
        }
    }

    public void clear() {
        if (terminal) {
            out.print("\r" + pad("") + "\r");
        }
    }

    private String pad(String text) {
        return text.length() >= line ? text.substring(0, line) : text + " ".repeat(line - text.length());
    }
}
