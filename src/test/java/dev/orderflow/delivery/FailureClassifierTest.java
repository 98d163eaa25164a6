package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.database.SqlErrors;
import dev.orderflow.telemetry.Causes;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailureClassifierTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"08006", "40001", "40P01", "53300", "57P01", "57P03", "58030", "55P03", "25P03", "25006", "28P01"
            })
    void waitsForWhatPassesInTheDatabase(String state) {
        assertThat(FailureClassifier.is(new IllegalStateException(new SQLException("x", state))))
                .isTrue();
        assertThat(SqlErrors.isOurFault(new SQLException("x", state))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"23514", "22003", "23505"})
    void doesNotWaitForARowThatIsRefused(String state) {
        assertThat(FailureClassifier.is(new SQLException("x", state))).isFalse();
        assertThat(SqlErrors.isOurFault(new SQLException("x", state))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"42P01", "42601", "42501", "25001"})
    void knowsAFaultOfOurs(String state) {
        assertThat(SqlErrors.isOurFault(new RuntimeException(new SQLException("x", state))))
                .isTrue();
    }

    @Test
    void waitsForPoolBrokerAndNetwork() {
        assertThat(FailureClassifier.is(new SQLException("Connection is closed")))
                .isTrue();
        assertThat(FailureClassifier.is(new SQLTransientConnectionException("pool is empty")))
                .isTrue();
        assertThat(FailureClassifier.is(new RuntimeException(new TimeoutException("no broker"))))
                .isTrue();
        assertThat(FailureClassifier.is(new RuntimeException(new ConnectException("refused"))))
                .isTrue();
        assertThat(FailureClassifier.is(new RuntimeException(new TopicAuthorizationException("events"))))
                .isTrue();
        assertThat(FailureClassifier.is(new SaslAuthenticationException("wrong password")))
                .isTrue();
        assertThat(FailureClassifier.is(new RecordTooLargeException("too large")))
                .isFalse();
    }

    /** A drill's seed 2329941285: a stop interrupted a mail whose database did not answer, and its order was parked. */
    @Test
    void parksNobodyForAStop() {
        for (Exception stop : List.of(
                new InterruptedException(),
                new InterruptException("stop"),
                new InterruptedIOException(),
                new SocketTimeoutException(),
                new ClosedByInterruptException(),
                new RejectedExecutionException("stopped"))) {
            assertThat(FailureClassifier.is(new IllegalStateException(stop)))
                    .as("%s", stop)
                    .isTrue();
        }
    }

    @Test
    void tellsTheDeepestCauseInOneBoundedLine() {
        var deep = new RuntimeException("outer", new IllegalStateException("inner\nsecond line"));

        assertThat(Causes.sentence(deep)).isEqualTo("inner");
        assertThat(Causes.sentence(new IllegalStateException("x".repeat(1_000))))
                .hasSize(200);
    }
}
