package dev.orderflow.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.Event;
import dev.orderflow.kafka.KafkaHeaders;
import dev.orderflow.testing.Records;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.DefaultExchange;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.record.TimestampType;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a batch comes to, with receipts in memory and Kafka's own mock of a consumer. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeliveryTest {

    private static final TopicPartition PLACE = new TopicPartition("orders", 0);
    private static StoppableRoute route;
    private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();

    /** What was appended as dead letters, and what the next appends fail with. */
    private static final List<Message> LETTERS = new ArrayList<>();

    private static final List<RuntimeException> REFUSALS = new ArrayList<>();

    private final MemoryDatabase database = new MemoryDatabase();
    private final Deliveries deliveries = new Deliveries();
    private final CommittingConsumer consumer = new CommittingConsumer(PLACE);
    private final Once once = new Once();
    private final RouteVersions versions = new RouteVersions();
    private final List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();

    /** The orders of each try of the steps, in its order. */
    private final List<List<UUID>> tries = new ArrayList<>();

    private final Map<UUID, Exception> poison = new HashMap<>();
    private final List<Exception> failures = new ArrayList<>();
    private final Set<String> said = new HashSet<>(Set.of("parcel-sent"));
    private Delivery delivery;

    @BeforeAll
    static void start() throws Exception {
        route = new StoppableRoute("shipping");
        route.context().addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:dead-letter").errorHandler(noErrorHandler()).process(letter -> {
                    if (!REFUSALS.isEmpty()) {
                        throw REFUSALS.remove(0);
                    }
                    LETTERS.add(letter.getMessage().copy());
                });
            }
        });
        route.context().getRegistry().bind("meters", METERS);
        route.start();
    }

    @AfterAll
    static void stop() {
        route.close();
    }

    @BeforeEach
    void make() {
        LETTERS.clear();
        REFUSALS.clear();
        route.goOn();
        route.context().getRegistry().bind(RouteVersions.NAME, versions);
        once.setDataSource(database.dataSource());
        once.setDeliveries(deliveries);
        once.setRetryDelayMs(1);
        once.setRetryDelayMsMax(2);
        version(RouteVersionTrial.proven("v1"));
    }

    private void version(RouteVersionTrial version) {
        versions.tell("shipping", version);
        delivery = new Delivery(once, route.route(), exchange -> {
            List<?> events = exchange.getMessage().getBody(List.class);
            tries.add(events.stream().map(one -> ((Event) one).orderId()).toList());
            if (!failures.isEmpty()) {
                throw failures.remove(0);
            }
            for (Object one : events) {
                var failure = poison.get(((Event) one).orderId());
                if (failure != null) {
                    throw failure;
                }
            }
            exchange.getMessage()
                    .setBody(events.stream()
                            .flatMap(one -> said.stream()
                                    .map(type -> Event.of(((Event) one).orderId(), type, Map.of("by", "van"))))
                            .toList());
        });
    }

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
        assertThat(events).extracting(DeliveryTest::id).containsExactly(one + "/parcel-sent", two + "/parcel-sent");
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
                .extracting(DeliveryTest::id)
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

    private List<Message> process() throws Exception {
        var batch = new DefaultExchange(route.context());
        List<Exchange> list = new ArrayList<>();
        records.forEach(one -> list.add(CommittingConsumer.exchange(route.context(), consumer, one)));
        batch.getMessage().setBody(list);
        delivery.process(batch);
        List<Message> events = new ArrayList<>();
        ((List<?>) batch.getMessage().getBody()).forEach(one -> events.add((Message) one));
        return events;
    }

    private UUID place() {
        UUID id = UUID.randomUUID();
        add(Records.placed("orders", Records.order(id, "A", 1)));
        return id;
    }

    private void add(ProducerRecord<String, byte[]> placed) {
        records.add(new ConsumerRecord<>(
                "orders",
                0,
                records.size(),
                77,
                TimestampType.CREATE_TIME,
                0,
                0,
                placed.key(),
                placed.value(),
                placed.headers(),
                Optional.empty()));
    }

    private void redrive(UUID order, int attempt) {
        records.get(records.size() - 1)
                .headers()
                .add(DeadLetters.REDRIVE_SERVICE, "shipping".getBytes(UTF_8))
                .add(DeadLetters.ID, ("shipping/" + order + "/order-placed").getBytes(UTF_8))
                .add(DeadLetters.ATTEMPT, Integer.toString(attempt).getBytes(UTF_8));
    }

    private String told() {
        return deliveries.states().get(0).state();
    }

    private static double count(String result) {
        return METERS.get("orderflow.records")
                .tag("service", "shipping")
                .tag("result", result)
                .counter()
                .count();
    }

    private static String id(Message event) {
        return text(event, CloudEvents.ID);
    }

    private static String text(Message message, String header) {
        Object value = message.getHeader(header);
        return value instanceof byte[] bytes ? new String(bytes, UTF_8) : String.valueOf(value);
    }
}
