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
    void pairsFaultsOfDifferentPartsAndNothingWithAnOutageOfAllBrokers() {
        var plan = Plan.ofAll(7, 5);
        var pairs = plan.strikes().stream().filter(strike -> !strike.isAlone()).toList();

        assertThat(plan.strikes()).hasSize(44);
        assertThat(pairs).hasSize(26).allSatisfy(pair -> {
            assertThat(pair.faults().get(0).part).isNotEqualTo(pair.faults().get(1).part);
            assertThat(pair.faults()).doesNotContain(Fault.ALL_BROKERS_DOWN);
        });
    }

    @Test
    void strikesWhatHasAGoalAloneThreeTimes() {
        var alone = Plan.ofAll(7, 5).strikes().stream()
                .filter(Plan.Strike::isAlone)
                .map(strike -> strike.faults().get(0))
                .toList();

        for (Fault fault :
                List.of(Fault.SERVICE_KILLED, Fault.LEADER_KILLED, Fault.CONTROLLER_KILLED, Fault.DATABASE_KILLED)) {
            assertThat(Collections.frequency(alone, fault)).isGreaterThanOrEqualTo(3);
        }
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
