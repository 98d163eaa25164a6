package dev.orderflow.intake;

import static dev.orderflow.events.Orders.REQUEST;
import static dev.orderflow.intake.RunningIntake.send;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orderflow.testing.Contract;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Many orders in one request, on a real broker and a real database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BulkIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ORDER = REQUEST.replaceAll("\\s*\\n\\s*", " ");
    private static final int LINES_MAX = 3_000;
    private static final int BYTES_MAX = 2_000_000;
    private static final int IN_FLIGHT_MAX = 50;

    private RunningIntake intake;

    @BeforeAll
    void start() {
        // Fewer places than lines, so that the lines of a bulk have to wait for each other.
        intake = RunningIntake.startKeyed(settings -> settings.with("intake.bulkLinesMax", "" + LINES_MAX)
                .with("intake.bulkBytesMax", "" + BYTES_MAX)
                .with("intake.inFlightMax", "" + IN_FLIGHT_MAX));
    }

    @AfterAll
    void stop() {
        intake.close();
    }

    @Test
    void answersEachLineInItsOrder() throws IOException {
        String wrong = ORDER.replace("\"quantity\": 2", "\"quantity\": 0");

        var results = results(post(String.join("\n", ORDER, wrong, "{no json", "", ORDER)));

        assertThat(results).extracting(r -> r.get("line").asInt()).containsExactly(1, 2, 3, 5);
        assertThat(results)
                .extracting(r -> r.get("status").asText())
                .containsExactly("accepted", "invalid", "invalid", "accepted");
        assertThat(results.get(1).at("/problem/errors/0/pointer").asText()).isEqualTo("/lines/0/quantity");
        assertThat(results.get(2).at("/problem/type").asText()).endsWith("/malformed-json");
        for (int accepted : List.of(0, 3)) {
            String id = results.get(accepted).get("orderId").asText();
            var found =
                    intake.records().stream().filter(r -> r.key().equals(id)).toList();
            assertThat(found).hasSize(1);
            Contract.record(found.get(0));
        }
    }

    @Test
    void takesAsManyLinesAsItSaysThoughFewMayWaitAtOnce() throws IOException {
        var results = results(post((ORDER + "\n").repeat(LINES_MAX)));

        assertThat(results)
                .hasSize(LINES_MAX)
                .allMatch(r -> r.get("status").asText().equals("accepted"));
        assertThat(results).extracting(r -> r.get("orderId").asText()).doesNotHaveDuplicates();
    }

    @Test
    void readsNoLineBehindTheLast() throws IOException {
        var results = results(post((ORDER + "\n").repeat(LINES_MAX + 500)));

        assertThat(results).hasSize(LINES_MAX + 1);
        assertThat(results.get(LINES_MAX - 1).get("status").asText()).isEqualTo("accepted");
        assertThat(results.get(LINES_MAX).at("/problem/status").asInt()).isEqualTo(413);
    }

    @Test
    void readsNoByteBehindTheLastOfABodyWithoutLength() throws IOException {
        String line = ORDER + " ".repeat(1_000) + "\n";
        int whole = BYTES_MAX / line.length();
        String body = line.repeat(whole + 100);

        var results = results(chunked(body));

        assertThat(results).hasSize(whole + 1);
        assertThat(results.get(whole).at("/problem/status").asInt()).isEqualTo(413);
        assertThat(results.get(whole - 1).get("status").asText()).isEqualTo("accepted");
    }

    @Test
    void refusesABodyThatSaysItIsTooLarge() throws IOException {
        var answer = post("x".repeat(BYTES_MAX + 1));

        assertThat(answer.statusCode()).isEqualTo(413);
        Contract.answer(answer);
    }

    @Test
    void refusesALongLineAlone() throws IOException {
        var results = results(post(ORDER + "\n" + "x".repeat(300_000) + "\n" + ORDER));

        assertThat(results)
                .extracting(r -> r.get("status").asText())
                .containsExactly("accepted", "invalid", "accepted");
        assertThat(results.get(1).at("/problem/status").asInt()).isEqualTo(413);
    }

    @Test
    void refusesABulkWithoutLinesAndOneWithAKeyOfItsOwn() {
        var empty = post("");
        var keyed = send(request(ORDER).header("Idempotency-Key", "k"));

        assertThat(empty.statusCode()).isEqualTo(400);
        assertThat(empty.body()).contains("problems/empty-body");
        assertThat(keyed.statusCode()).isEqualTo(400);
        assertThat(keyed.body()).contains("problems/idempotency-key-invalid").contains("idempotencyKey");
    }

    @Test
    void countsALineOnceHoweverOftenItsKeyComes() throws IOException {
        String other = keyed("a").replace("\"quantity\": 2", "\"quantity\": 3");
        var first = results(post(String.join("\n", keyed("a"), keyed("b"), keyed("a"), other)));

        var again = results(post(String.join("\n", keyed("a"), other, keyed("b"), keyed("c"))));

        assertThat(first)
                .extracting(r -> r.get("status").asText())
                .containsExactly("accepted", "accepted", "accepted", "invalid");
        assertThat(first.get(2).get("orderId")).isEqualTo(first.get(0).get("orderId"));
        assertThat(again)
                .extracting(r -> r.get("status").asText())
                .containsExactly("accepted", "invalid", "accepted", "accepted");
        assertThat(again.get(1).at("/problem/type").asText()).endsWith("/idempotency-key-reused");
        var ids = new TreeMap<String, Integer>();
        intake.records().forEach(r -> ids.merge(r.key(), 1, Integer::sum));
        for (int line : List.of(0, 1)) {
            assertThat(ids.get(first.get(line).get("orderId").asText())).isEqualTo(1);
        }
        assertThat(again.get(0).get("orderId")).isEqualTo(first.get(0).get("orderId"));
    }

    @Test
    void answersALineWhileTheNextIsNotSentYet() throws IOException {
        try (var socket = new Socket("127.0.0.1", intake.door.port())) {
            socket.setSoTimeout(10_000);
            var out = socket.getOutputStream();
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            out.write(head().getBytes(UTF_8));

            out.write(chunk(ORDER + "\n"));
            out.flush();
            String first = lineWith(in, "\"line\":1");
            out.write(chunk(ORDER + "\n"));
            out.write("0\r\n\r\n".getBytes(UTF_8));
            out.flush();
            String second = lineWith(in, "\"line\":2");

            assertThat(List.of(first, second)).allMatch(line -> line.contains("accepted"));
        }
    }

    /** Where it was before, it goes on for whoever knows it. */
    @Test
    void takesABulkAtItsFormerPathAndSaysWhereItIsNow() throws IOException {
        var answer = send(intake.request("/orders")
                .header("Content-Type", "application/x-ndjson; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(ORDER + "\n")));

        assertThat(results(answer).get(0).get("status").asText()).isEqualTo("accepted");
        assertThat(answer.headers().firstValue("Deprecation"))
                .hasValueSatisfying(at -> assertThat(at).matches("@[0-9]+"));
        assertThat(answer.headers().firstValue("Link")).contains("</orders/bulk>; rel=\"successor-version\"");
        assertThat(post(ORDER).headers().firstValue("Deprecation")).isEmpty();
    }

    @Test
    void passesBlankLinesAndCountsThem() throws IOException {
        var results = results(post("\n" + ORDER + "\n \t\r\n\n" + ORDER + "\n\n"));

        assertThat(results).extracting(r -> r.get("line").asInt()).containsExactly(2, 5);
        assertThat(results).allMatch(r -> r.get("status").asText().equals("accepted"));
        assertThat(post("\n \n").body()).contains("problems/empty-body");
        assertThat(results(post("\n".repeat(LINES_MAX + 10) + ORDER))).hasSize(1);
    }

    @Test
    void readsABulkOnlyAtItsPath() {
        var answer = send(intake.request("/orders/bulk")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(ORDER)));

        assertThat(answer.statusCode()).isEqualTo(415);
        Contract.answer(answer);
    }

    private static String keyed(String key) {
        return ORDER.replaceFirst("\\{", "{\"idempotencyKey\": \"" + key + "\", ");
    }

    private HttpRequest.Builder request(String body) {
        return intake.request("/orders/bulk")
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private HttpResponse<String> post(String body) {
        return send(request(body));
    }

    private HttpResponse<String> chunked(String body) {
        return send(intake.request("/orders/bulk")
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofString(body))));
    }

    private static List<JsonNode> results(HttpResponse<String> answer) throws IOException {
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/x-ndjson");
        var results = new ArrayList<JsonNode>();
        for (String line : answer.body().split("\n")) {
            results.add(JSON.readTree(line));
        }
        return results;
    }

    private static String head() {
        return "POST /orders/bulk HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n";
    }

    private static byte[] chunk(String text) {
        return (Integer.toHexString(text.length()) + "\r\n" + text + "\r\n").getBytes(UTF_8);
    }

    private static String lineWith(BufferedReader in, String text) throws IOException {
        String line = in.readLine();
        while (line != null && !line.contains(text)) {
            line = in.readLine();
        }
        return String.valueOf(line);
    }
}
