package dev.orderflow.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rows for a person: columns are aligned, numbers to the right, and no cell is wider than its column may be. A cell that
 * is cut ends with three dots, and a line below says so.
 */
final class Table {

    static final String CUT = "Texts that end with ... are cut; --json has them whole.";

    private static final int CELL_MAX = 60;
    private static final String DOTS = "...";
    private static final String GAP = "  ";

    private final List<String> heads;
    private final List<List<String>> rows = new ArrayList<>();
    private boolean cut;

    Table(String... heads) {
        this.heads = List.of(heads);
    }

    /** @param cells as many as there are heads; a missing one is empty */
    Table row(Object... cells) {
        rows.add(Arrays.stream(cells).map(cell -> bounded(text(cell))).toList());
        return this;
    }

    int size() {
        return rows.size();
    }

    /** With its heads, its rows, and what was cut, each line with its end. */
    @Override
    public String toString() {
        List<Integer> widths = new ArrayList<>();
        for (int i = 0; i < heads.size(); i++) {
            int column = i;
            widths.add(Stream.concat(Stream.of(heads), rows.stream())
                    .mapToInt(row -> row.get(column).length())
                    .max()
                    .orElse(0));
        }
        return Stream.concat(Stream.of(heads), rows.stream())
                        .map(row -> line(row, widths))
                        .collect(Collectors.joining())
                + (cut ? CUT + System.lineSeparator() : "");
    }

    private String line(List<String> row, List<Integer> widths) {
        var line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String cell = row.get(i);
            String space = " ".repeat(widths.get(i) - cell.length());
            line.append(i == 0 ? "" : GAP).append(isNumeric(i) ? space + cell : cell + space);
        }
        return line.toString().stripTrailing() + System.lineSeparator();
    }

    private boolean isNumeric(int column) {
        return !rows.isEmpty() && rows.stream().allMatch(row -> row.get(column).matches("-?[0-9][0-9,]*"));
    }

    private String bounded(String text) {
        if (text.length() <= CELL_MAX) {
            return text;
        }
        cut = true;
        return text.substring(0, CELL_MAX - DOTS.length()) + DOTS;
    }

    private static String text(Object cell) {
        return cell instanceof Long || cell instanceof Integer
                ? "%,d".formatted(cell)
                : harmless(cell.toString().replaceAll("\\s*(?:\\R|\\t)\\s*", " "));
    }

    /** A record's text may hold what moves a cursor or colours a terminal; it is written out instead. */
    static String harmless(String text) {
        return text.codePoints()
                .mapToObj(one -> HarmlessStream.isHarmless(one) ? Character.toString(one) : "\\u%04x".formatted(one))
                .collect(Collectors.joining());
    }
}
