package dev.orderflow.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.testing.CapturedLog;
import dev.orderflow.testing.Ticking;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OutageLogTest {

    private static final String NAME = "outage-log-test";

    private final Ticking clock = new Ticking();
    private final CapturedLog log = CapturedLog.debugOf(NAME);
    private final OutageLog outage = outage(Duration.ZERO);

    private OutageLog outage(Duration quiet) {
        return new OutageLog(LoggerFactory.getLogger(NAME), "inventory", quiet, clock);
    }

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void tellsTheBeginAndTheEndOnceAndRepeatsForDebugAlone() {
        // When
        outage.works();
        outage.fails("waiting: the database db:5432: Connection refused");
        clock.pass(Duration.ofSeconds(14));
        outage.fails("waiting: the database db:5432: starting up");
        outage.works();
        outage.works();

        // Then
        assertThat(log.text().lines())
                .containsExactly(
                        "WARN inventory: waiting: the database db:5432: Connection refused",
                        "DEBUG inventory: waiting: the database db:5432: starting up",
                        "INFO inventory: works again after 14.0 s");
    }

    @Test
    void tellsAnotherCauseInsideOfAnOutage() {
        outage.fails("database", "waiting: the database");
        outage.fails("brokers", "waiting: the brokers");
        outage.fails("database", "waiting: the database");

        assertThat(log.text().lines())
                .containsExactly(
                        "WARN inventory: waiting: the database",
                        "WARN inventory: waiting: the brokers",
                        "DEBUG inventory: waiting: the database");
    }

    @Test
    void isNotOverWhileOthersStillFail() {
        // Given
        var many = outage(Duration.ofSeconds(1));
        many.fails("not acknowledged");

        // When
        clock.pass(Duration.ofMillis(500));
        many.works();
        many.fails("not acknowledged");
        clock.pass(Duration.ofMillis(1500));
        many.works();

        // Then
        assertThat(log.text().lines())
                .containsExactly(
                        "WARN inventory: not acknowledged",
                        "DEBUG inventory: not acknowledged",
                        "INFO inventory: works again after 2.0 s");
    }
}
