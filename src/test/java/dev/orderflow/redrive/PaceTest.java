package dev.orderflow.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class PaceTest {

    private final Ticks clock = new Ticks();

    @Test
    void givesSoManyASecond() {
        // Given
        var pace = new Pace(10, clock);
        int sent = 0;

        // When
        for (int i = 0; i < 100; i++) {
            int due = pace.due();
            pace.took(due);
            sent += due;
            clock.now = clock.now.plusMillis(100);
        }

        // Then
        assertThat(sent).isBetween(99, 101);
    }

    @Test
    void doesNotMakeUpForAPause() {
        // Given
        var pace = new Pace(5, clock);

        // When
        clock.now = clock.now.plus(Duration.ofHours(1));

        // Then
        assertThat(pace.due()).isEqualTo(5);
    }

    private static final class Ticks extends Clock {

        private Instant now = Instant.parse("2026-11-22T10:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
