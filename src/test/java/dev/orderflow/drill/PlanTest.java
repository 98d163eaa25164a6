package dev.orderflow.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {

    @Test
    void strikesEveryFaultFiveTimesAndSixtyInAll() {
        for (long seed = 0; seed < 50; seed++) {
            var faults = Plan.ofAll(seed, 5).strikes().stream()
                    .flatMap(strike -> strike.faults().stream())
                    .toList();

            assertThat(faults).hasSizeGreaterThanOrEqualTo(60);
            Arrays.stream(Fault.values())
                    .forEach(fault ->
                            assertThat(Collections.frequency(faults, fault)).isEqualTo(5));
        }
    }

    @Test
    void pairsOnlyFaultsOfDifferentPartsAndNeverOnesWithAGoal() {
        var pairs = Plan.ofAll(7, 5).strikes().stream()
                .filter(strike -> !strike.isAlone())
                .toList();

        assertThat(pairs).hasSize(18).allSatisfy(pair -> {
            assertThat(pair.faults().get(0).part).isNotEqualTo(pair.faults().get(1).part);
            assertThat(pair.faults()).allMatch(fault -> fault.goalS == 0);
        });
    }

    @Test
    void isTheSameForTheSameSeed() {
        assertThat(Plan.ofAll(11, 5)).isEqualTo(Plan.ofAll(11, 5)).isNotEqualTo(Plan.ofAll(12, 5));
    }

    @Test
    void strikesInPairsWhatIsNamedSo() {
        assertThat(Plan.Strike.parse("HALTED+BLACK_HOLE").faults()).isEqualTo(List.of(Fault.HALTED, Fault.BLACK_HOLE));
    }
}
