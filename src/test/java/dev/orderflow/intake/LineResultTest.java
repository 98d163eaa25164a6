package dev.orderflow.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineResultTest {

    private final List<Integer> known = new ArrayList<>();

    @Test
    void becomesKnownOnceWhateverIsToldLater() {
        var result = result(7);
        assertThat(result.isKnown()).isFalse();

        result.accepted("id-1");

        assertThat(result.isKnown()).isTrue();
        assertThat(text(result)).isEqualTo("{\"line\":7,\"status\":\"accepted\",\"orderId\":\"id-1\"}\n");
        result.unknown(IntakeProblems.keysAway());
        assertThat(known).containsExactly(7);
    }

    @Test
    void carriesTheProblem() {
        var invalid = result(1);
        var unknown = result(2);

        invalid.invalid(IntakeProblems.keyReused());
        unknown.unknown(IntakeProblems.keysAway());

        assertThat(text(invalid))
                .startsWith("{\"line\":1,\"status\":\"invalid\",\"problem\":{\"type\":")
                .contains("/idempotency-key-reused")
                .endsWith("}}\n");
        assertThat(text(unknown))
                .startsWith("{\"line\":2,\"status\":\"unknown\",\"problem\":{\"type\":")
                .contains("/unavailable");
    }

    @Test
    void isToldToTheLinesThatAreAlike() {
        var first = result(1);
        var second = result(2);
        var third = result(3);

        first.alike(second);
        assertThat(second.isKnown()).isFalse();
        first.accepted("id-1");
        first.alike(third);

        assertThat(text(second)).isEqualTo("{\"line\":2,\"status\":\"accepted\",\"orderId\":\"id-1\"}\n");
        assertThat(text(third)).isEqualTo("{\"line\":3,\"status\":\"accepted\",\"orderId\":\"id-1\"}\n");
        assertThat(known).containsExactly(1, 2, 3);
    }

    private LineResult result(int line) {
        return new LineResult(line, () -> known.add(line));
    }

    private static String text(LineResult result) {
        return new String(result.text(), UTF_8);
    }
}
