package dev.orderflow.intake;

import static dev.orderflow.events.Orders.REQUEST;
import static dev.orderflow.events.Orders.request;
import static dev.orderflow.events.Orders.utf8;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.credentials.Token;
import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.OrderReader;
import dev.orderflow.http.RestServer;
import dev.orderflow.kafka.KafkaHeaders;
import dev.orderflow.settings.Settings;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request becomes, behind the REST server and before the append: a record, or a problem. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlaceOrderTest {

    private static final Instant NOW = Instant.parse("2026-01-31T08:00:00.123456Z");
    private static final Token.Fresh SHOP = Token.fresh("shop", "orders");
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final HttpClient client = HttpClient.newHttpClient();
    private final BlockingQueue<Placed> placed = new LinkedBlockingQueue<>();
    private final DefaultCamelContext context = new DefaultCamelContext();
    private RestServer door;

    /** A record as it would be appended, and what goes with it. */
    private record Placed(byte[] body, Map<String, Object> headers, String orderId, KeyedOrder keyed) {

        String text(String header) {
            return new String((byte[]) headers.get(header), UTF_8);
        }
    }

    @BeforeAll
    void start() throws Exception {
        door = RestServer.hang(
                context, Settings.load().with("orderflow.http.port", "0").with("door.tokens", SHOP.line()));
        door.bare(HttpMethod.POST, "/orders");
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("platform-http:/orders?httpMethodRestrict=POST")
                        .process(new PlaceOrder(Clock.fixed(NOW, ZoneOffset.UTC)))
                        .process(PlaceOrderTest.this::append);
            }
        });
        context.start();
    }

    private void append(Exchange exchange) {
        var record = exchange.getMessage();
        placed.add(new Placed(
                record.getBody(byte[].class),
                Map.copyOf(record.getHeaders()),
                exchange.getProperty(PlaceOrder.ORDER_ID, String.class),
                exchange.getProperty(PlaceOrder.KEYED, KeyedOrder.class)));
        record.removeHeaders("*");
    }

    @BeforeEach
    void forget() {
        placed.clear();
    }

    @AfterAll
    void stop() {
        context.stop();
    }

    @Test
    void makesARecordOfAnOrderAndOfNothingElse() {
        var one = placed(utf8(REQUEST), "traceparent", TRACE, "kafka.TOPIC", "other", "X-Other", "x");

        var order = OrderReader.record(one.body());
        assertThat(order.placedAt()).isEqualTo(Instant.parse("2026-01-31T08:00:00.123Z"));
        assertThat(order.orderId().version()).isEqualTo(7);
        assertThat(order.customer().id()).isEqualTo("c-42");
        String id = order.orderId().toString();
        assertThat(one.orderId()).isEqualTo(id);
        assertThat(one.keyed()).isNull();
        assertThat(one.text(KafkaHeaders.KEY)).isEqualTo(id);
        assertThat(one.text(CloudEvents.ID)).isEqualTo(id + "/order-placed");
        assertThat(one.text(CloudEvents.TYPE)).isEqualTo("dev.orderflow.order-placed.v1");
        assertThat(one.text(CloudEvents.SOURCE)).isEqualTo("/orderflow/intake");
        assertThat(one.text(CloudEvents.SPECVERSION)).isEqualTo("1.0");
        assertThat(one.text(CloudEvents.TIME)).isEqualTo("2026-01-31T08:00:00.123Z");
        assertThat(one.text(CloudEvents.CONTENT_TYPE)).isEqualTo("application/json");
        assertThat(one.text(CloudEvents.TRACEPARENT)).startsWith(TRACE.substring(0, 35));
        assertThat(one.headers()).hasSize(8);
    }

    @Test
    void beginsATraceWhereTheClientHasNone() {
        assertThat(placed(utf8(REQUEST)).text(CloudEvents.TRACEPARENT)).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
    }

    @Test
    void makesTheIdOfClientAndKey() {
        var one = placed(utf8(REQUEST), "Idempotency-Key", "k-1");

        assertThat(one.orderId()).isEqualTo(OrderIds.of("shop", "k-1").toString());
        assertThat(one.keyed().id()).hasToString(one.orderId());
    }

    @Test
    void hashesWhatAnOrderSaysAndNotHowItIsPrinted() {
        byte[] hash = placed(utf8(REQUEST), "Idempotency-Key", "k").keyed().payloadHash();
        byte[] printed = placed(utf8(REQUEST.replace(", ", ",\n")), "Idempotency-Key", "k")
                .keyed()
                .payloadHash();
        byte[] other = placed(request("\"quantity\": 2", "\"quantity\": 3"), "Idempotency-Key", "k")
                .keyed()
                .payloadHash();

        assertThat(hash).hasSize(32).isEqualTo(printed).isNotEqualTo(other);
    }

    @Test
    void takesAKeyOf1To255PrintableCharacters() {
        assertThat(placed(utf8(REQUEST), "Idempotency-Key", "!").keyed()).isNotNull();
        assertThat(placed(utf8(REQUEST), "Idempotency-Key", "~".repeat(255)).keyed())
                .isNotNull();
        assertThat(placed(utf8(REQUEST), "Idempotency-Key", "a b").keyed()).isNotNull();
    }

    @Test
    void refusesAnyOtherKey() {
        refused(400, "idempotency-key-invalid", utf8(REQUEST), "Idempotency-Key", "x".repeat(256));
        refused(400, "idempotency-key-invalid", utf8(REQUEST), "Idempotency-Key", "");
        refused(400, "idempotency-key-invalid", utf8(REQUEST), "Idempotency-Key", "a", "Idempotency-Key", "a");
        refused(400, "idempotency-key-invalid", utf8(REQUEST), "Idempotency-Key", "a\tb");
    }

    /** Java's client would send another character in its place. */
    @Test
    void refusesAKeyBeyondAscii() throws IOException {
        try (var socket = new Socket("127.0.0.1", door.port())) {
            socket.getOutputStream()
                    .write(("POST /orders HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                                    + REQUEST.length() + "\r\nAuthorization: Bearer " + SHOP.token()
                                    + "\r\nIdempotency-Key: \u00e9\r\n\r\n" + REQUEST)
                            .getBytes(ISO_8859_1));

            assertThat(BulkAnswer.read(socket.getInputStream()).body()).contains("problems/idempotency-key-invalid");
        }
        assertThat(placed).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "k"})
    void refusesAnEmptyBodyWhateverItsKey(String key) {
        refused(400, "empty-body", new byte[0], "Idempotency-Key", key);
    }

    @Test
    void refusesWhatIsNoOrder() {
        refused(400, "malformed-json", utf8("{"));
        refused(422, "invalid-order", request("\"quantity\": 2", "\"quantity\": 0"));
    }

    private Placed placed(byte[] body, String... headers) {
        var answer = send(body, headers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return placed.remove();
    }

    private void refused(int status, String problem, byte[] body, String... headers) {
        var answer = send(body, headers);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains("problems/" + problem);
        assertThat(placed).isEmpty();
    }

    private HttpResponse<String> send(byte[] body, String... headers) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + "/orders"))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + SHOP.token())
                .POST(BodyPublishers.ofByteArray(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
