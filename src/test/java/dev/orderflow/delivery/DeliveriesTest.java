package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.testing.CapturedLog;
import java.time.Instant;
import java.util.List;
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
        deliveries.outages().fails("inventory", PartOutages.COMMIT, "offsets not committed yet", false);

        // Then
        assertThat(told()).isEqualTo(DeliveryState.NOTICED);
        deliveries.outages().fails("inventory", PartOutages.BATCH, "batch not done", false);
        assertThat(told()).isEqualTo(DeliveryState.WAITING);
        deliveries.outages().works("inventory", PartOutages.BATCH);
        deliveries.outages().givenUp("inventory", PartOutages.COMMIT);
        assertThat(told()).isEqualTo(DeliveryState.RUNNING);
    }

    @Test
    void hasPatienceWithWhatFailsForAMoment() {
        deliveries.joined("inventory");

        deliveries.outages().fails("inventory", PartOutages.COMMIT, "offsets not committed yet", false);

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
        deliveries.outages().fails("inventory", PartOutages.COMMIT, "offsets not committed yet: no broker", false);
        deliveries
                .outages()
                .fails("inventory", PartOutages.COMMIT, "offsets not committed yet: its user may not", true);

        assertThat(told()).isEqualTo(DeliveryState.NOTICED);
    }

    @Test
    void isJoiningAgainWhenAStoppedRouteStarts() {
        deliveries.joined("inventory");
        deliveries.started("inventory");
        assertThat(told()).as("it runs already").isEqualTo(DeliveryState.RUNNING);
        deliveries.stopped("inventory");

        deliveries.started("inventory");

        assertThat(told()).isEqualTo(DeliveryState.JOINING);
    }

    @Test
    void anotherServicesPartitionsAreNotItsOwn() {
        deliveries.joined("shipping");
        assertThat(told()).isEqualTo(DeliveryState.JOINING);

        deliveries.running("inventory");

        assertThat(told()).isEqualTo(DeliveryState.RUNNING);
    }

    @Test
    void aStoppedRouteDoesNotRunByAnAssignment() {
        deliveries.stopped("inventory");

        deliveries.joined("inventory");
        deliveries.running("inventory");

        assertThat(told()).isEqualTo(DeliveryState.STOPPED);
    }

    @Test
    void nobodyExpectsOfAStoppedRouteThatItWorks() {
        deliveries.began("inventory", "gap", DeliveryState.NOTICED, Instant.now(), "a gap");
        deliveries.outages().fails("inventory", PartOutages.BATCH, "batch not done", true);

        deliveries.stopped("inventory");

        assertThat(told()).isEqualTo(DeliveryState.STOPPED);
    }

    @Test
    void goesOnWhenItsThreadDoes() {
        deliveries.joined("inventory");
        deliveries.resting(state(DeliveryState.WAITING), "");
        assertThat(told()).isEqualTo(DeliveryState.WAITING);

        deliveries.running("inventory");

        assertThat(told()).isEqualTo(DeliveryState.RUNNING);
    }

    @Test
    void saysAnotherSinceWhenItIsHeldAfterItWaited() {
        var waits = new DeliveryState("inventory", "inventory", DeliveryState.WAITING, Instant.EPOCH, "no database");
        deliveries.resting(waits, "");

        deliveries.resting(state(DeliveryState.HELD), "");

        assertThat(told()).isEqualTo(DeliveryState.HELD);
        assertThat(deliveries.states().get(0).since()).isAfter(Instant.EPOCH);
    }

    @Test
    void forgetsARoute() {
        deliveries.forget("inventory");

        assertThat(deliveries.states()).isEmpty();
    }

    @Test
    void forgetsWhatFailedOfARouteThatIsForgotten() {
        deliveries.outages().fails("inventory", PartOutages.BATCH, "batch not done", true);
        deliveries.resting(state(DeliveryState.HELD), "");
        deliveries.forget("inventory");

        deliveries.running("inventory");
        assertThat(deliveries.states()).isEmpty();
        deliveries.started("inventory");
        assertThat(deliveries.states()).isEmpty();
    }

    @Test
    void tellsTheRoutesInTheOrderOfTheirNames() {
        deliveries.tell(DeliveryState.of("audit", "audit", DeliveryState.RUNNING, ""));
        deliveries.tell(DeliveryState.of("shipping", "shipping", DeliveryState.RUNNING, ""));

        assertThat(deliveries.states())
                .extracting(DeliveryState::route)
                .containsExactly("audit", "inventory", "shipping");
    }

    @Test
    void severalOfOneKindAreOneWithEveryCauseSinceTheFirst() {
        deliveries.joined("inventory");
        var first = Instant.parse("2026-11-27T10:00:00Z");
        deliveries.began("inventory", "b", DeliveryState.NOTICED, first.plusSeconds(5), "a stranger");
        deliveries.began("inventory", "a", DeliveryState.NOTICED, first, "a gap");

        assertThat(deliveries.states()).singleElement().satisfies(state -> {
            assertThat(state.cause()).isEqualTo("a gap; a stranger");
            assertThat(state.since()).isEqualTo(first);
            assertThat(state.service()).isEqualTo("inventory");
        });
        deliveries.over("inventory", "a");
        assertThat(deliveries.states().get(0).cause()).isEqualTo("a stranger");
        deliveries.over("inventory", "b");
        assertThat(told()).isEqualTo(DeliveryState.RUNNING);
    }

    @Test
    void saysOneCauseOnce() {
        deliveries.joined("inventory");
        deliveries.began("inventory", "a", DeliveryState.NOTICED, Instant.now(), "a gap");
        deliveries.began("inventory", "b", DeliveryState.NOTICED, Instant.now(), "a gap");

        assertThat(deliveries.states().get(0).cause()).isEqualTo("a gap");
    }

    @Test
    void tellsThatSomethingIsWorseSinceThen() {
        var first = Instant.parse("2026-11-27T10:00:00Z");
        deliveries.began("inventory", "poll", DeliveryState.NOTICED, first, "slow");

        deliveries.began("inventory", "poll", DeliveryState.HELD, first.plusSeconds(9), "refused");

        assertThat(told()).isEqualTo(DeliveryState.HELD);
        assertThat(deliveries.states().get(0).since()).isEqualTo(first.plusSeconds(9));
    }

    /** A foreign writer must not fill the log. */
    @Test
    void tellsTheFirstOfEachKindThatIsIgnoredAndTwoHundredKindsAtMost() {
        try (var log = CapturedLog.debugOf(Deliveries.class.getName())) {
            deliveries.ignored("inventory", "orders-0@7", "its type is foreign");
            deliveries.ignored("inventory", "orders-0@8", "its type is foreign");
            assertThat(log.text())
                    .isEqualTo(
                            "WARN record orders-0@7: ignored by inventory: its type is foreign; further ones are counted only");
            for (int kind = 0; kind < 300; kind++) {
                deliveries.ignored("inventory", "orders-0@9", "kind " + kind);
            }
            assertThat(log.text().lines()).hasSize(200);
        }
    }

    @Test
    void tellsAnOutageOnceAndWhenItIsOver() {
        try (var log = CapturedLog.debugOf(Deliveries.class.getName())) {
            deliveries.joined("inventory");
            deliveries.resting(state(DeliveryState.WAITING), "no database");
            deliveries.resting(state(DeliveryState.WAITING), "no database");
            deliveries.running("inventory");

            assertThat(log.text().lines()).hasSize(3).first().isEqualTo("WARN inventory: waiting: ");
            assertThat(log.text()).contains("INFO inventory: works again after");
            deliveries.resting(state(DeliveryState.WAITING), "");
            deliveries.stopped("inventory");
            deliveries.running("inventory");
            assertThat(log.text().lines()).as("a stop is no recovery").hasSize(4);
        }
    }

    @Test
    void isNotPausedAsLongAsNobodyHasRead() {
        assertThat(deliveries.isPaused("inventory")).isFalse();
        var database = new MemoryDatabase();
        database.finds(asked -> asked.sql().contains("delivery.paused") ? List.of(List.of("inventory")) : List.of());

        var directives = deliveries.directives(database.dataSource());

        assertThat(deliveries.directives(database.dataSource())).isSameAs(directives);
        assertThat(deliveries.isPaused("inventory")).isTrue();
        assertThat(deliveries.isPaused("shipping")).isFalse();
    }

    private String told() {
        return deliveries.states().get(0).state();
    }

    private static DeliveryState state(String state) {
        return DeliveryState.of("inventory", "inventory", state, "");
    }
}
