package dev.orderflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A bar stays on its line, and out of files. */
class BarTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String shown() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void growsOnOneLineOfATerminalAndLeavesItEmpty() {
        // Given
        var bar = new Bar(out, true, 101);

        // When
        bar.at(0.5, "reading 10,000 of 20,000 records");
        bar.at(1, "done");
        bar.clear();

        // Then
        assertThat(shown()).doesNotContain("\n").endsWith(" \r");
        assertThat(shown().split("\r"))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("[" + "#".repeat(20) + ".".repeat(20) + "]  50 % reading 10,000 of 20,000 records"))
                .anySatisfy(line -> assertThat(line).startsWith("[" + "#".repeat(40) + "] 100 % done"))
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
    }

    @Test
    void staysWithinItsLineWhateverIsToldAndWhateverIsDone() {
        // When
        new Bar(out, true, 101).at(17, "x".repeat(500));

        // Then
        assertThat(shown()).hasSize(101);
    }

    @Test
    void saysNothingWhereThereIsNoTerminal() {
        // Given
        var bar = new Bar(out, false, 101);

        // When
        bar.at(0.5, "reading");
        bar.clear();

        // Then
        assertThat(shown()).isEmpty();
    }

    @Test
    void staysOnOneLineOfANarrowTerminal() {
        // When
        new Bar(out, true, 20).at(0.5, "reading");

        // Then
        assertThat(shown()).hasSize(20);
    }
}
