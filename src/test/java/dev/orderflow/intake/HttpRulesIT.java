package dev.orderflow.intake;

import static dev.orderflow.events.Orders.REQUEST;
import static dev.orderflow.events.Orders.utf8;
import static dev.orderflow.intake.RunningIntake.send;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.testing.Contract;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of docs/http.md that a client sees: RFC 9110 and 9112, byte by byte. */
class HttpRulesIT {

    private static final int TIMEOUT_MS = 1_000;
    private static final int BODY_MAX = 65_536;
    private static final String JSON = "Content-Type: application/json\r\n";

    private static RunningIntake intake;

    @BeforeAll
    static void start() {
        intake = RunningIntake.start(settings -> settings.with("door.requestTimeoutMs", Integer.toString(TIMEOUT_MS))
                .with("door.idleTimeoutMs", "2000")
                .with("door.exchangeTimeoutMs", "4000")
                .with("intake.bodyBytesMax", Integer.toString(BODY_MAX)));
    }

    @AfterAll
    static void stop() {
        intake.close();
    }

    /** RFC 9110, 6.6.1: in each answer, also to what is no HTTP. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /orders/7 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "HEAD /orders/7 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "GET /orders/%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                "nonsense\r\n\r\n"
            })
    void everyAnswerHasADate(String request) {
        String date = intake.raw(request).replaceFirst("(?is).*\r\ndate: ([^\r]*)\r\n.*", "$1");

        assertThat(date).matches("[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT");
        assertThat(Duration.between(
                                ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                                        .toInstant(),
                                Instant.now())
                        .abs())
                .isLessThan(Duration.ofSeconds(60));
    }

    /** RFC 9110, 9.3.2: the head of GET, and no byte behind it. */
    @ParameterizedTest
    @ValueSource(strings = {"/orders/o-17", "/nowhere", "/broken"})
    void headIsGetWithoutItsBody(String path) {
        String head = intake.raw("HEAD %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".formatted(path));
        String get = intake.raw("GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".formatted(path));

        assertThat(head.lines().findFirst()).isEqualTo(get.lines().findFirst());
        assertThat(head).endsWith("\r\n\r\n");
        assertThat(head.toLowerCase().contains("content-type:"))
                .isEqualTo(get.toLowerCase().contains("content-type:"));
    }

