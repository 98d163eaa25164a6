package dev.orderflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What scripts of the version before say is understood, and what is spelt as now is left alone. */
class FormerWordsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dead-letters service=shipping state=parked | --service=shipping --state=parked",
                "dead-letters 8c836e1018357fd03e0add78 | 8c836e1018357fd03e0add78",
                "redrive service=shipping fingerprint=46b21d04fa61 dryRun | --service=shipping --fingerprint=46b21d04fa61 --dry-run",
                "redrive from=2026-11-22T10:00:00Z override ratePerSecond=50 maxAttempts=3 | --from=2026-11-22T10:00:00Z --override --rate-per-second=50 --max-attempts=3",
                "redrive state=parked | state=parked",
                "pause dryRun shipping | --dry-run shipping",
                "rewind shipping orders-1@5 dryRun | shipping --to=orders-1@5 --dry-run",
                "rewind shipping --to orders-1@5 | shipping --to orders-1@5",
                "rewind shipping --to=orders-1@5 | shipping --to=orders-1@5",
                "skip shipping orders-1 5-9 | shipping orders-1 5-9",
                "rewind shipping -- beginning -y | shipping -- beginning -y",
                "redrive -- service=shipping | -- service=shipping",
                "audit dryRun | dryRun"
            })
    void areSpeltAsTheyAreNow(String typed, String now) {
        var words = List.of(typed.split(" "));

        assertThat(FormerWords.translated(words.get(0), words.subList(1, words.size())))
                .isEqualTo(List.of(now.split(" ")));
    }
}
