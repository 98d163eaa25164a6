package dev.orderflow.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.Event;
import dev.orderflow.testing.Records;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.DefaultExchange;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A delivery with its steps, of which a test says what they come to; receipts in memory, Kafka's own mock of a consumer. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class DeliveryInHand {

    static final TopicPartition PLACE = new TopicPartition("orders", 0);
    static StoppableRoute route;
    static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();

    /** What was appended as dead letters, and what the next appends fail with. */
    static final List<Message> LETTERS = new ArrayList<>();

    static final List<RuntimeException> REFUSALS = new ArrayList<>();

    final MemoryDatabase database = new MemoryDatabase();
    final Deliveries deliveries = new Deliveries();
    final CommittingConsumer consumer = new CommittingConsumer(PLACE);
    final Once once = new Once();
    final RouteVersions versions = new RouteVersions();
    final List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();

    /** The orders of each try of the steps, in its order. */
    final List<List<UUID>> tries = new ArrayList<>();

    final Map<UUID, Exception> poison = new HashMap<>();
    final List<Exception> failures = new ArrayList<>();
    final Set<String> said = new HashSet<>(Set.of("parcel-sent"));
    Delivery delivery;

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

    void version(RouteVersionTrial version) {
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

    List<Message> process() throws Exception {
        var batch = new DefaultExchange(route.context());
        batch.getMessage().setBody(exchanges());
        delivery.process(batch);
        List<Message> events = new ArrayList<>();
        ((List<?>) batch.getMessage().getBody()).forEach(one -> events.add((Message) one));
        return events;
    }

    /** Each record as Camel hands it to a route. */
    List<Exchange> exchanges() {
        List<Exchange> exchanges = new ArrayList<>();
        records.forEach(one -> exchanges.add(CommittingConsumer.exchange(route.context(), consumer, one)));
        return exchanges;
    }

    UUID place() {
        UUID id = UUID.randomUUID();
        add(Records.placed("orders", Records.order(id, "A", 1)));
        return id;
    }

    void add(ProducerRecord<String, byte[]> placed) {
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

    void redrive(UUID order, int attempt) {
        records.get(records.size() - 1)
                .headers()
                .add(DeadLetters.REDRIVE_SERVICE, "shipping".getBytes(UTF_8))
                .add(DeadLetters.ID, ("shipping/" + order + "/order-placed").getBytes(UTF_8))
                .add(DeadLetters.ATTEMPT, Integer.toString(attempt).getBytes(UTF_8));
    }

    String told() {
        return deliveries.states().get(0).state();
    }

    static double count(String result) {
        return METERS.get("orderflow.records")
                .tag("service", "shipping")
                .tag("result", result)
                .counter()
                .count();
    }

    static String id(Message event) {
        return text(event, CloudEvents.ID);
    }

    static String text(Message message, String header) {
        Object value = message.getHeader(header);
        return value instanceof byte[] bytes ? new String(bytes, UTF_8) : String.valueOf(value);
    }
}
