package dev.orderflow.intake;

import static dev.orderflow.events.Orders.REQUEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.events.OrderReader;
import dev.orderflow.http.RestServer;
import dev.orderflow.settings.Settings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The route of an order, with a producer that acknowledges what the test says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IntakeRoutesTest {

    private static final Settings SETTINGS = Settings.load()
            .with("orderflow.http.port", "0")
            .with("kafka.brokers", "127.0.0.1:9")
            .with("orders.topic", "orders-of-test")
            .with("intake.inFlightMax", "1");

    private final HttpClient client = HttpClient.newHttpClient();
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Properties options = new Properties();
    private final MockProducer<Object, byte[]> producer =
            new MockProducer<>(false, null, (topic, key) -> new byte[0], new ByteArraySerializer());
    private RestServer door;

    @BeforeAll
    void start() throws Exception {
        context.getRegistry().bind("meters", registry);
        context.getPropertiesComponent().setInitialProperties(SETTINGS.asProperties());
        var kafka = context.getComponent("kafka", KafkaComponent.class);
        kafka.getConfiguration().setBrokers(SETTINGS.text("kafka.brokers"));
        kafka.setKafkaClientFactory(new DefaultKafkaClientFactory() {
            @Override
            public Producer<?, ?> getProducer(Properties properties) {
                options.putAll(properties);
                return producer;
            }
        });
        door = RestServer.hang(context, SETTINGS);
        context.addRoutes(new IntakeRoutes(SETTINGS));
        context.start();
    }

    @BeforeEach
    void forget() {
        producer.clear();
    }

    @AfterAll
    void stop() {
        context.stop();
    }

    @Test
    void answers202BehindTheAcknowledgementAndNotBefore() {
        double accepted = count("orderflow.orders.accepted");
        var answer = appending(REQUEST);
        assertThat(answer).isNotDone();
        assertThat(registry.get("orderflow.intake.in.flight").gauge().value()).isEqualTo(1);

        producer.completeNext();

        assertThat(answer.join().statusCode()).isEqualTo(202);
        var order = OrderReader.record(producer.history().get(0).value());
        assertThat(producer.history().get(0).topic()).isEqualTo("orders-of-test");
        assertThat(answer.join().body()).contains(order.orderId().toString());
        assertThat(count("orderflow.orders.accepted")).isEqualTo(accepted + 1);
        await().until(() -> registry.get("orderflow.intake.in.flight").gauge().value() == 0);
    }

    @Test
    void answers503WhereTheAppendFails() {
        var answer = appending(REQUEST);

        producer.errorNext(new NotEnoughReplicasException("away"));

        assertThat(answer.join().statusCode()).isEqualTo(503);
        assertThat(answer.join().body()).contains("problems/not-acknowledged");
    }

    @Test
    void refusesMoreOrdersThanMayWait() {
        var first = appending(REQUEST);

        assertThat(send("/orders", "application/json", REQUEST).join().body()).contains("problems/too-many-waiting");

        producer.completeNext();
        assertThat(first.join().statusCode()).isEqualTo(202);
    }

    @Test
    void countsWhatItRefuses() {
        for (String path : new String[] {"/orders", "/orders/bulk"}) {
            double refused = count("orderflow.orders.refused");

            assertThat(send(path, "application/json", "").join().statusCode()).isIn(400, 415);

            await().until(() -> count("orderflow.orders.refused") == refused + 1);
        }
    }

    @Test
    void takesNoKeyedOrderWithoutADatabase() throws Exception {
        var keyed = request("/orders", "application/json", REQUEST).header("Idempotency-Key", "k");

        var answer = client.send(keyed.build(), BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("problems/unavailable");
        assertThat(producer.history()).isEmpty();
    }

    @Test
    void takesABulkAtBothItsPaths() {
        for (String path : new String[] {"/orders", "/orders/bulk"}) {
            var answer = send(path, "application/x-ndjson", "{}\n").join();

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).startsWith("{\"line\":1,\"status\":\"invalid\"");
        }
    }

    /** What the promise rests on; the bulk's producer and that of the route have the same. */
    @Test
    void asksForTheAcknowledgementOfAllReplicasInTime() {
        var bulk = new IntakeRoutes(SETTINGS).append();

        assertThat(bulk)
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", true)
                .containsEntry("max.block.ms", 500)
                .containsEntry("delivery.timeout.ms", 4_500)
                .containsEntry("request.timeout.ms", 2_245)
                .containsEntry("linger.ms", 5);
        var single = new HashMap<>(bulk);
        // Its neighbours are other callers' orders, and a caller waits for it.
        single.putAll(Map.of("linger.ms", 2, "request.timeout.ms", 2_248));
        single.forEach((option, value) ->
                assertThat(options.get(option)).as(option).asString().isEqualTo(value.toString()));
    }

    @Test
    void leavesTheBrokersTimeHoweverShortTheAnswersLimitIs() {
        assertThat(new IntakeRoutes(SETTINGS.with("intake.ackTimeoutMs", "550")).append())
                .containsAllEntriesOf(Map.of("delivery.timeout.ms", 100, "request.timeout.ms", 50));
    }

    /** An order on its way to an acknowledgement. */
    private CompletableFuture<HttpResponse<String>> appending(String body) {
        await().until(() -> registry.get("orderflow.intake.in.flight").gauge().value() == 0);
        var answer = send("/orders", "application/json", body);
        await().until(() -> producer.history().size() == 1);
        return answer;
    }

    private CompletableFuture<HttpResponse<String>> send(String path, String type, String body) {
        return client.sendAsync(request(path, type, body).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, String type, String body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + path))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body));
    }

    private double count(String counter) {
        return registry.find(counter).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }
}
