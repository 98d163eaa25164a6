package dev.orderflow.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {

    @Test
    void comparesFourRowsInTwelvePairs() {
        var plan = Plan.of(List.of("--against", "/before"));

        assertThat(plan.against()).contains(Path.of("/before"));
        assertThat(plan.rounds()).isEqualTo(12);
        assertThat(plan.only()).containsExactly("post-256", "bulk-500", "inventory-3", "latency-500");
    }

    @Test
    void refusesAVerdictOfFewPairs() {
        assertThatThrownBy(() -> Plan.of(List.of("--against=/before", "--pairs=11")))
                .hasMessage(
                        "--pairs must be at least 12, but was 11. Give --short for a try with fewer, which is no verdict.");
        assertThat(Plan.of(List.of("--against=/before", "--pairs=3", "--short")).rounds())
                .isEqualTo(3);
    }

    @Test
    void spreadsThePairsEvenlyOverTheStarts() {
        assertThat(Plan.of(List.of("--against=/before", "--starts=3")).starts()).isEqualTo(3);
        assertThatThrownBy(() -> Plan.of(List.of("--against=/before", "--starts=5")))
                .hasMessage("--starts must be a divisor of the 12 pairs, but was 5.");
    }

    @Test
    void refusesPairsOfOneBuild() {
        assertThatThrownBy(() -> Plan.of(List.of("--pairs", "12"))).hasMessage("--pairs is of a run with --against.");
    }

    @Test
    void refusesARowByWhichNoBuildsAreCompared() {
        assertThatThrownBy(() -> Plan.of(List.of("--against=/before", "--only=growth")))
                .hasMessageStartingWith("There is no row 'growth' in this run. Its rows are post-256, ");
    }
}
