package dev.orderflow.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.Event;
import dev.orderflow.kafka.KafkaHeaders;
import dev.orderflow.testing.Records;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

/** What a batch comes to. */
class DeliveryTest extends DeliveryInHand {

    @Test
    void joinsUntilTheGroupGivesItPartitions() {
        assertThat(deliveries.states()).singleElement().satisfies(state -> {
            assertThat(state.route()).isEqualTo("shipping");
            assertThat(state.service()).isEqualTo("shipping");
            assertThat(state.state()).isEqualTo(DeliveryState.JOINING);
        });
    }

    @Test
    void actsOnAllAtOnceAndSaysWhatTheStepsSaid() throws Exception {
        double done = count("done");
        UUID one = place();
        UUID two = place();

        var events = process();

        assertThat(tries).containsExactly(List.of(one, two));
        assertThat(database.transactions).containsExactly("commit");
        assertThat(events).extracting(DeliveryInHand::id).containsExactly(one + "/parcel-sent", two + "/parcel-sent");
        assertThat(text(events.get(0), KafkaHeaders.KEY)).isEqualTo(one.toString());
        assertThat(text(events.get(0), CloudEvents.TYPE)).isEqualTo("dev.orderflow.parcel-sent.v1");
        assertThat(text(events.get(0), CloudEvents.SOURCE)).isEqualTo("/orderflow/shipping");
        assertThat(text(events.get(0), CloudEvents.ROUTE_VERSION)).isEqualTo("v1");
        assertThat(text(events.get(0), CloudEvents.TRACEPARENT))
                .matches("00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01")
                .doesNotContain("00f067aa0ba902b7");
        assertThat(new String((byte[]) events.get(0).getBody(), UTF_8))
                .isEqualTo("{\"orderId\":\"%s\",\"by\":\"van\"}".formatted(one));
        assertThat(database.receipt("shipping", one, "order-placed").parked()).isFalse();
        assertThat(told()).isEqualTo(DeliveryState.RUNNING);
        assertThat(count("done") - done).isEqualTo(2);
    }

