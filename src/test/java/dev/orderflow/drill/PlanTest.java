package dev.orderflow.drill;

import static org.assertj.core.api.Assertions.assertThat;

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
            Fault.all()
                    .forEach(fault ->
                            assertThat(Collections.frequency(faults, fault)).isEqualTo(5));
        }
    }

    @Test
    void pairsFaultsOfDifferentPartsAndNothingWithWhatComesAlone() {
        var plan = Plan.ofAll(7, 5);
        var pairs = plan.strikes().stream().filter(strike -> !strike.isAlone()).toList();

        assertThat(plan.faults()).isEqualTo(5 * Fault.all().size());
        assertThat(pairs).hasSizeGreaterThan(30).allSatisfy(pair -> {
            assertThat(pair.faults().get(0).part())
                    .isNotEqualTo(pair.faults().get(1).part());
            assertThat(pair.faults()).noneMatch(Fault::isAlone);
        });
    }

    @Test
    void strikesWhatHasAGoalAloneThreeTimes() {
        var alone = Plan.ofAll(7, 5).strikes().stream()
                .filter(Plan.Strike::isAlone)
                .map(strike -> strike.faults().get(0))
                .toList();

        for (Fault fault :
                List.of(Crash.SERVICE_KILLED, Crash.LEADER_KILLED, Crash.CONTROLLER_KILLED, Crash.DATABASE_KILLED)) {
            assertThat(Collections.frequency(alone, fault)).isGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void isTheSameForTheSameSeed() {
        assertThat(Plan.ofAll(11, 5)).isEqualTo(Plan.ofAll(11, 5)).isNotEqualTo(Plan.ofAll(12, 5));
    }

    @Test
    void strikesInPairsWhatIsNamedSo() {
        assertThat(Plan.Strike.parse("HALTED+BLACK_HOLE").faults()).isEqualTo(List.of(Crash.HALTED, Crash.BLACK_HOLE));
    }
}
