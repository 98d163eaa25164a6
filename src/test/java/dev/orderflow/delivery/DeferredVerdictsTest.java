package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.junit.jupiter.api.Test;

/** What becomes of an event that failed alone, once the others of its batch were tried. */
class DeferredVerdictsTest extends DeliveryInHand {

    @Test
    void aVersionOnTrialIsProvenByAnOrderAndPoisonIsParked() throws Exception {
        var trial = RouteVersionTrial.onTrial("v2", Duration.ofMinutes(1));
        version(trial);
        UUID bad = place();
        place();
        poison.put(bad, new IllegalArgumentException("no such street"));

        assertThat(process()).hasSize(1);

        assertThat(trial.isOnTrial()).isFalse();
        assertThat(LETTERS).hasSize(1);
    }

    @Test
    void aVersionOnTrialParksNobodyWhenOneOrderFailsAlone() {
        var trial = RouteVersionTrial.onTrial("v2", Duration.ofMinutes(1));
        version(trial);
        poison.put(place(), new IllegalArgumentException("no such street"));

        assertThatThrownBy(this::process).hasMessage("no such street");

        assertThat(LETTERS).isEmpty();
        assertThat(trial.isOnTrial()).isTrue();
        assertThat(trial.failure()).isEmpty();
        assertThat(told()).isEqualTo(DeliveryState.HELD);
    }

    @Test
    void anOrderThatFailedAloneForLongEnoughIsParked() throws Exception {
        var trial = RouteVersionTrial.onTrial("v2", Duration.ofNanos(-1));
        version(trial);
        poison.put(place(), new IllegalArgumentException("no such street"));

        process();

        assertThat(LETTERS).hasSize(1);
        assertThat(trial.isOnTrial()).isTrue();
    }

    @Test
    void twoOrdersThatFailAreTheVersionsFault() {
        var trial = RouteVersionTrial.onTrial("v2", Duration.ofMinutes(1));
        version(trial);
        poison.put(place(), new IllegalArgumentException("no such street"));
        poison.put(place(), new IllegalArgumentException("no such street"));
        consumer.onPoll(route::endConsumer);

        assertThatThrownBy(this::process).isInstanceOf(BatchOffsets.Stopping.class);

        assertThat(trial.failure()).isEqualTo("no such street");
        assertThat(LETTERS).isEmpty();
    }

    @Test
    void aFaultOfOursFailsTheVersionOnTrial() {
        var trial = RouteVersionTrial.onTrial("v2", Duration.ofMinutes(1));
        version(trial);
        poison.put(place(), new SQLException("no such table", "42P01"));
        consumer.onPoll(route::endConsumer);

        assertThatThrownBy(this::process).isInstanceOf(BatchOffsets.Stopping.class);

        assertThat(trial.failure()).contains("no such table");
    }

    @Test
    void aFirstVersionThatFailedIsTriedAgainWithWhatComes() {
        var trial = RouteVersionTrial.first("v1", Duration.ofNanos(-1));
        version(trial);
        trial.failed("no such table");
        poison.put(place(), new IllegalArgumentException("no such street"));

        assertThatThrownBy(this::process).hasMessage("no such street");

        assertThat(LETTERS).isEmpty();
        assertThat(trial.isHeld()).isTrue();
    }

    @Test
    void parksARedrivenOneAlsoWhileAVersionIsOnTrial() throws Exception {
        version(RouteVersionTrial.onTrial("v2", Duration.ofMinutes(1)));
        UUID bad = place();
        redrive(bad, 2);
        poison.put(bad, new IllegalArgumentException("no such street"));

        process();

        assertThat(LETTERS)
                .singleElement()
                .satisfies(
                        letter -> assertThat(text(letter, DeadLetters.ATTEMPT)).isEqualTo("2"));
    }

    @Test
    void comesBackForWhatTheOtherSidePutsOffAndTriesTheOthersFirst() throws Exception {
        once.setEventsMax(1);
        once.setPutOffMs(0);
        said.clear();
        said.add("customer-notified");
        version(RouteVersionTrial.proven("v1"));
        UUID odd = place();
        UUID other = place();
        poison.put(odd, new SMTPSendFailedException("RCPT", 452, "452 4.2.2 full", null, null, null, null));

        process();

        assertThat(tries).containsExactly(List.of(odd), List.of(other));
        assertThat(LETTERS)
                .as("another one was taken since, so it is about this one")
                .hasSize(1);
        assertThat(database.receipt("shipping", odd, "order-placed").parked()).isTrue();
    }

    @Test
    void doesNotParkWhatIsPutOffWhereNobodyIsTaken() {
        once.setEventsMax(1);
        once.setPutOffMs(0);
        version(RouteVersionTrial.proven("v1"));
        poison.put(place(), new SMTPSendFailedException("RCPT", 452, "452 4.2.2 full", null, null, null, null));

        assertThatThrownBy(this::process).hasMessageContaining("full");

        assertThat(LETTERS).isEmpty();
        assertThat(told()).isEqualTo(DeliveryState.WAITING);
    }

    @Test
    void holdsAtTheCapAlsoForWhatIsPutOff() {
        once.setEventsMax(1);
        once.setPutOffMs(0);
        once.setParkedMax(1);
        version(RouteVersionTrial.proven("v1"));
        for (int i = 0; i < 2; i++) {
            poison.put(place(), new SMTPSendFailedException("RCPT", 452, "452 4.2.2 full", null, null, null, null));
        }
        said.clear();
        said.add("customer-notified");
        place();

        assertThatThrownBy(this::process).hasMessageContaining("full");

        assertThat(LETTERS).hasSize(1);
        assertThat(told()).isEqualTo(DeliveryState.HELD);
    }

    /** Without a batch's way through the steps. */
    @Test
    void triesASuspectAgainOnceItsVersionIsProvenAndLeavesTheOthersAlone() {
        place();
        place();
        var meters = new DeliveryMeters(route.context(), "shipping");
        var rests = new Rests(once, route.route(), "shipping", meters);
        var verdicts = new DeferredVerdicts(
                once,
                RouteVersionTrial.proven("v2"),
                new PutOffs(0, System::nanoTime),
                new Parking(once, "shipping", once.deadLetters(route.context(), "shipping"), meters, rests),
                rests,
                new EffectTransaction(once.dataSource(), "shipping", "v2", route.route(), exchange -> {}));
        var items = items();
        items.get(1).suspicion = new IllegalArgumentException("no such street");
        List<InboundEvent> again = new ArrayList<>();

        verdicts.decide(items, again::add, offsets());

        assertThat(again).containsExactly(items.get(1));
        assertThat(items.get(1).suspicion).isNull();
        assertThat(LETTERS).isEmpty();
    }

    private List<InboundEvent> items() {
        var reader = new RecordReader("shipping", once.hears());
        return exchanges().stream().map(one -> reader.read(one).item()).toList();
    }

    private BatchOffsets offsets() {
        return new BatchOffsets(route.route(), exchanges(), deliveries, new Awaited(once.dataSource(), ""));
    }
}
