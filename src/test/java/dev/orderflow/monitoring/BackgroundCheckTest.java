package dev.orderflow.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.testing.CapturedLog;
import dev.orderflow.testing.Ticking;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackgroundCheckTest {

    private final Ticking clock = new Ticking();
    private BackgroundCheck.Look look = Optional::empty;
    private final BackgroundCheck watch =
            new BackgroundCheck("the brokers", "b1:9092", () -> look.look(), Duration.ofSeconds(5), clock);

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

        clock.pass(Duration.ofSeconds(6));
        assertThat(watch.trouble()).contains("the brokers gave no answer: connection refused");
    }

    @Test
    void tellsALookThatHangs() {
        watch.run();
        clock.pass(Duration.ofSeconds(6));
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

    @Test
    void tellsTheLogOnceThatASilenceBeginsAndOnceThatItIsOver() {
        try (var log = CapturedLog.debugOf(BackgroundCheck.class.getName())) {
            // Given
            watch.tell();
            watch.run();
            look = () -> {
                throw new IOException("connection refused");
            };
            watch.run();
            watch.tell();

            // When
            clock.pass(Duration.ofSeconds(6));
            watch.tell();
            clock.pass(Duration.ofSeconds(8));
            watch.tell();
            look = Optional::empty;
            watch.run();
            watch.tell();
            watch.tell();

            // Then
            assertThat(log.text().lines().filter(line -> !line.startsWith("DEBUG")))
                    .containsExactly(
                            "WARN the brokers b1:9092: gave no answer: connection refused",
                            "INFO the brokers b1:9092: works again after 14.0 s");
        }
    }
}
