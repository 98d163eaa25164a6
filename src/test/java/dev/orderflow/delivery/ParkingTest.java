package dev.orderflow.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.kafka.KafkaHeaders;
import dev.orderflow.testing.Records;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** What is parked of a batch, with what letter, and when no more is. */
class ParkingTest extends DeliveryInHand {

    @Test
    void halvesUntilThePoisonStandsAloneAndDoesItsNeighbours() throws Exception {
        UUID one = place();
        UUID two = place();
        UUID bad = place();
        UUID four = place();
        poison.put(bad, new IllegalArgumentException("no such street"));
        double before = count("parked");

        var events = process();

        assertThat(tries)
                .containsExactly(
                        List.of(one, two, bad, four),
                        List.of(one, two),
                        List.of(bad, four),
                        List.of(bad),
                        List.of(four));
        assertThat(events)
                .extracting(DeliveryInHand::id)
                .containsExactly(one + "/parcel-sent", two + "/parcel-sent", four + "/parcel-sent");
        assertThat(database.receipt("shipping", bad, "order-placed").parked()).isTrue();
        assertThat(count("parked") - before).isEqualTo(1);
        assertThat(LETTERS).singleElement().satisfies(letter -> {
            assertThat(text(letter, DeadLetters.ID)).isEqualTo("shipping/" + bad + "/order-placed");
            assertThat(text(letter, DeadLetters.SERVICE)).isEqualTo("shipping");
            assertThat(text(letter, DeadLetters.ATTEMPT)).isEqualTo("1");
            assertThat(text(letter, "kafka_dlt-original-topic")).isEqualTo("orders");
            assertThat(text(letter, "kafka_dlt-original-offset")).isEqualTo("2");
            assertThat(text(letter, "kafka_dlt-exception-message")).isEqualTo("no such street");
            assertThat(text(letter, "kafka_dlt-exception-fqcn")).isEqualTo("java.lang.IllegalArgumentException");
            assertThat(text(letter, KafkaHeaders.KEY)).isEqualTo(bad.toString());
        });
    }

    /** Nobody knows whether its letter was acknowledged before. */
    @Test
    void appendsTheLetterOfAParkedOneAgainAndDoesNotActOnIt() throws Exception {
        UUID bad = place();
        poison.put(bad, new IllegalArgumentException("no such street"));
        process();
        poison.clear();
        tries.clear();

        assertThat(process()).isEmpty();

        assertThat(tries).isEmpty();
        assertThat(LETTERS).hasSize(2);
        assertThat(LETTERS)
                .allMatch(letter -> text(letter, "kafka_dlt-exception-message").equals("no such street"));
    }

    @Test
    void actsOnARedrivenOneThatWasParkedBefore() throws Exception {
        UUID bad = place();
        database.receipt("shipping", bad, "order-placed", true, 1, "{}");
        redrive(bad, 2);

        assertThat(process()).hasSize(1);

        assertThat(database.receipt("shipping", bad, "order-placed"))
                .satisfies(row -> assertThat(row.parked()).isFalse())
                .satisfies(row -> assertThat(row.attempt()).isEqualTo(2));
    }

    @Test
    void parksTheTwinAsWellWhenItsFirstIsParked() throws Exception {
        UUID bad = place();
        records.add(records.get(0));
        poison.put(bad, new IllegalArgumentException("no such street"));

        process();

        assertThat(tries).containsExactly(List.of(bad));
        assertThat(LETTERS).hasSize(2);
    }

    @Test
    void parksWhatItCannotReadAndDoesTheOthers() throws Exception {
        UUID one = place();
        add(Records.garbage("orders", UUID.randomUUID()));

        assertThat(process()).hasSize(1);

        assertThat(tries).containsExactly(List.of(one));
        assertThat(LETTERS).singleElement().satisfies(letter -> {
            assertThat(text(letter, DeadLetters.ID)).isEqualTo("shipping/orders-0@1/77");
            assertThat((byte[]) letter.getBody()).isEqualTo("this is no order".getBytes(UTF_8));
        });
    }

    @Test
    void waitsUntilADeadLetterIsAcknowledged() throws Exception {
        UUID bad = place();
        poison.put(bad, new IllegalArgumentException("no such street"));
        REFUSALS.add(new TimeoutException("no broker"));
        REFUSALS.add(new RecordTooLargeException("too large"));
        List<String> states = new ArrayList<>();
        consumer.onPoll(() -> states.add(told()));

        process();

        assertThat(states).contains(DeliveryState.WAITING, DeliveryState.HELD);
        assertThat(LETTERS).hasSize(1);
        assertThat(told()).isEqualTo(DeliveryState.RUNNING);
    }

    @Test
    void holdsWhenTooManyWouldBeParkedForOneCause() {
        once.setParkedMax(1);
        once.setParkedWindow(10);
        version(RouteVersionTrial.proven("v1"));
        for (int i = 0; i < 2; i++) {
            poison.put(place(), new IllegalArgumentException("no such street"));
        }
        consumer.onPoll(() -> {
            assertThat(deliveries.states().get(0).cause())
                    .startsWith(
                            "1 of the last 10 records were parked for one cause, and more are not (delivery.parkedMax): no such street.");
            route.endConsumer();
        });

        assertThatThrownBy(this::process).isInstanceOf(BatchOffsets.Stopping.class);

        assertThat(LETTERS).hasSize(1);
    }

    @Test
    void holdsAtTheCapAlsoForWhatItCannotRead() {
        once.setParkedMax(1);
        version(RouteVersionTrial.proven("v1"));
        add(Records.garbage("orders", UUID.randomUUID()));
        add(Records.garbage("orders", UUID.randomUUID()));
        consumer.onPoll(route::endConsumer);

        assertThatThrownBy(this::process).isInstanceOf(BatchOffsets.Stopping.class);

        assertThat(LETTERS).hasSize(1);
        assertThat(told()).isEqualTo(DeliveryState.HELD);
    }

    /** The receipts are looked up, the steps fail, and the note of the parking is the second statement. */
    @Test
    void waitsWithTheParkingWhenTheDatabaseGoes() throws Exception {
        UUID bad = place();
        poison.put(bad, new IllegalArgumentException("no such street"));
        database.failsAfter(1, new SQLException("gone", "08006"));
        consumer.onPoll(() -> assertThat(told()).isEqualTo(DeliveryState.WAITING));

        process();

        assertThat(tries).hasSize(2);
        assertThat(LETTERS).hasSize(1);
    }
}
