package dev.orderflow.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private static final Sample PLAIN = sample(1_000, 20, 6, 24, 10, 0);

    @Test
    void passesABuildThatIsAsFast() {
        assertThat(missed(PLAIN)).isEmpty();
        assertThat(of(PLAIN, 0).passed()).isTrue();
    }

    @Test
    void missesTheBarOfTheRateBelow95Hundredths() {
        assertThat(missed(sample(949, 20, 6, 24, 10, 0))).containsExactly("orders/s");
        assertThat(missed(sample(950, 20, 6, 24, 10, 0))).isEmpty();
    }

    @Test
    void looksAtTheLowerEndOfTheRateAndNotAtItsMedian() {
        // Given three slow rounds of twelve
        var rounds = new ArrayList<Sample>();
        for (int round = 0; round < 12; round++) {
            rounds.add(round < 3 ? sample(900, 20, 6, 24, 10, 0) : PLAIN);
        }

        // When
        var compared = of(rounds, 0);

        // Then
        assertThat(missed(compared)).containsExactly("orders/s");
        assertThat(compared.figures().get(0).verdict()).isEqualTo("MISSED, may be noise");
        assertThat(of(sample(900, 20, 6, 24, 10, 0), 0).figures().get(0).verdict())
                .isEqualTo("MISSED");
    }

    @Test
    void missesTheBarOfAProcessWhoseTimeGrewThoughTheSumHides() {
        assertThat(missed(sample(1_000, 21, 6, 24, 10, 0))).containsExactly("CPU us an order, server");
        assertThat(missed(sample(1_000, 20, 6, 25, 10, 0))).containsExactly("CPU us an order, database");
    }

    @Test
    void holdsAProcessThatTakesLittleToTheSumAlone() {
        assertThat(missed(
                        new Sample(1_000, Map.of("server", 40.0, "broker", 2.0, "database", 0.0), 5, 10, 100, 0),
                        new Sample(1_000, Map.of("server", 40.0, "broker", 2.2, "database", 0.0), 5, 10, 100, 0)))
                .isEmpty();
        assertThat(missed(
                        new Sample(1_000, Map.of("server", 40.0, "broker", 2.0, "database", 0.0), 5, 10, 100, 0),
                        new Sample(1_000, Map.of("server", 40.0, "broker", 2.0, "database", 2.0), 5, 10, 100, 0)))
                .containsExactly("CPU us an order, server, broker and database");
    }

    @Test
    void missesTheBarOfTheSlowestAnswersAbove115Hundredths() {
        assertThat(missed(sample(1_000, 20, 6, 24, 11.6, 0))).containsExactly("p99 ms");
        assertThat(missed(sample(1_000, 20, 6, 24, 11.5, 0))).isEmpty();
    }

    @Test
    void failsForErrorsAndForOrdersThatWereNotActedOnOnce() {
        assertThat(of(sample(1_000, 20, 6, 24, 10, 1), 0).passed()).isFalse();
        assertThat(of(PLAIN, 1).passed()).isFalse();
    }

    @Test
    void takesThePairsInTurn() {
        // Given
        var order = new StringBuilder();
        var count = new AtomicInteger();

        // When
        var turns = Turns.take(
                3,
                () -> {
                    order.append('A');
                    return count.incrementAndGet();
                },
                () -> {
                    order.append('B');
                    return count.incrementAndGet();
                });

        // Then
        assertThat(order).hasToString("ABBAAB");
        assertThat(turns.first()).containsExactly(1, 4, 5);
        assertThat(turns.second()).containsExactly(2, 3, 6);
    }

    private static Sample sample(
            double perSecond, double server, double broker, double database, double p99, long errors) {
        return new Sample(
                perSecond, Map.of("server", server, "broker", broker, "database", database), p99 / 2, p99, 100, errors);
    }

    private static List<String> missed(Sample after) {
        return missed(of(after, 0));
    }

    private static List<String> missed(Sample before, Sample after) {
        var turns = Turns.take(12, () -> Map.of("work", before), () -> Map.of("work", after));
        return missed(new Comparison("row", turns, "2 rounds", 0));
    }

    private static List<String> missed(Comparison compared) {
        return compared.figures().stream()
                .filter(figure -> figure.verdict().startsWith("MISSED"))
                .map(Figure::name)
                .toList();
    }

    private static Comparison of(Sample after, long wrong) {
        return of(Collections.nCopies(12, after), wrong);
    }

    private static Comparison of(List<Sample> after, long wrong) {
        var rounds = after.iterator();
        var turns = Turns.take(12, () -> Map.of("work", PLAIN), () -> Map.of("work", rounds.next()));
        return new Comparison("row", turns, "2 rounds", wrong);
    }
}
