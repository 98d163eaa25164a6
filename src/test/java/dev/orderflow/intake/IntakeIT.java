package dev.orderflow.intake;

import static dev.orderflow.events.Orders.REQUEST;
import static dev.orderflow.events.Orders.request;
import static dev.orderflow.events.Orders.utf8;
import static dev.orderflow.intake.RunningIntake.send;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orderflow.events.OrderReader;
import dev.orderflow.testing.Contract;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /orders} over HTTP on a real broker. {@link StockEngineIT} runs the same with Camel's own engine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IntakeIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private RunningIntake intake;

    String engine() {
        return "async";
    }

    @BeforeAll
    void start() {
        intake = RunningIntake.start(settings -> settings.with("intake.engine", engine())
                .with("door.requestTimeoutMs", "1000")
                .with("intake.bodyBytesMax", "65536"));
    }

    @AfterAll
    void stop() {
        intake.close();
    }

    @Test
    void keepsTheOrderBeforeItSays202() throws IOException {
        var answer = send(intake.order(utf8(REQUEST)));

        String id = JSON.readTree(answer.body()).get("orderId").asText();
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.headers().firstValue("Location")).contains("/orders/" + id);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(JSON.readTree(answer.body()).get("status").asText()).isEqualTo("accepted");
        assertThat(UUID.fromString(id).version()).isEqualTo(7);
        assertThat(OrderReader.record(record(id).value()).customer().id()).isEqualTo("c-42");
        Contract.answer(answer);
        Contract.record(record(id));
    }

    @Test
    void writesTheCloudEventsHeadersAndNoOthers() throws IOException {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

        String id = idOf(send(intake.order(utf8(REQUEST)).header("traceparent", trace)));

        var headers = headers(record(id));
        assertThat(headers.keySet())
                .containsExactly(
                        "ce_id", "ce_source", "ce_specversion", "ce_time", "ce_type", "content-type", "traceparent");
        assertThat(headers)
                .containsEntry("ce_id", id + "/order-placed")
                .containsEntry("ce_type", "dev.orderflow.order-placed.v1")
                .containsEntry("ce_source", "/orderflow/intake")
                .containsEntry("ce_specversion", "1.0")
                .containsEntry("content-type", "application/json");
        assertThat(headers.get("traceparent"))
                .startsWith(trace.substring(0, 36))
                .endsWith("-01")
                .isNotEqualTo(trace);
    }

    @Test
    void letsNothingOfTheRequestReachTheRecord() throws IOException {
        var names = List.of(
                "kafka.OVERRIDE_TOPIC",
                "KAFKA.override_topic",
                "kafka.KEY",
                "Kafka.Key",
                "kafka.PARTITION_KEY",
                "kafka.OVERRIDE_TIMESTAMP",
                "CamelKafkaOverrideTopic",
                "CamelHttpUri",
                "camelhttppath",
                "CamelRestHttpUri",
                "ce_id",
                "ce_type",
                "content-length2",
                "X-Anything",
                "breadcrumbId");
        var order = intake.order("/orders?" + String.join("=2&", names) + "=2", utf8(REQUEST));
        names.forEach(name -> order.header(name, "2"));

        String id = idOf(send(order));

        var record = record(id);
        assertThat(record.key()).isEqualTo(id);
        assertThat(headers(record).keySet())
                .containsExactly(
                        "ce_id", "ce_source", "ce_specversion", "ce_time", "ce_type", "content-type", "traceparent");
        assertThat(headers(record)).containsEntry("ce_id", id + "/order-placed");
        assertThat(record.partition()).isEqualTo(partitionOf(id));
    }

    @Test
    void tellsEveryBrokenRuleAtOnce() throws IOException {
        byte[] body = request("\"quantity\": 2", "\"quantity\": 0");

        var problem = problem(send(intake.order(body)), 422, "invalid-order");

        assertThat(problem.get("errors").get(0).get("pointer").asText()).isEqualTo("/lines/0/quantity");
        assertThat(problem.get("errors").get(0).get("detail").asText())
                .isEqualTo("quantity must be from 1 to 9,999, but was 0");
    }

    @Test
    void answersAProblemForWhatItCannotRead() throws IOException {
        problem(send(intake.order(utf8("{\"customer\":"))), 400, "malformed-json");
        problem(send(intake.order(new byte[0])), 400, "empty-body");
        problem(send(intake.request("/orders").POST(HttpRequest.BodyPublishers.noBody())), 400, "empty-body");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/json; charset=utf-16",
                "application/jsonp",
                "*/*"
            })
    void readsJsonOnly(String type) throws IOException {
        var form = intake.request("/orders")
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(REQUEST));

        problem(send(form), 415, "unsupported-media-type");
    }

    @Test
    void refusesABodyWithoutContentTypeOrCompressed() throws IOException {
        problem(
                send(intake.request("/orders").POST(HttpRequest.BodyPublishers.ofString(REQUEST))),
                415,
                "unsupported-media-type");
        problem(send(intake.order(utf8(REQUEST)).header("Content-Encoding", "br")), 415, "unsupported-encoding");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"DELETE|/orders|POST", "PUT|/orders/7|GET", "PATCH|/orders|POST", "TRACE|/orders|POST"})
    void tellsTheMethodsOfAPath(String method, String path, String allowed) throws IOException {
        var answer = send(intake.request(path).method(method, HttpRequest.BodyPublishers.noBody()));

        problem(answer, 405, "method-not-allowed");
        assertThat(answer.headers().firstValue("Allow")).contains(allowed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/order", "/orders/1/2", "/orders%2F", "/%00", "/..%2f..%2fetc/passwd"})
    void answersAProblemForAnUnknownPath(String path) throws IOException {
        problem(send(intake.request(path).POST(HttpRequest.BodyPublishers.noBody())), 404, "not-found");
    }

    @Test
    void refusesATooLargeBodyHoweverItComes() throws IOException {
        byte[] large = new byte[100_000];
        Arrays.fill(large, (byte) ' ');

        problem(send(intake.order(large)), 413, "too-large");
        problem(
                send(intake.request("/orders")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(large)))),
                413,
                "too-large");
    }

    @Test
    void refusesTooLargeHeadersAndPaths() throws IOException {
        problem(send(intake.order(utf8(REQUEST)).header("X-Long", "x".repeat(9_000))), 431, "header-too-large");
        problem(send(intake.request("/orders?" + "x".repeat(9_000))), 414, "uri-too-long");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}",
                "POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "POST /orders HTTP/1.1\r\nHost: x\r\nBad Header: 1\r\n\r\n",
            })
    void answersAProblemToBytesThatAreNotHttp(String bytes) throws IOException {
        String answer = intake.raw(bytes);

        assertThat(answer).startsWith("HTTP/1.").contains("application/problem+json");
        assertThat(JSON.readTree(answer.substring(answer.indexOf("\r\n\r\n")))
                        .get("status")
                        .asInt())
                .isBetween(400, 499);
    }

    @Test
    void cutsABodyWhoseChunksAreNone() {
        String answer = intake.raw(
                "POST /orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");

        assertThat(answer).doesNotContain("HTTP/1.1 2").doesNotContain("HTTP/1.1 5");
    }

    @Test
    void cutsASenderThatIsSlow() {
        String answer = intake.raw(
                "POST /orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"cus");

        assertThat(answer).startsWith("HTTP/1.1 408").contains("problems/slow-request");
    }

    @Test
    void cutsAConnectionWithoutARequest() {
        assertThat(intake.raw("POST /ord")).isEmpty();
    }

    @Test
    void tellsNothingOfTheInside() throws IOException {
        var answer = send(intake.request("/broken"));

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).doesNotContain("inside").doesNotContain("Exception");
    }

    @Test
    void refusesAKeyThatIsNone() throws IOException {
        problem(
                send(intake.order(utf8(REQUEST)).header("Idempotency-Key", "k".repeat(256))),
                400,
                "idempotency-key-invalid");
        problem(
                send(intake.order(utf8(REQUEST)).header("Idempotency-Key", "a").header("Idempotency-Key", "b")),
                400,
                "idempotency-key-invalid");
    }

    @Test
    void refusesAKeyedOrderAndTakesOthersWhenTheDatabaseIsAway() throws IOException {
        var keyed = send(intake.order(utf8(REQUEST)).header("Idempotency-Key", "k-1"));
        var unkeyed = send(intake.order(utf8(REQUEST)));

        problem(keyed, 503, "unavailable");
        assertThat(keyed.headers().firstValue("Retry-After")).contains("1");
        assertThat(unkeyed.statusCode()).isEqualTo(202);
    }

    @Test
    void givesReadersTheirPathParameters() throws IOException {
        assertThat(JSON.readTree(send(intake.request("/orders/o-17")).body())
                        .get("orderId")
                        .asText())
                .isEqualTo("o-17");
    }

    @Test
    void refusesCallsWhileItsRouteIsSuspended() throws Exception {
        String route = intake.context.getRoute("accept-order").getId();
        intake.context.getRouteController().suspendRoute(route);
        try {
            problem(send(intake.order(utf8(REQUEST))), 503, "not-ready");
        } finally {
            intake.context.getRouteController().resumeRoute(route);
        }
        assertThat(send(intake.order(utf8(REQUEST))).statusCode()).isEqualTo(202);
    }

    private ConsumerRecord<String, byte[]> record(String id) {
        return intake.records().stream()
                .filter(record -> id.equals(record.key()))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> headers(ConsumerRecord<?, ?> record) {
        var headers = new TreeMap<String, String>();
        record.headers()
                .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return headers;
    }

    private static int partitionOf(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        return org.apache.kafka.common.utils.Utils.toPositive(org.apache.kafka.common.utils.Utils.murmur2(bytes)) % 3;
    }

    private static String idOf(HttpResponse<String> answer) throws IOException {
        assertThat(answer.statusCode()).isEqualTo(202);
        return JSON.readTree(answer.body()).get("orderId").asText();
    }

    private static JsonNode problem(HttpResponse<String> answer, int status, String slug) throws IOException {
        assertThat(answer.statusCode()).describedAs(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        if (answer.request().method().equals("POST") && answer.uri().getPath().equals("/orders")) {
            Contract.answer(answer);
        }
        var problem = JSON.readTree(answer.body());
        assertThat(problem.get("type").asText()).isEqualTo("https://orderflow.dev/problems/" + slug);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("title").asText()).isNotBlank();
        assertThat(problem.get("detail").asText()).isNotBlank();
        return problem;
    }
}