    /** RFC 9110, 10.1.1: 100 once, when the body is wanted; not where the head alone is refused. */
    @Test
    void continuesOnceWhereTheBodyIsWanted() throws IOException {
        String head =
                "POST /orders HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\n%sContent-Length: %d\r\n\r\n";

        String taken = talk(head.formatted(JSON, utf8(REQUEST).length), REQUEST);
        String bulk = talk(
                head.replace("/orders", "/orders/bulk").formatted("Content-Type: application/x-ndjson\r\n", 3), "{}\n");

        assertThat(taken).startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 ");
        assertThat(bulk)
                .startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 ")
                .doesNotContain("100 Continue\r\n\r\nHTTP/1.1 100");
        for (String refused : new String[] {
            head.formatted("Content-Type: text/plain\r\n", 5),
            head.replace("/orders", "/nowhere").formatted(JSON, 5),
            head.formatted(JSON, 1_000_000),
            head.replace("POST", "DELETE").formatted(JSON, 5)
        }) {
            assertThat(intake.raw(refused))
                    .as(refused)
                    .startsWith("HTTP/1.1 4")
                    .containsIgnoringCase("connection: close");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // RFC 9110, 10.1.1
                "GET /orders/7 HTTP/1.1~Host: x~Expect: foo|417|expectation-failed",
                // RFC 9112, 3.2
                "GET /orders/7 HTTP/1.1~Host: x~Host: y|400|malformed-request",
                "GET /orders/7 HTTP/1.1|400|malformed-request",
                "GET /orders/7 HTTP/1.1~Host: a b|400|malformed-request",
                // RFC 3986, 2.1
                "GET /orders/%zz HTTP/1.1~Host: x|400|malformed-request",
                "GET /orders?limit=%4 HTTP/1.1~Host: x|400|malformed-request",
                // RFC 9110, 15.5.7
                "GET /orders/7 HTTP/1.1~Host: x~Connection: close~Accept: text/html|406|not-acceptable",
                "GET /orders/7 HTTP/1.1~Host: x~Connection: close~Accept: application/json;q=0|406|not-acceptable",
                "GET /orders/7 HTTP/1.1~Host: x~Connection: close~Accept: ;|406|not-acceptable",
                // RFC 9110, 5.3: lines of one name are one list
                "GET /orders/7 HTTP/1.1~Host: x~Expect: 100-continue~Expect: foo|417|expectation-failed",
                "POST /orders HTTP/1.1~Host: x~Connection: close~Content-Length: 0~Transfer-Encoding: chunked|400|malformed-request"
            })
    void refusesByName(String request, int status, String slug) {
        String answer = intake.raw(request.replace("~", "\r\n") + "\r\n\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 " + status)
                .contains("problems/" + slug)
                .containsIgnoringCase("connection: close");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Accept: */*",
                "Accept: text/html, */*;q=0.1",
                "Accept: application/*",
                "Accept: text/html\r\nAccept: application/json",
                "Accept: */*;q=NaN",
                "Accept: application/json,;",
                "Accept: application/json",
                "Accept: application/schema+json",
                "Accept:"
            })
    void answersWhoeverTakesJson(String accept) {
        assertThat(intake.raw("GET /orders/7 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + accept + "\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    /** RFC 9112, 3.2: HTTP/1.0 had no Host. */
    @Test
    void answersHttp10() {
        assertThat(intake.raw("GET /orders/7 HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.0 200");
    }

    /** RFC 9112, 9.6: the connection ends behind the answer that says so. */
    @ParameterizedTest
    @ValueSource(strings = {"Connection: close", "Connection: keep-alive, close"})
    void closesWhenItIsTold(String connection) {
        String answer =
                intake.raw("GET /orders/7 HTTP/1.1\r\nHost: x\r\n%s\r\n\r\nGET /orders/8 HTTP/1.1\r\nHost: x\r\n\r\n"
                        .formatted(connection));

        assertThat(answer.split("HTTP/1.1 200", -1)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/json;",
                "application/json; charset=utf8",
                "Application/JSON; Charset=\"UTF-8\"",
                "application/json; odata.metadata=minimal",
                "application/json ;charset=us-ascii; v=1"
            })
    void readsContentTypesAsClientsSendThem(String type) {
        var answer =
                send(intake.request("/orders").header("Content-Type", type).POST(BodyPublishers.ofString(REQUEST)));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }

    @Test
    void readsGzipAndNamesWhatItDoesNotRead() throws IOException {
        var order = send(intake.order(gzip(REQUEST)).header("Content-Encoding", "gzip"));
        var bulk = send(intake.request("/orders/bulk")
                .header("Content-Type", "application/x-ndjson")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(gzip((REQUEST.replace("\n", " ") + "\n").repeat(500)))));
        var brotli = send(intake.order(utf8(REQUEST)).header("Content-Encoding", "br"));
        var charset = send(intake.request("/orders")
                .header("Content-Type", "application/json; charset=utf-16")
                .POST(BodyPublishers.ofString(REQUEST)));

        assertThat(order.statusCode()).as(order.body()).isEqualTo(202);
        assertThat(bulk.body().lines()).hasSize(500).allMatch(line -> line.contains("\"accepted\""));
        assertThat(brotli.statusCode()).isEqualTo(415);
        assertThat(brotli.headers().firstValue("Accept-Encoding")).contains("gzip");
        assertThat(brotli.body()).contains("problems/unsupported-encoding");
        Contract.answer(brotli);
        assertThat(charset.statusCode()).isEqualTo(415);
        assertThat(charset.body()).contains("charset");
    }

    /** What a body becomes is bounded, not what it was. */
    @Test
    void gzipThatBecomesTooMuchOrIsNoneIsRefused() throws IOException {
        byte[] bomb = gzip(" ".repeat(20_000_000));
        byte[] half = java.util.Arrays.copyOf(gzip(REQUEST), 100);
        byte[] two = new byte[gzip(REQUEST).length * 2];
        System.arraycopy(gzip(REQUEST), 0, two, 0, two.length / 2);
        System.arraycopy(gzip(REQUEST), 0, two, two.length / 2, two.length / 2);

        byte[] short2 = gzip("[1]\n");
        byte[] andMore = java.util.Arrays.copyOf(gzip(REQUEST), gzip(REQUEST).length + short2.length);
        System.arraycopy(short2, 0, andMore, andMore.length - short2.length, short2.length);

        assertThat(send(intake.order(bomb).header("Content-Encoding", "gzip")).statusCode())
                .isEqualTo(413);
        for (byte[] bad : new byte[][] {utf8(REQUEST), half, two, andMore}) {
            var answer = send(intake.order(bad).header("Content-Encoding", "gzip"));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
            assertThat(answer.body()).contains("gzip");
            var line = send(intake.request("/orders/bulk")
                    .header("Content-Type", "application/x-ndjson")
                    .header("Content-Encoding", "gzip")
                    .POST(BodyPublishers.ofByteArray(bad)));
            assertThat(line.body()).contains("gzip", "\"status\":400");
        }
    }

    /** RFC 9110, 5.3 and 8.4: each coding counts, on whichever line. */
    @ParameterizedTest
    @CsvSource({
        "Content-Encoding, gzip, gzip",
        "Content-Encoding, identity, gzip",
        "Content-Type, application/json, text/plain"
    })
    void readsNoBodyOfWhichOnlyAPartIsKnown(String header, String first, String second) {
        var request = intake.request("/orders").header(header, first).header(header, second);
        if (!header.equals("Content-Type")) {
            request.header("Content-Type", "application/json");
        }

        assertThat(send(request.POST(BodyPublishers.ofString(REQUEST))).statusCode())
                .isEqualTo(415);
    }

    /** What is unpacked at once is bounded, however much a bulk becomes and however many there are. */
    @Test
    void manyBulksThatBecomeVeryMuchAreHeldInLittleMemory() throws Exception {
        byte[] newlines = gzip("\n".repeat(16_777_000));
        byte[] blanks = gzip((" ".repeat(200_000) + "\n").repeat(83));
        List<Callable<String>> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            byte[] body = i % 2 == 0 ? newlines : blanks;
            calls.add(() -> intake.raw(
                    "POST /orders/bulk HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-ndjson\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
                                    .formatted(body.length)
                            + new String(body, ISO_8859_1)));
        }
        var threads = Executors.newFixedThreadPool(calls.size());
        try {
            for (var answer : threads.invokeAll(calls)) {
                // Those that take longer than door.exchangeTimeoutMs here end without one.
                assertThat(answer.get()).matches("(?s)|HTTP/1.1 400.*empty-body.*");
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(intake.raw("GET /orders/7 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    /** RFC 8259, 8.1: UTF-8, and no byte order mark, in every operation. */
    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-32", "\ufeff"})
    void readsUtf8Alone(String charset) throws IOException {
        byte[] body = charset.equals("\ufeff") ? utf8("\ufeff" + REQUEST) : REQUEST.getBytes(charset);

        var answer = send(intake.order(body));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("problems/malformed-json");
    }

    /** Every phase has its end: a byte a second keeps no connection. */
    @ParameterizedTest
    @CsvSource({
        // head, bytes of it sent at once, what drips
        "first head, POST /or, d",
        "next head, 'GET /orders/7 HTTP/1.1~Host: x~~', G",
        "body behind a 404, 'POST /nowhere HTTP/1.1~Host: x~Content-Length: 500~~', x",
        "body behind a 405, 'DELETE /orders HTTP/1.1~Host: x~Content-Length: 500~~', x",
        "body behind a 415, 'POST /orders HTTP/1.1~Host: x~Content-Type: text/plain~Content-Length: 500~~', x",
        "body of a bulk, 'POST /orders/bulk HTTP/1.1~Host: x~Content-Type: application/x-ndjson~Content-Length: 500~~', x"
    })
    void endsWhatDrips(String phase, String sent, String drip) throws Exception {
        long start = System.nanoTime();
        try (var socket = new Socket("127.0.0.1", intake.door.port())) {
            socket.setSoTimeout(200);
            socket.getOutputStream().write(sent.replace("~", "\r\n").getBytes(ISO_8859_1));
            boolean open = true;
            while (open && System.nanoTime() - start < Duration.ofSeconds(20).toNanos()) {
                try {
                    socket.getOutputStream().write(drip.getBytes(ISO_8859_1));
                    open = socket.getInputStream().read(new byte[4_096]) >= 0;
                } catch (java.net.SocketTimeoutException e) {
                    // Nothing to read yet.
                } catch (SocketException e) {
                    open = false;
                }
            }
            assertThat(open).as(phase).isFalse();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
    }

    /** Sends the body when it is asked for. */
    private static String talk(String head, String body) throws IOException {
        try (var socket = new Socket("127.0.0.1", intake.door.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(head.getBytes(ISO_8859_1));
            var first = new byte["HTTP/1.1 100 Continue\r\n\r\n".length()];
            socket.getInputStream().readNBytes(first, 0, first.length);
            socket.getOutputStream().write(utf8(body));
            return new String(first, UTF_8) + new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private static byte[] gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(utf8(text));
        }
        return bytes.toByteArray();
    }
}
