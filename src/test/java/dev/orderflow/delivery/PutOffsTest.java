package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.events.Event;
import dev.orderflow.testing.Records;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PutOffsTest {

    private static final long PATIENCE_MS = 100;

    private long millis = 1_000;
    private final PutOffs putOffs = new PutOffs(PATIENCE_MS, () -> TimeUnit.MILLISECONDS.toNanos(millis));

    @Test
    void isPutOffForLongWhenItsPatienceIsOver() {
        assertThat(putOffs.isForLong("odd")).isFalse();
        millis += PATIENCE_MS - 1;
        assertThat(putOffs.isForLong("odd")).isFalse();
        millis++;
        assertThat(putOffs.isForLong("odd")).isTrue();
        assertThat(putOffs.isForLong("another")).isFalse();
    }

    @Test
    void isAboutThisOneWhenAnotherWasTakenSince() {
        putOffs.isForLong("odd");
        assertThat(putOffs.tookAnotherSince("odd")).isFalse();
        millis++;
        putOffs.done(List.of(done("customer-notified")));
        assertThat(putOffs.tookAnotherSince("odd")).isTrue();
        assertThat(putOffs.tookAnotherSince("unknown")).isFalse();
    }

    @Test
    void whatWasTakenBeforeSaysNothing() {
        putOffs.isForLong("first");
        millis++;
        putOffs.done(List.of(done("customer-notified")));
        millis++;
        putOffs.isForLong("odd");
        assertThat(putOffs.tookAnotherSince("odd")).isFalse();
        assertThat(putOffs.tookAnotherSince("first")).isTrue();
    }

    /** An address that no mail can reach, a repeat and a dead letter went to nobody. */
    @Test
    void countsOnlyWhatTheOtherSideTook() {
        putOffs.isForLong("odd");
        millis++;
        InboundEvent repeat = done("customer-notified");
        repeat.fate = InboundEvent.Fate.REPEAT;
        InboundEvent parked = done("customer-notified");
        parked.fate = InboundEvent.Fate.PARKED;

        putOffs.done(List.of(done("customer-unreachable"), repeat, parked));

        assertThat(putOffs.tookAnotherSince("odd")).isFalse();
    }

    @Test
    void isNoneAnyMoreWhenItIsDoneOrParked() {
        InboundEvent odd = done("customer-notified");
        putOffs.isForLong(odd.id);
        putOffs.isForLong("other");
        millis += PATIENCE_MS;
        putOffs.done(List.of(odd));
        assertThat(putOffs.isForLong(odd.id)).isFalse();
        assertThat(putOffs.isForLong("other")).isTrue();
        putOffs.forget("other");
        assertThat(putOffs.isForLong("other")).isFalse();
    }

    /** Batches that went to another process leave theirs behind. */
    @Test
    void keepsABoundedNumber() {
        putOffs.isForLong("first");
        millis += PATIENCE_MS;
        assertThat(putOffs.isForLong("first")).isTrue();
        for (int count = 0; count < 1_000; count++) {
            putOffs.isForLong("event " + count);
        }
        assertThat(putOffs.isForLong("first")).isFalse();
    }

    private static InboundEvent done(String said) {
        UUID id = UUID.randomUUID();
        var event = new Event(id, "order-placed", Instant.EPOCH, Records.order(id, "A", 1));
        var item = new InboundEvent(null, null, event, 1);
        item.said = List.of(new OutboundEvent(
                said, "1970-01-01T00:00:00Z", Map.of("orderId", id).toString(), ""));
        return item;
    }
}
