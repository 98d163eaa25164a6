package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.StaleMemberEpochException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The place of a batch, with Kafka's own mock of a consumer. */
class BatchOffsetsTest {

    private static final TopicPartition P0 = new TopicPartition("orders", 0);
    private static final TopicPartition P1 = new TopicPartition("orders", 1);

    private static StoppableRoute route;

    private final Deliveries deliveries = new Deliveries();
    private final CommittingConsumer consumer = new CommittingConsumer(P0, P1);
    private final Awaited awaited = new Awaited(null, "broker:9092");

    @BeforeAll
    static void start() throws Exception {
        route = new StoppableRoute("shipping");
        route.start();
    }

    @AfterAll
    static void stop() {
        route.close();
    }

    @BeforeEach
    void running() {
        route.goOn();
        deliveries.tell(DeliveryState.of("shipping", "shipping", DeliveryState.RUNNING, ""));
        deliveries.setPatienceMs(0);
    }

    @Test
    void commitsBehindTheLastRecordOfEachPartition() {
        batch(at(P0, 5), at(P1, 9), at(P0, 6), at(P0, 7)).onComplete(exchange());

        assertThat(consumer.offered).containsExactly(offsets(P0, 8, P1, 10));
        assertThat(consumer.committed(Set.of(P0, P1))).isEqualTo(offsets(P0, 8, P1, 10));
    }

    @Test
    void commitsNothingOfAPartitionThatIsSomebodyElsesNow() {
        consumer.own(P1);

        batch(at(P0, 5), at(P1, 9)).onComplete(exchange());

        assertThat(consumer.offered).containsExactly(offsets(P1, 10));
    }

    /** Nobody can say that they are not committed, when they are not ours to commit. */
    @Test
    void givesUpItsCommitsWhenAllPartitionsAreSomebodyElses() {
        deliveries.outages().fails("shipping", PartOutages.COMMIT, "offsets not committed yet", true);
        consumer.own();

        batch(at(P0, 5)).onComplete(exchange());

        assertThat(consumer.offered).isEmpty();
        assertThat(state()).isEqualTo(DeliveryState.RUNNING);
    }

    @Test
    void tellsThatItWorksWhenABatchIsDone() {
        deliveries.outages().fails("shipping", PartOutages.BATCH, "batch not done", true);
        consumer.holds = true;

        batch(at(P0, 5)).onComplete(exchange());

        assertThat(state()).isEqualTo(DeliveryState.RUNNING);
    }

    @Test
    void tellsThatItsCommitsWorkWhenOneIsAcknowledgedAndNotBefore() {
        deliveries.outages().fails("shipping", PartOutages.COMMIT, "offsets not committed yet", true);
        consumer.holds = true;
        batch(at(P0, 5)).onComplete(exchange());
        assertThat(state()).isEqualTo(DeliveryState.NOTICED);

        consumer.acknowledge(null);

        assertThat(state()).isEqualTo(DeliveryState.RUNNING);
        assertThat(consumer.offered).hasSize(1);
    }

    @Test
    void offersAgainWhatAPassingFailureKeptFromTheBrokers() {
        consumer.holds = true;
        batch(at(P0, 5), at(P1, 9)).onComplete(exchange());

        fail(new TimeoutException("no broker"));

        assertThat(consumer.offered).containsExactly(offsets(P0, 6, P1, 10), offsets(P0, 6, P1, 10));
        assertThat(state()).isEqualTo(DeliveryState.NOTICED);
        assertThat(deliveries.states().get(0).cause())
                .isEqualTo("offsets not committed yet: the brokers broker:9092: no broker");
    }

    /** KIP-848: the brokers may have moved the member on before its commit came. */
    @Test
    void offersAgainWhatCameWithAStaleEpoch() {
        consumer.holds = true;
        batch(at(P0, 5)).onComplete(exchange());

        fail(new StaleMemberEpochException("stale"));

        assertThat(consumer.offered).hasSize(2);
    }

    @Test
    void aRefusedCommitIsToldAtOnceAndOfferedAgain() {
        deliveries.setPatienceMs(60_000);
        consumer.holds = true;
        batch(at(P0, 5)).onComplete(exchange());

        fail(GroupAuthorizationException.forGroupId("shipping"));

        assertThat(consumer.offered).hasSize(2);
        assertThat(state()).isEqualTo(DeliveryState.NOTICED);
    }

