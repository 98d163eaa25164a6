package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;

/** What each end of a poll leads to. */
class RecoveringPollTest extends ConsumerInHand {

    @Test
    void givesOutWhatItPolled() {
        poll();
        script(() -> records(P0, 10, 11));

        assertThat(poll().count()).isEqualTo(2);
    }

    @Test
    void aWakeUpIsAStopOnlyWhenItsOwnerStops() {
        poll();
        script(() -> {
            throw new WakeupException();
        });
        assertThatThrownBy(this::poll)
                .isInstanceOf(KafkaException.class)
                .isNotInstanceOf(WakeupException.class)
                .hasMessage("woken up, and nobody wants it to stop");

        owner.stopping = true;
        script(() -> {
            throw new WakeupException();
        });
        assertThatThrownBy(this::poll).isInstanceOf(WakeupException.class);
    }

    @Test
    void holdsAPartitionWhoseRecordCannotBeReadAndReadsTheOthers() {
        poll();
        cannotRead(P0);

        assertThat(poll()).isEmpty();

        assertThat(proxy.paused()).isEqualTo(Set.of(P0));
        assertThat(told().state()).isEqualTo(DeliveryState.HELD);
        assertThat(told().cause()).startsWith("topic orders partition 0 is held at offset 10,");
        proxy.pause(Set.of(P1));
        proxy.resume(Set.of(P0, P1));
        assertThat(proxy.paused()).as("held whatever is resumed").isEqualTo(Set.of(P0));
    }

    @Test
    void aHeldPartitionThatIsHealedIsReadByANewClient() {
        poll();
        cannotRead(P0);
        poll();
        proxy.pause(Set.of(P1));
        consumer.heal(P0);
        poll();
        assertThat(clients).as("the service waits: not yet").hasSize(1);
        proxy.resume(Set.of(P1));

        poll();

        assertThat(clients).hasSize(2);
        assertThat(clients.get(0).closed()).isTrue();
        assertThat(proxy.paused()).isEmpty();
    }

    @Test
    void whatIsHealedAndNotHeldHereNeedsNoNewClient() {
        poll();
        consumer.heal(P0);

        poll();
        poll();

        assertThat(clients).hasSize(1);
    }

    @Test
    void passesARecordThatCannotBeReadWhenAnOperatorWantsIt() {
        tables.put("kind = 'skipped' AND over_at IS NULL", List.of(List.of("shipping", "orders", 0, 10L, 15L)));
        poll();
        cannotRead(P0);

        poll();

        assertThat(clients.get(0).position(P0)).isEqualTo(15);
        assertThat(proxy.paused()).isEmpty();
    }

    @Test
    void leavesOutWhatAnOperatorWantsPassed() {
        tables.put("kind = 'skipped' AND over_at IS NULL", List.of(List.of("shipping", "orders", 0, 11L, 13L)));
        poll();
        script(() -> records(P0, 10, 11, 12, 13));

        assertThat(poll())
                .extracting(one -> ((ConsumerRecord<?, ?>) one).offset())
                .isEqualTo(List.of(10L, 13L));

        script(() -> records(P0, 11, 12));
        assertThat(poll().partitions()).isEmpty();
    }

    @Test
    void anyOtherFailureIsThePollsOwn() {
        poll();
        script(() -> {
            throw new TimeoutException("no broker");
        });

        assertThatThrownBy(this::poll).isInstanceOf(TimeoutException.class).hasMessage("no broker");
    }

    @Test
    void standsStillOutsideOfItsGroupAsLongAsAnOperatorWantsIt() {
        poll();
        cannotRead(P0);
        poll();
        tables.put("delivery.paused", List.of(List.of("shipping")));
        deliveries.directives(database.dataSource()).read();
        owner.stopping = true;

        assertThat(poll()).isEmpty();

        var since = told().since();
        assertThat(told().state()).isEqualTo(DeliveryState.PAUSED);
        assertThat(told().cause()).doesNotContain("held").endsWith("orderflow resume shipping");
        assertThat(clients.get(0).closed()).isTrue();
        poll();
        assertThat(told().since()).isEqualTo(since);
        assertThat(clients).hasSize(1);

        tables.remove("delivery.paused");
        deliveries.directives(database.dataSource()).read();
        poll();
        assertThat(told().state()).isEqualTo(DeliveryState.RUNNING);
        assertThat(clients).hasSize(2);
    }
}
