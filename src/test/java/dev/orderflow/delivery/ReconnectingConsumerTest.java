package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;

/** What a consumer does with its calls, and when its client is made and thrown away. */
class ReconnectingConsumerTest extends ConsumerInHand {

    @Test
    void makesItsClientAtTheFirstPoll() {
        assertThat(made).isEmpty();
        assertThat(proxy.assignment()).isEmpty();
        assertThat(proxy.paused()).isEmpty();
        proxy.wakeup();
        proxy.unsubscribe();

        poll();
        poll();

        assertThat(made).singleElement().satisfies(own -> {
            assertThat(own).containsEntry("auto.offset.reset", "none").containsEntry("group.id", "shipping");
            assertThat((String) own.get("client.id")).matches("orderflow-shipping-\\d+");
        });
        assertThat(proxy.assignment()).isEqualTo(Set.of(P0, P1));
    }

    @Test
    void tellsItsOwnerWhatItReads() {
        assertThat(owner.topics).isEqualTo(List.of("orders"));
        assertThat(consumer.topics()).isEqualTo(List.of("orders"));
        assertThat(consumer.service()).isEqualTo("shipping");
        assertThat(deliveries.topics("shipping")).isEqualTo(Set.of("orders"));
        assertThat(deliveries.topics("inventory")).isEmpty();
    }

    @Test
    void aClientThatCannotBeMadeIsAPollThatFails() {
        cannotBeMade = new KafkaException("no such host");
        assertThatThrownBy(this::poll).isSameAs(cannotBeMade);
        cannotBeMade = null;

        assertThat(poll()).isEmpty();

        assertThat(made).hasSize(2);
    }

    @Test
    void isOneConsumerToWhoComparesIt() {
        assertThat(proxy.equals(proxy)).isTrue();
        assertThat(proxy.equals(consumer().asConsumer())).isFalse();
        assertThat(proxy.hashCode()).isEqualTo(System.identityHashCode(consumer));
        assertThat(proxy).hasToString("consumer of shipping");
        poll();
        assertThat(ReconnectingConsumer.ofThisThread()).containsSame(consumer);
    }

    @Test
    void leavesItsGroupAfterAFailureAndBeginsFromItsCommits() {
        poll();

        consumer.recover(new TimeoutException("no broker"));

        assertThat(clients.get(0).closed()).isTrue();
        assertThat(told().state()).isEqualTo(DeliveryState.WAITING);
        assertThat(told().cause()).isEqualTo("poll of orders failed with TimeoutException: no broker");
        poll();
        assertThat(clients).hasSize(2);
        assertThat(clients.get(1).assignment()).isEqualTo(Set.of(P0, P1));
        proxy.close();
        assertThat(told().state()).as("another client may read").isEqualTo(DeliveryState.WAITING);
    }

    @Test
    void recoversFromNothingWhileItStops() {
        poll();
        owner.stopping = true;

        consumer.recover(new TimeoutException("no broker"));

        assertThat(clients.get(0).closed()).isFalse();
        assertThat(told().state()).isEqualTo(DeliveryState.RUNNING);
    }

    @Test
    void isGoneWhenItIsClosed() {
        poll();
        consumer.recover(new TimeoutException("no broker"));
        poll();
        owner.stopping = true;

        proxy.close();

        assertThat(clients.get(1).closed()).isTrue();
        assertThat(deliveries.consumers()).doesNotContain(consumer);
        assertThat(told().state()).isEqualTo(DeliveryState.RUNNING);
    }

    @Test
    void wakesItsClientUp() {
        poll();
        proxy.wakeup();

        assertThatThrownBy(() -> clients.get(0).pollAsKafkaDoes()).isInstanceOf(WakeupException.class);
    }

    @Test
    void itsLoopHasEndedWhenNobodyPollsThoughHeShould() {
        owner.polls = false;
        assertThat(consumer.ended()).as("it has not begun").isEmpty();
        poll();
        assertThat(consumer.ended()).contains("route of shipping");

        owner.stopping = true;
        assertThat(consumer.ended()).isEmpty();
        owner.stopping = false;
        owner.suspended = true;
        assertThat(consumer.ended()).isEmpty();
        owner.suspended = false;
        owner.polls = true;
        assertThat(consumer.ended()).isEmpty();
    }

    @Test
    void givesItsClientUpForWhoStartsItAgain() {
        poll();

        consumer.abandon();

        assertThat(clients.get(0).closed()).isTrue();
    }

    @Test
    void aSuspendedRoutePollsNoMoreUntilItIsResumedOrWokenUp() {
        poll();
        owner.suspended = true;
        owner.looks = 5;

        consumer.recover(new TimeoutException("no broker"));

        assertThat(owner.looks).as("it waited until it was no more").isZero();
        assertThat(owner.suspended).isFalse();
    }

    @Test
    void aWakeUpEndsARest() {
        poll();
        owner.suspended = true;
        owner.onLook = () -> proxy.wakeup();

        consumer.recover(new TimeoutException("no broker"));

        assertThat(owner.suspended).isTrue();
    }

    @Test
    void restsForAsLongAsItSays() {
        poll();
        consumer.recover(new TimeoutException("no broker"));
        long start = System.nanoTime();

        consumer.recover(new TimeoutException("no broker"));

        assertThat(System.nanoTime() - start).isBetween(2_000_000L, 2_000_000_000L);
    }

    /** A new consumer has its partitions for long enough before a trouble is over; this one has none left. */
    @Test
    void aTroubleIsNotOverWithTheFirstPollThatGoesWell() {
        poll();
        consumer.recover(new TimeoutException("no broker"));

        poll();

        assertThat(told().state()).isEqualTo(DeliveryState.WAITING);
    }

    @Test
    void itsListenerHearsOfEachAssignment() {
        var heard = new ArrayList<Collection<TopicPartition>>();
        proxy.subscribe(List.of("orders"), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                // nothing to do
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                heard.add(partitions);
            }
        });

        poll();

        assertThat(heard).singleElement().satisfies(all -> assertThat(all).containsExactlyInAnyOrder(P0, P1));
    }

    /** After a failed batch Camel makes a new one in the same thread; a trouble that was told is the same one. */
    @Test
    void theNextConsumerOfAThreadTakesItsTroubleOver() {
        poll();
        consumer.recover(new TimeoutException("no broker"));
        var next = consumer();
        next.asConsumer().subscribe(List.of("orders"), NOTHING);

        next.asConsumer().poll(Duration.ZERO);
        owner.stopping = true;
        next.asConsumer().close();

        assertThat(told().state()).isEqualTo(DeliveryState.RUNNING);
    }
}
