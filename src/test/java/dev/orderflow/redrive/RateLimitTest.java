package dev.orderflow.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.testing.Ticking;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateLimitTest {

    private final Ticking clock = new Ticking();

    @Test
    void givesSoManyASecond() {
        // Given
        var pace = new RateLimit(10, clock);
        int sent = 0;

        // When
        for (int i = 0; i < 100; i++) {
            int due = pace.due();
            pace.took(due);
            sent += due;
            clock.pass(Duration.ofMillis(100));
        }

        // Then
        assertThat(sent).isBetween(99, 101);
    }

    @Test
    void doesNotMakeUpForAPause() {
        // Given
        var pace = new RateLimit(5, clock);

        // When
        clock.pass(Duration.ofHours(1));

        // Then
        assertThat(pace.due()).isEqualTo(5);
    }
}
