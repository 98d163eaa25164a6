package dev.orderflow.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RatiosTest {

    /** The ranks and coverages that tables of the sign test give, such as Conover's. */
    @ParameterizedTest
    @CsvSource({
        "1, 1, 0",
        "2, 1, 0.5",
        "5, 1, 0.9375",
        "6, 1, 0.96875",
        "8, 1, 0.9921875",
        "9, 2, 0.9609375",
        "12, 3, 0.96142578125",
        "15, 4, 0.96484375",
        "20, 6, 0.9586105",
        "30, 10, 0.9572261"
    })
    void takesTheRanksOfTheSignTest(int pairs, int rank, double coverage) {
        // Given
        var ratios = numbers(IntStream.rangeClosed(1, pairs).mapToDouble(i -> i));
        Collections.shuffle(ratios, new Random(1));

        // When
        var interval = Ratios.of(Collections.nCopies(pairs, 1.0), ratios).orElseThrow();

        // Then
        assertThat(interval.low()).isEqualTo(rank);
        assertThat(interval.high()).isEqualTo(pairs + 1.0 - rank);
        assertThat(interval.median()).isEqualTo((pairs + 1) / 2.0);
        assertThat(Ratios.coverage(pairs)).isCloseTo(coverage, within(1e-6));
    }

    @Test
    void dividesAfterByBeforeWithinEachPair() {
        // Given a machine that became three times as fast between the pairs
        var before = List.of(100.0, 200.0, 300.0);
        var after = List.of(90.0, 180.0, 270.0);

        // When
        var ratios = Ratios.of(before, after).orElseThrow();

        // Then
        assertThat(ratios.low()).isCloseTo(0.9, within(1e-9));
        assertThat(ratios.high()).isCloseTo(0.9, within(1e-9));
    }

    @Test
    void holdsTheTrueMedianAsOftenAsItSays() {
        // Given ratios of a skewed distribution, whose median is 1
        var random = new Random(4711);
        int runs = 20_000;

        // When
        long held = IntStream.range(0, runs)
                .mapToObj(run -> numbers(DoubleStream.generate(() -> Math.exp(Math.pow(random.nextGaussian(), 3)))
                        .limit(12)))
                .map(after -> Ratios.of(Collections.nCopies(12, 1.0), after).orElseThrow())
                .filter(ratios -> ratios.low() <= 1 && ratios.high() >= 1)
                .count();

        // Then
        assertThat(held / (double) runs).isCloseTo(Ratios.coverage(12), within(0.005));
    }

    @Test
    void hasNoRatioWhereAPairHasNothingBefore() {
        assertThat(Ratios.of(List.of(1.0, 0.0), List.of(1.0, 1.0))).isEmpty();
    }

    @Test
    void refusesRoundsWithoutTheirPair() {
        assertThatThrownBy(() -> Ratios.of(List.of(1.0, 2.0), List.of(1.0)))
                .hasMessage("Rounds come in pairs, but there were 2 before and 1 after.");
    }

    private static List<Double> numbers(DoubleStream numbers) {
        return new ArrayList<>(numbers.boxed().toList());
    }
}
