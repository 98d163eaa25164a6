package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PollTroubleTest {

    private static final List<String> TOPICS = List.of("orders", "order-events");

    private long nanos = TimeUnit.DAYS.toNanos(1);
    private final Deliveries deliveries = new Deliveries();
    private final PollTrouble trouble = new PollTrouble("shipping", deliveries, 100, 350, () -> nanos);

    @BeforeEach
    void running() {
        deliveries.tell(DeliveryState.of("shipping", "shipping", DeliveryState.RUNNING, ""));
    }

    @Test
    void restsLongerWithEachFailureUpToItsMost() {
        assertThat(trouble.began(new TimeoutException("no broker"), TOPICS)).isEqualTo(100);
        assertThat(trouble.began(new TimeoutException("no broker"), TOPICS)).isEqualTo(200);
        assertThat(trouble.began(new TimeoutException("no broker"), TOPICS)).isEqualTo(350);
    }

    @Test
    void saysWhatItWaitsForAndSinceWhen() {
        assertThat(trouble.isOn()).isFalse();
        trouble.began(new TimeoutException("no broker"), TOPICS);
        Instant since = told().since();

        trouble.began(new TimeoutException("still none"), TOPICS);

        assertThat(trouble.isOn()).isTrue();
        assertThat(told().state()).isEqualTo(DeliveryState.WAITING);
        assertThat(told().cause()).isEqualTo("poll of orders, order-events failed with TimeoutException: still none");
        assertThat(told().since()).isEqualTo(since);
    }

    @Test
    void isOverWhenItHasHadItsPartitionsForAWhile() {
        trouble.began(new TimeoutException("no broker"), TOPICS);
        trouble.polled(true);
        pass(3_000);
        trouble.polled(true);
        assertThat(trouble.isOn()).isTrue();
        nanos++;

        trouble.polled(true);

        assertThat(trouble.isOn()).isFalse();
        assertThat(told().state()).isEqualTo(DeliveryState.RUNNING);
        assertThat(trouble.began(new TimeoutException("again"), TOPICS)).isEqualTo(100);
    }

    @Test
    void isNotOverAsLongAsItHasNoPartition() {
        trouble.began(new TimeoutException("no broker"), TOPICS);
        trouble.polled(true);
        pass(2_000);
        trouble.polled(false);
        pass(2_000);

        trouble.polled(true);
        assertThat(trouble.isOn()).isTrue();
        pass(2_000);
        trouble.polled(true);
        assertThat(trouble.isOn()).isTrue();
    }

    @Test
    void anotherFailureBeginsTheWhileAnew() {
        trouble.began(new TimeoutException("no broker"), TOPICS);
        trouble.polled(true);
        pass(2_000);
        trouble.began(new TimeoutException("no broker"), TOPICS);
        pass(2_000);

        trouble.polled(true);
        pass(1_500);
        trouble.polled(true);

        assertThat(trouble.isOn()).isTrue();
    }

    @Test
    void aClientThatIsClosedEndsItOnlyWhenNobodyReadsAnyMore() {
        trouble.began(new TimeoutException("no broker"), TOPICS);
        trouble.closed(false);
        assertThat(told().state()).isEqualTo(DeliveryState.WAITING);

        trouble.closed(true);

        assertThat(told().state()).isEqualTo(DeliveryState.RUNNING);
        assertThat(trouble.isOn()).isFalse();
    }

    @Test
    void batchesThatFailInARowComeAgainMoreSlowly() {
        assertThat(trouble.batchFailed()).isEqualTo(100);
        pass(30_000);
        assertThat(trouble.batchFailed()).isEqualTo(200);
        assertThat(trouble.batchFailed()).isEqualTo(350);
        pass(30_001);
        assertThat(trouble.batchFailed()).isEqualTo(100);
    }

    @Test
    void saysWhichPermissionIsMissing() {
        trouble.began(new TopicAuthorizationException(Set.of("orders")), TOPICS);
        assertThat(told().cause()).isEqualTo("its user may not read topic orders: grant it Read and Describe there");
        trouble.began(new TopicAuthorizationException(Set.of()), TOPICS);
        assertThat(told().cause())
                .isEqualTo("its user may not read topic orders, order-events: grant it Read and Describe there");
        trouble.began(GroupAuthorizationException.forGroupId("shipping"), TOPICS);
        assertThat(told().cause()).isEqualTo("its user may not use consumer group shipping: grant it Read there");
        trouble.began(new SaslAuthenticationException("wrong password."), TOPICS);
        assertThat(told().cause())
                .isEqualTo(
                        "the brokers do not let it in: wrong password. Look at kafka.security.protocol, kafka.sasl and kafka.ssl, and at what the brokers know of its user");
    }

    @Test
    void countsSecondsSince() {
        assertThat(PollTrouble.seconds(Instant.now().minusSeconds(7))).isBetween(7L, 60L);
    }

    private void pass(long ms) {
        nanos += TimeUnit.MILLISECONDS.toNanos(ms);
    }

    private DeliveryState told() {
        return deliveries.states().get(0);
    }
}
