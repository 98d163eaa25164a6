package dev.orderflow.operate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WatchTest {

    private final Ticking clock = new Ticking();
    private Watch.Look look = Optional::empty;
    private final Watch watch = new Watch("the brokers", "b1:9092", () -> look.look(), Duration.ofSeconds(5), clock);

    @Test
    void isNotWellBeforeTheFirstLook() {
        assertThat(watch.trouble()).contains("the brokers gave no answer yet");
    }

    @Test
    void tellsWhatTheLookFoundAtOnce() {
        look = () -> Optional.of("topic orders is missing");
        watch.run();
        assertThat(watch.trouble()).contains("topic orders is missing");
    }

    @Test
    void tellsSilenceOnlyAfterTheGrace() {
        watch.run();
        look = () -> {
            throw new IOException("connection refused");
        };
        watch.run();
        assertThat(watch.trouble()).isEmpty();

        clock.now = clock.now.plusSeconds(6);
        assertThat(watch.trouble()).contains("the brokers gave no answer: connection refused");
    }

    @Test
    void tellsALookThatHangs() {
        watch.run();
        clock.now = clock.now.plusSeconds(6);
        assertThat(watch.trouble()).contains("the brokers gave no answer for 5.0 s");
    }

    @Test
    void isWellAgainAfterTheFirstAnswer() {
        look = () -> {
            throw new IOException("connection refused");
        };
        watch.run();
        look = Optional::empty;
        watch.run();
        assertThat(watch.trouble()).isEmpty();
    }

    private static final class Ticking extends Clock {
        private Instant now = Instant.parse("2030-01-01T12:00:00Z");

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
