package dev.orderflow.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.Order;
import dev.orderflow.testing.Records;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.model.PolicyDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A file of {@code routes-yaml/} that is a service: its form, and what holds for each of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ServiceRouteTest extends CamelTestSupport {

    static final String ORDERS = "orders";
    static final String EVENTS = "order-events";
    static final String DEAD_LETTERS = "orders-dlt";

    @TempDir
    static Path data;

    StagedRoutes staged;

    /** Its file, its route and its consumer group. */
    private final String service;

    private final String policy;
    private final String topics;
    private final List<String> appendsTo;

    ServiceRouteTest(String service, String policy, String topics, String... appendsTo) {
        this.service = service;
        this.policy = policy;
        this.topics = topics;
        this.appendsTo = List.of(appendsTo);
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        staged = new StagedRoutes(
                StagedRoutes.shipped(service),
                Map.of("orderflow.data.dir", data.toString(), "notification.smtp", "mock:smtp"));
        return staged.context();
    }

    @BeforeEach
    void forget() {
        staged.journal.clear();
        staged.database.finds(this::rows);
    }

    /** What a query of the service finds. */
    List<List<Object>> rows(StubDatabase.Statement statement) {
        return List.of();
    }

    @Test
    void hasTheFormOfAService() {
        var route = context.getRouteDefinition(service);
        var kafka = ((KafkaEndpoint) context.getRoute(service).getEndpoint()).getConfiguration();

        assertThat(context.getRouteDefinitions())
                .as("routes that read a topic")
                .filteredOn(one -> one.getInput().getEndpointUri().startsWith("kafka:"))
                .containsExactly(route);
        assertThat(route.getDescriptionText()).isNotBlank();
        assertThat(route.getRouteConfigurationId()).isEqualTo("delivery");
        assertThat(kafka.getGroupId()).isEqualTo(service);
        assertThat(kafka.getTopic()).isEqualTo(topics);
        assertThat(kafka.isBatching()).isTrue();
        assertThat(kafka.isAllowManualCommit()).isTrue();
        assertThat(kafka.isBreakOnFirstError()).isTrue();
        assertThat(route.getOutputs().get(0)).isInstanceOfSatisfying(PolicyDefinition.class, first -> {
            assertThat(first.getRef()).isEqualTo(policy);
            assertThat(first.getOutputs()).isNotEmpty();
        });
        assertThat(route.getOutputs().subList(1, route.getOutputs().size()))
                .extracting(last -> ((ToDefinition) last).getUri())
                .isEqualTo(
                        appendsTo.stream().map("kafka:{{%s.topic}}"::formatted).toList());
    }

    @Test
    void actsBetweenItsReceiptsAndAppendsBehindTheCommit() {
        UUID order = UUID.randomUUID();

        feed(Records.placed(ORDERS, Records.order(order, "mug", 1)));

        var done = staged.journal.all().stream().map(ServiceRouteTest::inShort).toList();
        assertThat(done).startsWith("SELECT receipts").endsWith("offsets");
        assertThat(done.subList(0, done.indexOf("commit"))).endsWith("INSERT receipts");
        assertThat(done.subList(1, done.indexOf("INSERT receipts")))
                .as("what is in the transaction beside the receipts")
                .isNotEmpty()
                .allMatch(entry -> entry.equals("statement"));
        assertThat(done.subList(done.indexOf("commit") + 1, done.size() - 1))
                .isEqualTo(appendsTo.stream().map("append to "::concat).toList());
        assertThat(staged.broker.appended(EVENTS)).allSatisfy(event -> {
            assertThat(event.key()).isEqualTo(order.toString());
            assertThat(StagedRoutes.header(event, CloudEvents.SOURCE)).endsWith("/" + service);
        });
    }

    private static String inShort(Object entry) {
        if (entry instanceof StubDatabase.Statement statement) {
            String verb = statement.sql().strip().split(" ")[0];
            return statement.sql().contains("delivery.receipts") ? verb + " receipts" : "statement";
        }
        return entry instanceof ProducerRecord<?, ?> appended ? "append to " + appended.topic() : entry.toString();
    }

    @Test
    void letsPassWhatItDoesNotHear() {
        feed(Records.event(ORDERS, UUID.randomUUID(), "order-recounted", "{}"));

        assertThat(staged.journal.all()).containsExactly("offsets");
    }

    @Test
    void parksWhatItCannotReadWithItsBytes() {
        UUID key = UUID.randomUUID();

        feed(Records.garbage(ORDERS, key));

        assertThat(staged.broker.appended(DEAD_LETTERS)).singleElement().satisfies(letter -> {
            assertThat(letter.key()).isEqualTo(key.toString());
            assertThat(new String(letter.value(), StandardCharsets.UTF_8)).isEqualTo("this is no order");
            assertThat(StagedRoutes.header(letter, "orderflow-service")).isEqualTo(service);
        });
        assertThat(staged.broker.appended(EVENTS)).isEmpty();
    }

    @SafeVarargs
    final void feed(ProducerRecord<String, byte[]>... records) {
        var batch = new ArrayList<ProducerRecord<String, byte[]>>();
        for (var one : records) {
            batch.add(one);
        }
        staged.broker.feed(service, batch);
    }

    static Order order(UUID id, String country, int... quantities) {
        var like = Records.order(id, "mug", 1);
        var to = like.shipTo();
        var lines = new ArrayList<Order.Line>();
        for (int i = 0; i < quantities.length; i++) {
            lines.add(new Order.Line(
                    "mug-" + i, quantities[i], like.lines().get(0).unitPrice()));
        }
        return new Order(
                id,
                like.placedAt(),
                like.customer(),
                new Order.Address(to.name(), to.street(), to.city(), to.postalCode(), country),
                like.currency(),
                lines,
                like.reference());
    }

    static ProducerRecord<String, byte[]> stockShort(UUID order) {
        return Records.event(
                EVENTS,
                order,
                "stock-short",
                "{\"orderId\":\"%s\",\"missing\":[],\"customer\":{\"id\":\"c-1\",\"email\":\"bo@example.org\"}}"
                        .formatted(order));
    }
}