    @Test
    void aFailureThatPassesIsNotToldAtOnce() {
        deliveries.setPatienceMs(60_000);
        consumer.holds = true;
        batch(at(P0, 5)).onComplete(exchange());

        fail(new TimeoutException("no broker"));

        assertThat(state()).isEqualTo(DeliveryState.RUNNING);
    }

    @Test
    void aFailureThatStaysIsNotOfferedAgain() {
        deliveries.outages().fails("shipping", PartOutages.COMMIT, "offsets not committed yet", true);
        consumer.holds = true;
        batch(at(P0, 5)).onComplete(exchange());

        fail(new FencedInstanceIdException("another one has its name"));

        assertThat(consumer.offered).hasSize(1);
        assertThat(state()).isEqualTo(DeliveryState.RUNNING);
    }

    /** A late retry of an older batch would have the group begin there again. */
    @Test
    void aLateRetryNeverTakesANewerCommitBack() {
        consumer.holds = true;
        batch(at(P0, 5), at(P1, 9)).onComplete(exchange());
        batch(at(P0, 6)).onComplete(exchange());

        fail(new TimeoutException("no broker"));

        assertThat(consumer.offered).containsExactly(offsets(P0, 6, P1, 10), offsets(P0, 7), offsets(P1, 10));
    }

    @Test
    void aLateRetryWithNothingLeftIsNoneAndTellsNothing() {
        consumer.holds = true;
        batch(at(P0, 5)).onComplete(exchange());
        batch(at(P0, 6)).onComplete(exchange());

        fail(new TimeoutException("no broker"));

        assertThat(consumer.offered).hasSize(2);
        assertThat(state()).isEqualTo(DeliveryState.NOTICED);
    }

    @Test
    void consumersDoNotKnowEachOthersCommits() {
        consumer.holds = true;
        batch(at(P0, 5)).onComplete(exchange());
        var other = new CommittingConsumer(P0);
        new BatchOffsets(route.route(), List.of(record(other, P0, 8)), deliveries, awaited).onComplete(exchange());

        fail(new TimeoutException("no broker"));

        assertThat(consumer.offered).hasSize(2);
    }

