package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.events.Event;
import dev.orderflow.testing.Records;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.Processor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RehearsalDeliveryTest {

    private static final UUID ORDER = new UUID(0, 1);

    private final MemoryDatabase database = new MemoryDatabase();
    private final StoppableRoute route = new StoppableRoute("shipping");
    private final Once once = new Once();
    private final List<List<String>> rounds = new ArrayList<>();
    private RehearsalDelivery rehearsal;

    @BeforeEach
    void start() throws Exception {
        route.start();
        once.setHears("order-placed, stock-short, stock-reserved");
        rehearsal = RehearsalDelivery.in(route.context(), "shipping", database.dataSource());
    }

    @AfterEach
    void stop() {
        route.close();
    }

    @Test
    void takesThePlaceOfEachDeliveryOfItsContext() {
        assertThat(RehearsalDelivery.of(route.context())).containsSame(rehearsal);
        assertThat(rehearsal.isEmpty()).isTrue();
        Processor steps = exchange -> {};

        assertThat(once.wrap(route.route(), steps)).isSameAs(steps);

        assertThat(rehearsal.isEmpty()).isFalse();
    }

    @Test
    void knowsTheEventOfARecordThatItHears() {
        take();

        assertThat(rehearsal.eventId(placed(0))).contains(ORDER + "/order-placed");
        assertThat(rehearsal.eventId(at(Records.garbage("orders", ORDER), 0))).isEmpty();
        assertThat(rehearsal.eventId(event("order-recounted", 0))).isEmpty();
    }

    @Test
    void playsTogetherWhatWasTogetherAndTheEarlierFirst() throws Exception {
        take();
        var early = Instant.parse("2026-11-22T10:00:00Z");

        var said = rehearsal.play(
                List.of(event("stock-short", 30), event("stock-reserved", 20), placed(10), placed(40)),
                Map.of(
                        ORDER + "/order-placed", early.plusNanos(5),
                        ORDER + "/stock-short", early.plusNanos(5),
                        ORDER + "/stock-reserved", early));

        assertThat(rounds).containsExactly(List.of("stock-reserved"), List.of("order-placed", "stock-short"));
        assertThat(said).containsExactly(Map.entry("parcel-sent", "{\"orderId\":\"%s\",\"round\":1}".formatted(ORDER)));
        assertThat(database.asked).as("no receipt is looked at or written").isEmpty();
    }

    @Test
    void playsAloneAndLastWhatWasNeverActedOn() throws Exception {
        take();

        rehearsal.play(
                List.of(placed(10), event("stock-reserved", 20), event("stock-short", 30)),
                Map.of(ORDER + "/stock-short", Instant.EPOCH));

        assertThat(rounds).containsExactly(List.of("stock-short"), List.of("order-placed"), List.of("stock-reserved"));
    }

    @Test
    void failsWithWhatAStepFailedWith() {
        var failure = new IllegalArgumentException("no such street");
        once.wrap(route.route(), exchange -> {
            throw failure;
        });

        assertThatThrownBy(() -> rehearsal.play(List.of(placed(0)), Map.of())).isSameAs(failure);
        assertThat(RehearsalDelivery.sentence(failure)).isEqualTo("no such street");
        assertThat(RehearsalDelivery.isOutage(failure)).isFalse();
        assertThat(RehearsalDelivery.isOutage(new SQLException("gone", "08006")))
                .isTrue();
    }

    @Test
    void tellsWhatTheServiceNotedOfAnOrder() throws Exception {
        var other = new UUID(0, 2);
        database.receipt(
                "shipping",
                ORDER,
                "order-placed",
                false,
                1,
                "[{\"type\":\"parcel-sent\",\"time\":\"t\",\"body\":{\"orderId\":\"x\"}}]");
        database.receipt("shipping", ORDER, "stock-short", false, 1, null);
        database.receipt(
                "shipping",
                other,
                "order-placed",
                true,
                1,
                "{\"exception\":\"E\",\"message\":\"no such street\",\"fingerprint\":\"f\"}");
        database.receipt("inventory", other, "stock-short", false, 1, null);

        var receipts =
                RehearsalDelivery.receipts(database.dataSource().getConnection(), "shipping", List.of(ORDER, other));

        var at = Instant.parse("2026-11-22T10:00:00Z");
        assertThat(receipts)
                .isEqualTo(Map.of(
                        ORDER + "/order-placed",
                        new RehearsalDelivery.KeptReceipt(
                                at, Optional.empty(), Map.of("parcel-sent", "{\"orderId\":\"x\"}")),
                        ORDER + "/stock-short",
                        new RehearsalDelivery.KeptReceipt(at, Optional.empty(), Map.of()),
                        other + "/order-placed",
                        new RehearsalDelivery.KeptReceipt(at, Optional.of("no such street"), Map.of())));
    }

    private void take() {
        once.wrap(route.route(), exchange -> {
            List<?> events = exchange.getMessage().getBody(List.class);
            assertThat(exchange.getUnitOfWork().getRoute()).isSameAs(route.route());
            rounds.add(events.stream().map(one -> ((Event) one).type()).toList());
            exchange.getMessage().setBody(List.of(Event.of(ORDER, "parcel-sent", Map.of("round", rounds.size()))));
        });
    }

    private static ConsumerRecord<String, byte[]> placed(long time) {
        return at(Records.placed("orders", Records.order(ORDER, "A", 1)), time);
    }

    private static ConsumerRecord<String, byte[]> event(String type, long time) {
        return at(Records.event("orders", ORDER, type, "{\"orderId\":\"%s\"}".formatted(ORDER)), time);
    }

    private static ConsumerRecord<String, byte[]> at(ProducerRecord<String, byte[]> one, long time) {
        return new ConsumerRecord<>(
                one.topic(),
                0,
                0,
                time,
                TimestampType.CREATE_TIME,
                0,
                0,
                one.key(),
                one.value(),
                one.headers(),
                Optional.empty());
    }
}