    @Test
    void wantsABatch() {
        var exchange = new DefaultExchange(route.context());
        exchange.getMessage().setBody("one");
        assertThatThrownBy(() -> delivery.process(exchange))
                .hasMessage("The policy 'once' got no batch. Set batching=true on the Kafka consumer.");
        exchange.getMessage().setBody(List.of());
        assertThatThrownBy(() -> delivery.process(exchange)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void saysAgainTheSameOfARepeatWithoutActing() throws Exception {
        UUID one = place();
        var first = process();
        tries.clear();

        var again = process();

        assertThat(tries).isEmpty();
        assertThat(again).hasSize(1);
        assertThat((byte[]) again.get(0).getBody())
                .isEqualTo((byte[]) first.get(0).getBody());
        assertThat(id(again.get(0))).isEqualTo(one + "/parcel-sent");
        assertThat(text(again.get(0), CloudEvents.TIME)).isEqualTo(text(first.get(0), CloudEvents.TIME));
    }

    @Test
    void actsOnceOnWhatStandsTwiceInABatch() throws Exception {
        UUID one = place();
        records.add(records.get(0));
        double before = count("repeat");

        var events = process();

        assertThat(tries).containsExactly(List.of(one));
        assertThat(events).hasSize(1);
        assertThat(count("repeat") - before).isEqualTo(1);
    }

    @Test
    void takesSoManyInOneTransactionAsItMay() throws Exception {
        once.setEventsMax(2);
        UUID one = place();
        UUID two = place();
        UUID three = place();

        process();

        assertThat(tries).containsExactly(List.of(one, two), List.of(three));
        assertThat(database.transactions).containsExactly("commit", "commit");
    }

    @Test
    void waitsForWhatPassesAndTriesAllAgain() throws Exception {
        UUID one = place();
        UUID two = place();
        failures.add(new SQLException("gone", "08006"));
        failures.add(new SQLException("gone", "08006"));
        consumer.onPoll(() -> assertThat(told()).isEqualTo(DeliveryState.WAITING));

        assertThat(process()).hasSize(2);

        assertThat(tries).containsExactly(List.of(one, two), List.of(one, two), List.of(one, two));
        assertThat(database.transactions).containsExactly("rollback", "rollback", "commit");
        assertThat(told()).isEqualTo(DeliveryState.RUNNING);
        assertThat(consumer.paused()).isEmpty();
        assertThat(consumer.polls).isNotEmpty();
        assertThat(consumer.polls.get(consumer.polls.size() - 1)).isEqualTo(Duration.ofMillis(2));
    }

    @Test
    void isHeldByAFaultOfOursUntilItIsMended() throws Exception {
        place();
        failures.add(new SQLException("no such table", "42P01"));
        consumer.onPoll(() -> assertThat(told()).isEqualTo(DeliveryState.HELD));

        assertThat(process()).hasSize(1);

        assertThat(LETTERS).isEmpty();
        assertThat(consumer.polls).isNotEmpty();
    }

    @Test
    void countsWhatPassesAndWhatNobodyOfOursUnderstands() throws Exception {
        double skipped = count("skipped");
        double ignored = count("ignored");
        add(Records.event("orders", UUID.randomUUID(), "order-recounted", "{}"));
        var foreign = Records.event("orders", UUID.randomUUID(), "x", "{}");
        foreign.headers().remove(CloudEvents.TYPE).add(CloudEvents.TYPE, "com.example.x".getBytes(UTF_8));
        add(foreign);
        add(foreign);

        assertThat(process()).isEmpty();

        assertThat(count("skipped") - skipped).isEqualTo(1);
        assertThat(count("ignored") - ignored).isEqualTo(2);
        assertThat(tries).isEmpty();
        assertThat(LETTERS).isEmpty();
    }

    @Test
    void leavesTheRestOfABatchWhenItsRouteStops() {
        once.setEventsMax(1);
        UUID one = place();
        place();
        failures.add(new SQLException("gone", "08006"));
        consumer.onPoll(route::endConsumer);

        assertThatThrownBy(this::process).isInstanceOf(BatchOffsets.Stopping.class);

        assertThat(tries).containsOnly(List.of(one));
    }

    @Test
    void leavesItsBatchWhenAnOperatorWantsItToStandStill() {
        database.finds(asked -> asked.sql().contains("delivery.paused") ? List.of(List.of("shipping")) : List.of());
        deliveries.directives(database.dataSource());
        place();
        failures.add(new SQLException("gone", "08006"));

        assertThatThrownBy(this::process).isInstanceOf(BatchOffsets.Stopping.class);

        assertThat(consumer.polls).isEmpty();
        assertThat(tries).hasSize(1);
    }

    @Test
    void aStepThatSaysSomethingTwiceOrOfAStrangerIsPoison() throws Exception {
        place();
        said.add("stranger");
        delivery = new Delivery(
                once,
                route.route(),
                exchange -> exchange.getMessage().setBody(List.of(Event.of(new UUID(0, 9), "parcel-sent", Map.of()))));
        process();
        assertThat(text(LETTERS.get(0), "kafka_dlt-exception-message"))
                .isEqualTo(
                        "Route 'shipping' said something of order 00000000-0000-0000-0000-000000000009, which is not in its batch.");

        records.clear();
        UUID two = place();
        delivery = new Delivery(
                once,
                route.route(),
                exchange -> exchange.getMessage()
                        .setBody(Stream.of(1, 2)
                                .map(i -> Event.of(two, "parcel-sent", Map.of()))
                                .toList()));
        process();
        assertThat(text(LETTERS.get(1), "kafka_dlt-exception-message"))
                .isEqualTo("Route 'shipping' said 'parcel-sent' twice of order " + two + ".");
    }

    @Test
    void aFailureThatAnErrorHandlerSwallowedIsAFailure() throws Exception {
        place();
        delivery = new Delivery(once, route.route(), exchange -> exchange.setRollbackOnly(true));
        process();
        assertThat(LETTERS).hasSize(1);

        records.clear();
        place();
        delivery = new Delivery(
                once, route.route(), exchange -> exchange.setException(new IllegalArgumentException("no van")));
        process();
        assertThat(text(LETTERS.get(1), "kafka_dlt-exception-message")).isEqualTo("no van");
    }

    @Test
    void stepsThatLeaveTheirEventsSayNothing() throws Exception {
        place();
        delivery = new Delivery(once, route.route(), exchange -> {
            assertThat(exchange.isTransacted()).isTrue();
            assertThat((Set<?>) exchange.getProperty(Once.FRESH)).hasSize(1);
        });
        assertThat(process()).isEmpty();

        records.clear();
        place();
        delivery = new Delivery(
                once, route.route(), exchange -> exchange.getMessage().setBody(null));
        assertThat(process()).isEmpty();
    }
}
