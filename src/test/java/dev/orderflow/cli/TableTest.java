package dev.orderflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Columns stand below each other, nothing is cut in silence, and nothing that is printed moves a terminal. */
class TableTest {

    @Test
    void alignsTextToTheLeftAndNumbersToTheRight() {
        var table = new Table("service", "letters", "state")
                .row("shipping", 1_200, "parked")
                .row("inventory", 7, "home");

        assertThat(table.toString().lines())
                .containsExactly("service    letters  state", "shipping     1,200  parked", "inventory        7  home");
    }

    @Test
    void saysThatATextIsCut() {
        var table = new Table("error", "attempts").row("x".repeat(61), 1).row("y".repeat(60), 1);

        assertThat(table.toString())
                .contains("x".repeat(57) + "...  ", "y".repeat(60))
                .doesNotContain("x".repeat(58))
                .endsWith(Table.CUT + System.lineSeparator());
        assertThat(new Table("error").row("short").toString()).doesNotContain(Table.CUT);
    }

    @Test
    void keepsARowOnALineAndWritesOutWhatMovesATerminal() {
        var table = new Table("error").row("two\n  lines \u001b[31mred\u202e");

        assertThat(table.toString().lines()).containsExactly("error", "two lines \\u001b[31mred\\u202e");
        assertThat(new Facts().add("body", "one\ntwo\u0007").toString().lines())
                .containsExactly("body  one", "      two\\u0007");
    }
}
