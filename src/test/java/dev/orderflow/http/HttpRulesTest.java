package dev.orderflow.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules alone, in front of a handler that tells what came through. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpRulesTest {

    private static final String LAST = "Connection: close\r\n\r\n";

    private final List<Boolean> closes = Collections.synchronizedList(new ArrayList<>());
    private RawAnswers answers;

    @BeforeAll
    void start() {
        answers = new RawAnswers(new HttpRules(this::next));
    }

    @AfterAll
    void stop() {
        answers.close();
    }

    private void next(HttpServerRequest request) {
        closes.add(HttpRules.closes(request));
        if (request.uri().equals("/awaits")) {
            request.response().end("awaits " + HttpRules.awaitsContinue(request));
            request.connection().close();
        } else {
            request.response().putHeader("method", request.method().name()).end("through");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "a",
                "z",
                "0",
                "9",
                "a.b-c:8080",
                "a:",
                "a:09",
                "UPPER",
                "127.0.0.1:1",
                "[::1]",
                "[::1]:80",
                "a_b:80",
                "a%20b",
            })
    void aHostIsANameOrAnAddressWithAPort(String host) {
        assertThat(get("/", "Host: " + host + "\r\n"))
                .startsWith("HTTP/1.1 200")
                .endsWith("through");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a b", "a:b", "a:/", "a:8;", "a:1:2", "[::1", "::1", "[::1]x", "a{", "a`", "a@b"})
    void refusesAHostThatIsNone(String host) {
        assertThat(get("/", "Host: " + host + "\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("The header Host names no host");
    }

    @Test
    void wantsOneHost() {
        assertThat(get("/", "")).startsWith("HTTP/1.1 400").contains("this one had 0 (RFC 9112, 3.2)");
        assertThat(get("/", "Host: a\r\nHost: a\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("this one had 2");
        assertThat(answers.of("GET / HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.0 200");
        assertThat(answers.of("GET / HTTP/1.0\r\nHost: a b\r\n\r\n")).startsWith("HTTP/1.0 400");
    }

    @ParameterizedTest
    @CsvSource({"/%20, 200", "/a?b=%aF, 200", "/%, 400", "/a%2, 400", "/a?b=%zz, 400", "%, 400"})
    void aPercentSignEscapes(String target, int status) {
        assertThat(get(target, "Host: a\r\n")).startsWith("HTTP/1.1 " + status);
    }

    @ParameterizedTest
    @CsvSource({"100-continue, 200", "100-Continue, 200", "200-ok, 417", "'100-continue, 200-ok', 417"})
    void knowsOneExpectation(String expect, int status) {
        assertThat(get("/", "Host: a\r\nExpect: " + expect + "\r\n")).startsWith("HTTP/1.1 " + status);
    }

    /** A server of HTTP/1.0 knows no expectation, and passes it (RFC 9110, 10.1.1). */
    @Test
    void passesTheExpectationOfAnOlderClient() {
        assertThat(answers.of("GET / HTTP/1.0\r\nExpect: 200-ok\r\n\r\n")).startsWith("HTTP/1.0 200");
    }

    @Test
    void everyAnswerHasADate() {
        assertThat(get("/", "Host: a\r\n")).containsPattern("(?i)\r\ndate: \\w{3}, \\d\\d \\w{3} \\d{4} [0-9:]{8} GMT");
        assertThat(get("/", "")).containsPattern("(?i)\r\ndate: ");
    }

    @Test
    void endsTheConnectionBehindARefusal() {
        // Without an option of the client's to close; else reading would not end.
        assertThat(answers.of("GET / HTTP/1.1\r\n\r\n")).containsPattern("(?i)\r\nconnection: close\r\n");
    }

    @Test
    void answersHeadAsGetWithoutItsBody() {
        assertThat(answers.of("HEAD / HTTP/1.1\r\nHost: a\r\n" + LAST))
                .contains("method: GET")
                .endsWith("\r\n\r\n");
        assertThat(answers.of("DELETE / HTTP/1.1\r\nHost: a\r\n" + LAST)).contains("method: DELETE");
    }

    @ParameterizedTest
    @CsvSource({
        "'close, te', true",
        "'te,CLOSE', true",
        "'te , close , x', true",
        "'te, closed', false",
        "'x-close, te', false",
        // Vert.x looks at this one itself.
        "close, false",
    })
    void seesCloseAmongOtherOptions(String connection, boolean closed) {
        closes.clear();

        answers.of("GET /awaits HTTP/1.1\r\nHost: a\r\nConnection: " + connection + "\r\n\r\n");

        assertThat(closes).containsExactly(closed);
    }

    @Test
    void closesWhereABodyWaitsForA100ThatDidNotCome() {
        closes.clear();

        String waiting =
                answers.of("POST /awaits HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
        String body = answers.of("POST /awaits HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");

        assertThat(waiting).endsWith("awaits true");
        assertThat(body).endsWith("awaits false");
        assertThat(closes).containsExactly(true, false);
    }

    private String get(String target, String headers) {
        return answers.of("GET " + target + " HTTP/1.1\r\n" + headers + LAST);
    }
}
