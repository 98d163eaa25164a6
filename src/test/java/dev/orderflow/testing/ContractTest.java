package dev.orderflow.testing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The check must fail where it should; a check that passes everything proves nothing. */
class ContractTest {

    private static final String ID = "0192d0c4-5f3e-7abc-8def-0123456789ab";
    private static final Map<String, List<String>> JSON = Map.of("Content-Type", List.of("application/json"));
    private static final String BODY = "{\"orderId\":\"%s\",\"messageId\":\"<m@orderflow>\"}".formatted(ID);

    @Test
    void passesAnAnswerAsDeclared() {
        assertThatCode(() -> Contract.answer(
                        "GET",
                        "/inventory/mug-blue",
                        200,
                        JSON,
                        "{\"sku\":\"mug-blue\",\"onHand\":5,\"reserved\":2,\"available\":3}"))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesAnAnswerWithAWrongType() {
        refuses("integer", 200, JSON, "{\"sku\":\"a\",\"onHand\":\"5\",\"reserved\":2,\"available\":3}");
    }

    @Test
    void refusesAnAnswerWithAMissingMember() {
        refuses("available", 200, JSON, "{\"sku\":\"a\",\"onHand\":5,\"reserved\":2}");
    }

    @Test
    void refusesAnAnswerWithAnUndeclaredMember() {
        refuses("secret", 200, JSON, "{\"sku\":\"a\",\"onHand\":5,\"reserved\":2,\"available\":3,\"secret\":1}");
    }

    @Test
    void refusesAnUndeclaredStatus() {
        refuses("no such answer", 418, JSON, "{}");
    }

    @Test
    void refusesAnotherContentType() {
        refuses("content type", 200, Map.of("content-type", List.of("text/plain")), "{}");
    }

    @Test
    void refusesAProblemThatSaysAnotherStatus() {
        refuses(
                "another status",
                404,
                Map.of("content-type", List.of("application/problem+json")),
                "{\"type\":\"https://orderflow.dev/problems/not-found\",\"title\":\"t\",\"status\":400,\"detail\":\"d\"}");
    }

    @Test
    void refusesA503WithoutRetryAfter() {
        refuses(
                "Retry-After",
                503,
                Map.of("content-type", List.of("application/problem+json")),
                "{\"type\":\"https://orderflow.dev/problems/unavailable\",\"title\":\"t\",\"status\":503,\"detail\":\"d\"}");
    }

    @Test
    void refusesATimeWithoutItsMilliseconds() {
        refuses(
                "a time of another width",
                404,
                Map.of("content-type", List.of("application/problem+json")),
                "{\"type\":\"https://orderflow.dev/problems/not-found\",\"title\":\"t\",\"status\":404,\"detail\":\"d\",\"at\":\"2026-11-26T12:01:36Z\"}");
    }

    @Test
    void passesARecordAsDeclared() {
        assertThatCode(() -> Contract.record(ID, headers(Map.of()), BODY)).doesNotThrowAnyException();
    }

    @Test
    void refusesARecordThatBreaksTheRules() {
        refusesRecord("ce_type", ID, headers(Map.of("ce_type", "dev.orderflow.lost.v1")), BODY);
        refusesRecord("ce_time", ID, headers(Map.of("ce_time", "yesterday")), BODY);
        refusesRecord("ce_source", ID, headers(Map.of("ce_source", "/orderflow/shipping")), BODY);
        refusesRecord("traceparent", ID, headers(Map.of("traceparent", "00-1")), BODY);
        refusesRecord("key", "another", headers(Map.of()), BODY);
        refusesRecord("ce_id", ID, headers(Map.of("ce_id", ID + "/stock-short")), BODY);
        refusesRecord("messageId", ID, headers(Map.of()), "{\"orderId\":\"%s\"}".formatted(ID));
    }

    private static void refuses(String word, int status, Map<String, List<String>> headers, String body) {
        assertThatThrownBy(() -> Contract.answer("GET", "/inventory/{sku}", status, headers, body))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(word);
    }

    private static void refusesRecord(String word, String key, Map<String, String> headers, String body) {
        assertThatThrownBy(() -> Contract.record(key, headers, body))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(word);
    }

    private static Map<String, String> headers(Map<String, String> other) {
        Map<String, String> headers = new HashMap<>(Map.of(
                "ce_specversion", "1.0",
                "ce_id", ID + "/customer-notified",
                "ce_type", "dev.orderflow.customer-notified.v1",
                "ce_source", "/orderflow/notification",
                "ce_time", "2026-11-22T10:00:00.123456Z",
                "content-type", "application/json",
                "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        headers.putAll(other);
        return headers;
    }
}
