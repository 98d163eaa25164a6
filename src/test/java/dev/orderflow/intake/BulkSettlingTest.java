package dev.orderflow.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.testing.CapturedLog;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BulkSettlingTest {

    private static final String ID = new UUID(1, 2).toString();
    private static final String OTHER = new UUID(3, 4).toString();

    private final BulkInHand intake = BulkInHand.acknowledging(settings -> settings);
    private final BulkSettling settling = new BulkSettling(intake.bulk);
    private final CompletableFuture<Thread> teller = new CompletableFuture<>();
    private final LineResult result = new LineResult(1, () -> teller.complete(Thread.currentThread()));

    @AfterEach
    void stop() {
        intake.close();
    }

    @Test
    void settlesOnAWorkerWhenAllAreSentAndAnswered() throws Exception {
        settling.expect();
        settling.answered(ID, result, true);
        assertThat(intake.keys.asked).isEmpty();

        settling.allSent();

        // Kafka's sender thread must not wait for the database.
        assertThat(teller.get(10, TimeUnit.SECONDS).getName()).startsWith("Orderflow bulk");
        assertThat(intake.keys.asked).containsExactly("accept [" + ID + "]");
    }

    @Test
    void settlesNothingWhereNothingWasSent() {
        settling.allSent();

        assertThat(intake.bulk.workers.getTaskCount()).isZero();
    }

    @Test
    void settlesOnTheCallersThreadWhenTheWorkersAreGone() {
        intake.bulk.stop();
        settling.expect();
        settling.allSent();

        settling.answered(ID, result, false);

        assertThat(teller).isCompletedWithValue(Thread.currentThread());
        assertThat(intake.keys.asked).containsExactly("release [" + ID + "]");
        assertThat(intake.refused(503)).isEqualTo(1);
    }

    @Test
    void saysThatKeysAreNotSettledAndWhenTheyAreAgain() {
        intake.bulk.stop();
        try (var log = new CapturedLog()) {
            intake.keys.away = true;
            settling.expect();
            settling.answered(ID, result, true);
            settling.allSent();
            assertThat(log.text())
                    .contains("1 orders of a bulk kept, but their Idempotency-Keys were not settled in the database");
            assertThat(result.isKnown()).isTrue();

            intake.keys.away = false;
            var next = new BulkSettling(intake.bulk);
            next.expect();
            next.answered(OTHER, result, true);
            next.allSent();
            assertThat(log.text()).contains("intake: works again");
        }
    }
}
