package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.events.Event;
import java.net.ConnectException;
import java.sql.SQLTransientException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Steps whose effect leaves the database, as mails do: what becomes of the events that they left, and of the others. */
class NotDoneTest extends DeliveryInHand {

    /** What an order fails with, at each try in turn; the first failure ends the steps. */
    private final Map<UUID, List<Exception>> refused = new HashMap<>();

    /** So many at most are tried at once. */
    private int tried = Integer.MAX_VALUE;

    private Runnable behindATry = () -> {};

    @BeforeEach
    void sendOneAfterTheOther() {
        delivery = new Delivery(once, route.route(), exchange -> {
            List<Event> events = new ArrayList<>();
            exchange.getMessage().getBody(List.class).forEach(one -> events.add((Event) one));
            tries.add(events.stream().map(Event::orderId).toList());
            List<Object> left = new ArrayList<>();
            boolean ended = false;
            for (Event event : events) {
                var failures = refused.getOrDefault(event.orderId(), List.of());
                if (ended || left.size() >= tried) {
                    left.add(NotDone.untried(event));
                } else if (failures.isEmpty()) {
                    left.add(Event.of(event.orderId(), "mail-sent", Map.of("by", "van")));
                } else {
                    left.add(NotDone.failed(event, failures.remove(0)));
                    ended = true;
                }
            }
            exchange.getMessage().setBody(left);
            behindATry.run();
        });
    }

    private void refuse(UUID order, Exception... failures) {
        refused.put(order, new ArrayList<>(List.of(failures)));
    }

    @Test
    void keepsWhatWasDoneAndParksAloneWhatCanNeverBe() throws Exception {
        UUID one = place();
        UUID bad = place();
        UUID three = place();
        UUID four = place();
        refuse(bad, new IllegalArgumentException("no such street"));
        double done = count("done");

        var events = process();

        assertThat(tries).containsExactly(List.of(one, bad, three, four), List.of(three, four));
        assertThat(events)
                .extracting(DeliveryInHand::id)
                .containsExactly(one + "/mail-sent", three + "/mail-sent", four + "/mail-sent");
        assertThat(count("done") - done).isEqualTo(3);
        assertThat(database.receipt("shipping", one, "order-placed").parked()).isFalse();
        assertThat(database.receipt("shipping", bad, "order-placed").parked()).isTrue();
        assertThat(LETTERS)
                .singleElement()
                .satisfies(letter ->
                        assertThat(text(letter, "kafka_dlt-exception-message")).isEqualTo("no such street"));
    }

    @Test
    void waitsForWhatPassesWithTheOneThatFailedAndSaysTheOthersOnce() throws Exception {
        UUID one = place();
        UUID two = place();
        UUID three = place();
        refuse(two, new ConnectException("refused"), new ConnectException("refused"), new ConnectException("refused"));

        var events = process();

        assertThat(tries)
                .containsExactly(List.of(one, two, three), List.of(two), List.of(two), List.of(two), List.of(three));
        assertThat(events)
                .extracting(DeliveryInHand::id)
                .containsExactly(one + "/mail-sent", two + "/mail-sent", three + "/mail-sent");
        assertThat(LETTERS).isEmpty();
        assertThat(told()).isEqualTo(DeliveryState.RUNNING);
    }

    @Test
    void goesOnWithWhatWasNotTried() throws Exception {
        UUID one = place();
        UUID two = place();
        UUID three = place();
        tried = 1;

        assertThat(process()).hasSize(3);

        assertThat(tries).containsExactly(List.of(one, two, three), List.of(two, three), List.of(three));
    }

    @Test
    void leavesWhatWasNotTriedToTheNextStartWhenTheRouteStops() {
        UUID one = place();
        UUID two = place();
        tried = 1;
        behindATry = route::suspendConsumer;

        assertThatThrownBy(this::process).isInstanceOf(BatchOffsets.Stopping.class);

        assertThat(tries).containsExactly(List.of(one, two));
        assertThat(database.receipt("shipping", one, "order-placed")).isNotNull();
        assertThat(database.receipt("shipping", two, "order-placed")).isNull();
    }

    @Test
    void forgetsWhatWasLeftOfATransactionThatFailed() throws Exception {
        UUID one = place();
        UUID two = place();
        refuse(one, new IllegalArgumentException("no such street"));
        database.failsAfter(1, new SQLTransientException("away", "08006"));

        assertThat(process()).hasSize(2);

        assertThat(tries).containsExactly(List.of(one, two), List.of(one, two));
        assertThat(LETTERS).isEmpty();
    }

    @Test
    void refusesStepsThatTryNone() throws Exception {
        place();
        tried = 0;

        assertThat(process()).isEmpty();

        assertThat(LETTERS)
                .singleElement()
                .satisfies(
                        letter -> assertThat(text(letter, "kafka_dlt-exception-message"))
                                .isEqualTo(
                                        "Route 'shipping' left all 1 events of its batch untried; a step must try one at least."));
    }

    @Test
    void refusesAnEventThatIsNoneOfItsBatch() throws Exception {
        place();
        delivery = new Delivery(
                once,
                route.route(),
                exchange -> exchange.getMessage()
                        .setBody(List.of(NotDone.untried(Event.of(UUID.randomUUID(), "order-placed", Map.of())))));

        assertThat(process()).isEmpty();

        assertThat(LETTERS)
                .singleElement()
                .satisfies(letter -> assertThat(text(letter, "kafka_dlt-exception-message"))
                        .isEqualTo("Route 'shipping' left an event as not done that is not in its batch."));
    }
}
