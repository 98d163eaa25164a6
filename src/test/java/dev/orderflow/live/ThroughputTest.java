package dev.orderflow.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ThroughputTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final long begin = System.nanoTime();

    private void done(String service, int count) {
        meters.counter("orderflow.records", "service", service, "result", "done")
                .increment(count);
    }

    private static long seconds(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }

    @Test
    void countsTheLastMinuteAndTheWhole() {
        var throughput = new Throughput(meters);
        done("shipping", 6_000);
        for (int second = 5; second <= 300; second += 5) {
            throughput.look(begin + seconds(second));
            done("shipping", 50);
        }

        var of = throughput.of("shipping", begin + seconds(305)).orElseThrow();

        assertThat(of.done()).isEqualTo(9_000);
        assertThat(of.perSecond()).isBetween(9.0, 11.0);
    }

    @Test
    void countsSinceTheBeginningWhereThatIsShorter() {
        var throughput = new Throughput(meters);
        done("shipping", 100);

        assertThat(throughput.of("shipping", begin + seconds(10)).orElseThrow().perSecond())
                .isBetween(9.0, 11.0);
    }

    @Test
    void tellsNothingOfWhatActsOnNothing() {
        meters.counter("orderflow.records", "service", "shipping", "result", "parked")
                .increment();

        assertThat(new Throughput(meters).of("shipping")).isEmpty();
    }
}
