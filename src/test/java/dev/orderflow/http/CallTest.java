package dev.orderflow.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallTest {

    private static final DefaultCamelContext CONTEXT = new DefaultCamelContext();

    @AfterAll
    static void stop() {
        CONTEXT.stop();
    }

    @Test
    void readsPathAndQueryFromTheRequestLineAlone() {
        var question = question(Map.of(
                Exchange.HTTP_PATH,
                "/inventory/a%2Bb+c",
                Exchange.HTTP_RAW_QUERY,
                "limit=5&cursor=a+b%26c",
                "limit",
                "7"));

        assertThat(question.lastSegment()).isEqualTo("a+b+c");
        assertThat(question.parameters("limit", "cursor")).isEqualTo(Map.of("limit", "5", "cursor", "a b&c"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"status=%zz", "status=%4", "other=1", "limit=1&limit=1"})
    void refusesAQueryThatItCannotReadWhole(String query) {
        var question = question(Map.of(Exchange.HTTP_RAW_QUERY, query));

        assertThatThrownBy(() -> question.parameters("status", "limit"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refusal -> assertThat(refusal.problem().status()).isEqualTo(400));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "201", "-1", "1.0", "", "9999999999"})
    void refusesALimitOutsideItsBounds(String limit) {
        assertThatThrownBy(() -> Call.limit(Map.of("limit", limit))).hasMessageContaining("from 1 to 200");
    }

    @Test
    void severalLinesOfAHeaderAreOneList() {
        assertThat(question(Map.of("Prefer", List.of("respond-async", "wait=3")))
                        .header("Prefer"))
                .contains("respond-async, wait=3");
    }

    @Test
    void quotesAWordOfTheClientShortAndClean() {
        assertThat(Call.shown("a\nb" + "x".repeat(100)))
                .hasSize(63)
                .startsWith("a?bx")
                .endsWith("...");
        // Found by fuzzing: a control sequence of ISO 6429 in one character, and a pair that the end cuts.
        assertThat(Call.shown("a\u009bb")).isEqualTo("a?b");
        assertThat(Call.shown("x".repeat(59) + "\ud83d\ude00")).isEqualTo("x".repeat(59) + "?...");
        assertThat(Call.shown("\ud83d\ude00")).isEqualTo("\ud83d\ude00");
    }

    @Test
    void aCursorComesBackAsItWas() {
        assertThat(Cursor.read(Cursor.of("2026-11-22T12:00:00Z a"), Function.identity()))
                .contains("2026-11-22T12:00:00Z a");
        assertThat(Cursor.read(null, Function.identity())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%%%", "bm8"})
    void refusesACursorThatWasNeverGiven(String cursor) {
        assertThatThrownBy(() -> Cursor.read(cursor, text -> {
                    throw new IllegalArgumentException(text);
                }))
                .hasMessageContaining("cursor must be the 'next' of a page before");
    }

    private static Call question(Map<String, Object> headers) {
        var exchange = new DefaultExchange(CONTEXT);
        exchange.getMessage().setHeaders(new org.apache.camel.util.CaseInsensitiveMap(headers));
        return new Call(exchange);
    }
}
