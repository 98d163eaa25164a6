package dev.orderflow.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.delivery.DeliveryState;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveriesCheckTest {

    private static final Instant SINCE = Instant.parse("2030-01-01T12:00:00Z");

    @Test
    void isWellWhenEveryDeliveryRuns() {
        assertThat(check("running").get()).isEmpty();
        assertThat(check("running").notice()).isEmpty();
    }

    @Test
    void isNotReadyBeforeTheConsumersJoined() {
        assertThat(check("joining").get()).contains("shipping has not joined its consumer group yet");
    }

    /** The state of a service is no reason to send the callers of intake elsewhere. */
    @ParameterizedTest
    @CsvSource({
        "waiting, shipping has waited since 2030-01-01T12:00:00Z: connection refused",
        "held, shipping is held since 2030-01-01T12:00:00Z: connection refused",
        "noticed, 'shipping runs, and since 2030-01-01T12:00:00Z: connection refused'",
        "stopped, shipping is stopped since 2030-01-01T12:00:00Z"
    })
    void tellsWhatIsNotWellAndIsReady(String state, String sentence) {
        assertThat(check(state).get()).isEmpty();
        assertThat(check(state).notice()).contains(sentence);
    }

    private static DeliveriesCheck check(String state) {
        var delivery = new DeliveryState("shipping", "shipping", state, SINCE, "connection refused");
        return new DeliveriesCheck(() -> List.of(delivery));
    }
}
