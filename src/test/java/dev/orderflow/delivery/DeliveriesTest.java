package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeliveriesTest {

    private final Deliveries deliveries = new Deliveries();

    @BeforeEach
    void join() {
        deliveries.tell(state(DeliveryState.JOINING));
    }

    @Test
    void runsWhenTheGroupHasGivenItsPartitions() {
        // When
        deliveries.joined("inventory");

        // Then
        assertThat(told()).isEqualTo(DeliveryState.RUNNING);
    }

    @Test
    void staysHeldWhileAnotherConsumerOfTheRouteRuns() throws InterruptedException {
        // Given
        deliveries.joined("inventory");
        var other = new Thread(() -> deliveries.resting(state(DeliveryState.HELD), ""), "other");
        other.start();
        other.join();

        // When
        deliveries.running("inventory");

        // Then
        assertThat(told()).isEqualTo(DeliveryState.HELD);
    }

    @Test
    void tellsSinceWhenItWaits() {
        // Given
        deliveries.resting(state(DeliveryState.WAITING), "");
        var first = deliveries.states().get(0).since();

        // When
        deliveries.resting(state(DeliveryState.WAITING), "");

        // Then
        assertThat(deliveries.states().get(0).since()).isEqualTo(first);
    }

    @Test
    void forgetsWhatAThreadToldWhenItsRouteStops() {
        // Given
        deliveries.resting(state(DeliveryState.HELD), "");

        // When
        deliveries.stopped("inventory");

        // Then
        assertThat(told()).isEqualTo(DeliveryState.STOPPED);
    }

    @Test
    void tellsWhatFailsForLongerThanItsPatience() {
        // Given
        deliveries.joined("inventory");
        deliveries.setPatienceMs(-1);

        // When
        deliveries.fails("inventory", Deliveries.COMMIT, "offsets not committed yet", false);

        // Then
        assertThat(told()).isEqualTo(DeliveryState.NOTICED);
        deliveries.fails("inventory", Deliveries.BATCH, "batch not done", false);
        assertThat(told()).isEqualTo(DeliveryState.WAITING);
        deliveries.works("inventory", Deliveries.BATCH);
        deliveries.givenUp("inventory", Deliveries.COMMIT);
        assertThat(told()).isEqualTo(DeliveryState.RUNNING);
    }

    @Test
    void hasPatienceWithWhatFailsForAMoment() {
        deliveries.joined("inventory");

        deliveries.fails("inventory", Deliveries.COMMIT, "offsets not committed yet", false);

        assertThat(told()).isEqualTo(DeliveryState.RUNNING);
    }

    @Test
    void saysSinceWhenSomethingIsNoticedHoweverOftenItIsTold() {
        var first = Instant.parse("2026-11-27T10:00:00Z");
        deliveries.began("inventory", "gap", DeliveryState.NOTICED, first, "a gap");

        deliveries.began("inventory", "gap", DeliveryState.NOTICED, first.plusSeconds(5), "a gap");

        assertThat(deliveries.states().get(0).since()).isEqualTo(first);
    }

    @Test
    void saysWhatWasNoticedAlsoWhilePaused() {
        deliveries.began("inventory", "paused", DeliveryState.PAUSED, Instant.now(), "an operator wants it");

        deliveries.began("inventory", "gap", DeliveryState.NOTICED, Instant.now(), "a gap");

        assertThat(told()).isEqualTo(DeliveryState.PAUSED);
        assertThat(deliveries.states().get(0).cause()).isEqualTo("an operator wants it; a gap");
    }

    @Test
    void saysWhatWasNoticedAlsoWhileItWaits() {
        deliveries.joined("inventory");
        deliveries.began("inventory", "stranger", DeliveryState.NOTICED, Instant.now(), "a stranger");

        deliveries.began("inventory", "poll", DeliveryState.WAITING, Instant.now(), "it cannot join");

        assertThat(told()).isEqualTo(DeliveryState.WAITING);
        assertThat(deliveries.states().get(0).cause()).isEqualTo("it cannot join; a stranger");
    }

    @Test
    void tellsARefusalAtOnce() {
        deliveries.joined("inventory");

        // Also where an outage was before it
        deliveries.fails("inventory", Deliveries.COMMIT, "offsets not committed yet: no broker", false);
        deliveries.fails("inventory", Deliveries.COMMIT, "offsets not committed yet: its user may not", true);

        assertThat(told()).isEqualTo(DeliveryState.NOTICED);
    }

    private String told() {
        return deliveries.states().get(0).state();
    }

    private static DeliveryState state(String state) {
        return DeliveryState.of("inventory", "inventory", state, "");
    }
}
