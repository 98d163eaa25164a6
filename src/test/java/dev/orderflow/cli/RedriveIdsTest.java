package dev.orderflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person names and what is not there is told, and is not done. */
class RedriveIdsTest {

    private static final String ID = "8c836e1018357fd03e0add78";
    private static final String OTHER = "000000000000000000000000";
    private static final String PLAN =
            "{\"job\":\"j\",\"dryRun\":%b,\"ratePerSecond\":100,\"maxAttempts\":5,\"redrive\":%d,\"quarantine\":0,\"skip\":0,\"first\":[]}";
    private static final String PROGRESS =
            "{\"state\":\"done\",\"letters\":%d,\"waiting\":0,\"appended\":%d,\"passedOver\":%d,\"home\":%d,\"parkedAgain\":0}";

    private final FakeProcess process = new FakeProcess();

    @AfterEach
    void stop() {
        process.close();
    }

    private void found(int redrive, int passedOver) {
        process.answer("POST /dead-letters/redrive dry", 200, PLAN.formatted(true, redrive));
        process.answer("POST /dead-letters/redrive", 202, PLAN.formatted(false, redrive));
        int home = redrive - passedOver;
        process.answer("GET /dead-letters/redrive/j", 200, PROGRESS.formatted(redrive, home, passedOver, home));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, 0, 1, 1 of the 1 named ids",
        "2, 1, 0, 1, 1 of the 2 named ids",
        "2, 2, 0, 0, ''",
        // Another redrive of the same letter was there first.
        "1, 1, 1, 1, ''"
    })
    void endsWithOneWhenANamedLetterIsNotThereOrDidNotGo(
            int named, int found, int passedOver, int status, String said) {
        found(found, passedOver);

        assertThat(process.typed("redrive --yes --json " + (named == 1 ? ID : ID + " " + OTHER)))
                .isEqualTo(status);

        assertThat(process.err.toString()).contains(said);
    }

    @Test
    void countsAnIdThatIsNamedTwiceOnce() {
        found(1, 0);

        assertThat(process.typed("redrive --yes " + ID + " " + ID)).isZero();
    }

    @Test
    void tellsOfMissingIdsInADryRunToo() {
        found(0, 0);

        assertThat(process.typed("redrive --dry-run " + ID)).isZero();

        assertThat(process.err.toString()).contains("1 of the 1 named ids");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redrive --service shiping --yes",
                "redrive --service shiping --dry-run",
                "dead-letters --service shiping"
            })
    void refusesAServiceThatNobodyKnows(String line) {
        found(0, 0);
        process.answer("GET /dead-letters?service=shiping", 200, "{\"groups\":[],\"deadLetters\":[]}");
        process.answer("POST /operations dry", 404, FakeProcess.problem("There is no service 'shiping'."));

        assertThat(process.typed(line)).isEqualTo(1);

        assertThat(process.err.toString()).contains("There is no service 'shiping'.");
        assertThat(process.out.toString()).isEmpty();
    }

    @Test
    void findsNothingOfAServiceThatIsThere() {
        found(0, 0);
        process.answer("GET /dead-letters?service=shipping", 200, "{\"groups\":[],\"deadLetters\":[]}");
        process.answer("POST /operations dry", 200, "{\"dryRun\":true,\"result\":\"shipping stands still\"}");

        assertThat(process.typed("redrive --service shipping --yes")).isZero();
        assertThat(process.typed("dead-letters --service shipping")).isZero();

        assertThat(process.out.toString()).contains("There are none.");
    }
}
