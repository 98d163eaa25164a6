package dev.orderflow.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.delivery.DeliveryState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeliveriesCheckTest {

    private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");

    @Test
    void isWellWhenEveryDeliveryRuns() {
        assertThat(trouble("running", 3600)).isEmpty();
    }

    @Test
    void letsADeliveryWaitForAMoment() {
        assertThat(trouble("waiting", 10)).isEmpty();
    }

    @Test
    void tellsTheCauseOfALongWait() {
        assertThat(trouble("waiting", 11))
                .isEqualTo("shipping has waited since 2030-01-01T11:59:49Z: connection refused");
    }

    @Test
    void tellsAHeldRouteAtOnce() {
        assertThat(trouble("held", 0)).isEqualTo("shipping is held since 2030-01-01T12:00:00Z: connection refused");
    }

    @Test
    void isNotReadyBeforeTheConsumersJoined() {
        assertThat(trouble("joining", 0)).isEqualTo("shipping has not joined its consumer group yet");
    }

    @Test
    void isNotReadyWithAStoppedRoute() {
        assertThat(trouble("stopped", 1)).isEqualTo("shipping is stopped since 2030-01-01T11:59:59Z");
    }

    private static String trouble(String state, int secondsAgo) {
        var delivery =
                new DeliveryState("shipping", "shipping", state, NOW.minusSeconds(secondsAgo), "connection refused");
        return new DeliveriesCheck(() -> List.of(delivery), Duration.ofSeconds(10), Clock.fixed(NOW, ZoneOffset.UTC))
                .get()
                .orElse("");
    }
}
