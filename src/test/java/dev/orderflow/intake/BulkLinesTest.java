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

    private void take(String part) {
        lines.take(part.getBytes(StandardCharsets.UTF_8), this::found);
    }

    private void found(byte[] line) {
        found.add(new String(line, StandardCharsets.UTF_8));
    }
}
