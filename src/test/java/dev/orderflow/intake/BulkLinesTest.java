package dev.orderflow.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BulkLinesTest {

    private final BulkLines lines = new BulkLines(10);
    private final List<String> found = new ArrayList<>();

    @Test
    void givesTheSameLinesHoweverTheBodyIsCut() {
        byte[] body = "one\ntwo\r\n\nthree".getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size <= body.length; size++) {
            found.clear();

            for (int from = 0; from < body.length; from += size) {
                take(new String(body, from, Math.min(size, body.length - from), StandardCharsets.UTF_8));
            }
            lines.end(this::found);

            assertThat(found).containsExactly("one", "two", "", "three");
        }
    }

    @Test
    void keepsOnlyTheBeginningOfALineThatIsTooLong() {
        take("x".repeat(1_000_000));
        take("x\nshort\n");

        assertThat(found).containsExactly("x".repeat(11), "short");
    }

    @Test
    void givesNoLineBehindTheLastLinesEnd() {
        take("one\n");
        lines.end(this::found);

        assertThat(found).containsExactly("one");
    }

    @Test
    void givesALineOfAllTheBytesThatItMayHave() {
        take("x".repeat(10) + "\n" + "y".repeat(11) + "\n" + "z".repeat(12) + "\n");
        take("v".repeat(9));
        take("w\r\n");

        assertThat(found).containsExactly("x".repeat(10), "y".repeat(11), "z".repeat(11), "v".repeat(9) + "w");
    }

    @Test
    void holdsAnUnfinishedLineOfAnyLengthThatALineMayHave() {
        var wide = new BulkLines(5_000);
        String piece = "0123456789".repeat(70);
        for (int i = 0; i < 7; i++) {
            wide.take(piece.getBytes(StandardCharsets.UTF_8), this::found);
        }
        assertThat(found).isEmpty();

        wide.take("\nnext\n".getBytes(StandardCharsets.UTF_8), this::found);

        assertThat(found).containsExactly(piece.repeat(7), "next");
    }

    @Test
    void aLoneCarriageReturnIsAnEmptyLine() {
        take("\r\none\r\n\r");
        lines.end(this::found);

        assertThat(found).containsExactly("", "one", "");
    }

    private void take(String part) {
        lines.take(part.getBytes(StandardCharsets.UTF_8), this::found);
    }

    private void found(byte[] line) {
        found.add(new String(line, StandardCharsets.UTF_8));
    }
}