    /** The client calls back at once and over and over where there is no broker. */
    @Test
    void isSlowedDownBeforeItOffersAgain() {
        consumer.holds = true;
        batch(at(P0, 5)).onComplete(exchange());
        long start = System.nanoTime();

        consumer.acknowledge(new TimeoutException("no broker"));

        assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(150));
        assertThat(consumer.offered).hasSize(2);
    }

    @Test
    void commitsBeforeItReturnsWhileTheRouteStops() {
        consumer.holds = true;
        var batch = batch(at(P0, 5), at(P1, 9));
        route.endConsumer();

        batch.onComplete(exchange());

        assertThat(consumer.offered).isEmpty();
        assertThat(consumer.committed(Set.of(P0, P1))).isEqualTo(offsets(P0, 6, P1, 10));
    }

    @Test
    void aStopEndsTheRetries() {
        deliveries.outages().fails("shipping", PartOutages.COMMIT, "offsets not committed yet", true);
        consumer.holds = true;
        batch(at(P0, 5)).onComplete(exchange());
        route.endConsumer();

        fail(new TimeoutException("no broker"));

        assertThat(consumer.offered).hasSize(1);
        assertThat(state()).isEqualTo(DeliveryState.RUNNING);
    }

    @Test
    void goesBackToTheFirstRecordOfEachPartitionWhenABatchFails() {
        consumer.own(P0);
        consumer.seek(P0, 8);
        var exchange = exchange();
        exchange.setException(new IllegalStateException("no sku"));

        batch(at(P0, 5), at(P1, 9), at(P0, 6)).onFailure(exchange);

        assertThat(consumer.position(P0)).isEqualTo(5);
        assertThat(state()).isEqualTo(DeliveryState.WAITING);
        assertThat(deliveries.states().get(0).cause()).isEqualTo("batch not done, it comes again: no sku");
    }

    @Test
    void aBatchThatFailedWithoutACauseIsToldToo() {
        batch(at(P0, 5)).onFailure(exchange());

        assertThat(deliveries.states().get(0).cause()).isEqualTo("batch not done, it comes again: no cause given");
    }

    @Test
    void aBatchThatIsRefusedIsToldAtOnce() {
        deliveries.setPatienceMs(60_000);
        var exchange = exchange();
        exchange.setException(GroupAuthorizationException.forGroupId("shipping"));

        batch(at(P0, 5)).onFailure(exchange);

        assertThat(state()).isEqualTo(DeliveryState.WAITING);
    }

    @Test
    void aBatchThatIsLeftByAStopIsNoFailure() {
        var exchange = exchange();
        exchange.setException(new BatchOffsets.Stopping());

        batch(at(P0, 5)).onFailure(exchange);

        assertThat(state()).isEqualTo(DeliveryState.RUNNING);
        assertThat(consumer.position(P0)).isEqualTo(5);
    }

    @Test
    void stopsWithItsConsumerSuspendedOrWithTheContext() {
        var batch = batch(at(P0, 5));
        assertThat(batch.stopping()).isFalse();

        route.suspendConsumer();
        assertThat(batch.stopping()).isTrue();
        route.goOn();
        route.endConsumer();
        assertThat(batch.stopping()).isTrue();
        route.goOn();
        assertThat(batch.stopping()).isFalse();
    }

    @Test
    void restsPausedAndTakesNoRecord() {
        var batch = batch(at(P0, 5));
        consumer.newlyAssigned(P1, 30, 31);
        long start = System.nanoTime();

        batch.rest(20);

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
        assertThat(consumer.polls).isNotEmpty().allMatch(timeout -> timeout.equals(Duration.ofMillis(20)));
        assertThat(consumer.paused()).isEqualTo(Set.of(P0, P1));
        assertThat(consumer.position(P1))
                .as("back to what it fetched before it was paused")
                .isEqualTo(30);
    }

    /** Heartbeats and rebalances happen in a poll, and a stop is seen between two. */
    @Test
    void pollsAtLeastTenTimesASecondWhileItRests() {
        var batch = batch(at(P0, 5));
        consumer.onPoll(route::endConsumer);

        assertThatThrownBy(() -> batch.rest(60_000))
                .isInstanceOf(BatchOffsets.Stopping.class)
                .hasMessage("the route stops; the batch is left for the next start");

        assertThat(consumer.polls).containsExactly(Duration.ofMillis(100));
    }

    @Test
    void readsOnAfterARest() {
        var batch = batch(at(P0, 5));
        batch.rest(1);

        batch.resume();

        assertThat(consumer.paused()).isEmpty();
    }

    /** What somebody else paused is none of its business. */
    @Test
    void resumesNothingWithoutARestBefore() {
        var batch = batch(at(P0, 5));
        consumer.pause(Set.of(P1));
        batch.resume();
        assertThat(consumer.paused()).isEqualTo(Set.of(P1));

        batch.rest(1);
        batch.resume();
        consumer.pause(Set.of(P1));
        batch.resume();
        assertThat(consumer.paused()).as("one rest, one resume").isEqualTo(Set.of(P1));
    }

    @Test
    void staysPausedWhileTheRouteStops() {
        var batch = batch(at(P0, 5));
        batch.rest(1);
        route.endConsumer();

        batch.resume();

        assertThat(consumer.paused()).isEqualTo(Set.of(P0, P1));
    }

    private String state() {
        return deliveries.states().get(0).state();
    }

    /** Without the pause before the next try, which one test of its own is about. */
    private void fail(Exception failure) {
        LockSupport.unpark(Thread.currentThread());
        consumer.acknowledge(failure);
    }

    private record Place(TopicPartition partition, long offset) {}

    private static Place at(TopicPartition partition, long offset) {
        return new Place(partition, offset);
    }

    private BatchOffsets batch(Place... places) {
        List<Exchange> records = new ArrayList<>();
        for (Place place : places) {
            records.add(record(consumer, place.partition(), place.offset()));
        }
        return new BatchOffsets(route.route(), records, deliveries, awaited);
    }

    private static Exchange record(CommittingConsumer consumer, TopicPartition partition, long offset) {
        return CommittingConsumer.exchange(
                route.context(),
                consumer,
                new ConsumerRecord<>(partition.topic(), partition.partition(), offset, "", new byte[0]));
    }

    private static Exchange exchange() {
        return new DefaultExchange(route.context());
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(TopicPartition partition, long offset) {
        return Map.of(partition, new OffsetAndMetadata(offset));
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(
            TopicPartition one, long offset, TopicPartition other, long otherOffset) {
        return Map.of(one, new OffsetAndMetadata(offset), other, new OffsetAndMetadata(otherOffset));
    }
}
