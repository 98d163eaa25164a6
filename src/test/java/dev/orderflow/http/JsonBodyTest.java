package dev.orderflow.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.events.Violation;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Through a route, as every body comes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JsonBodyTest extends CamelTestSupport {

    record Crate(@Whole(min = 1, max = 12) long bottles, Boolean full, List<String> labels, Maker maker) {}

    record Maker(String name, Instant since, Long staff) {}

    @Override
    protected RouteBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                onException(ProblemException.class).handled(true).process(ProblemException::answer);
                from("direct:read")
                        .unmarshal(new JsonBody<>(Crate.class, "{\"bottles\": 6}", this::check, this::invalid));
            }

            private void check(Crate crate, List<Violation> violations) {
                if (crate.bottles() == 6 && Boolean.TRUE.equals(crate.full())) {
                    violations.add(new Violation("/full", "full must be false with 6 bottles"));
                }
            }

            private Problem invalid(List<Violation> violations) {
                return Problem.invalid("invalid-crate", "The crate breaks a rule", violations);
            }
        };
    }

    @Test
    void readsARecord() {
        assertThat(read("""
                {"bottles": 12, "full": true, "labels": ["a", "b"],
                 "maker": {"name": "Ada", "since": "2026-01-31T08:00:00Z", "staff": -9}}"""))
                .isEqualTo(new Crate(
                        12, true, List.of("a", "b"), new Maker("Ada", Instant.parse("2026-01-31T08:00:00Z"), -9L)));
        assertThat(read("{\"bottles\": 1}")).isEqualTo(new Crate(1, null, null, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]|the body must be an object such as {\\\"bottles\\\": 6}, but was an array",
                "null|the body must be an object such as {\\\"bottles\\\": 6}, but was null",
                "7|the body must be an object such as {\\\"bottles\\\": 6}, but was 7",
                "{}|bottles is missing",
                "{\"bottles\": null}|bottles must be a whole number from 1 to 12, but was null",
                "{\"bottles\": \"5\"}|bottles must be a whole number from 1 to 12, but was '5'",
                "{\"bottles\": 5.0}|bottles must be a whole number from 1 to 12, but was 5.0",
                "{\"bottles\": 0}|bottles must be a whole number from 1 to 12, but was 0",
                "{\"bottles\": 13}|bottles must be a whole number from 1 to 12, but was 13",
                "{\"bottles\": 99999999999999999999}|bottles must be a whole number from 1 to 12, but was 99999999999999999999",
                "{\"bottles\": true}|bottles must be a whole number from 1 to 12, but was true",
                "{\"bottles\": [5]}|bottles must be a whole number from 1 to 12, but was an array",
                "{\"bottles\": {\"n\": 5}}|bottles must be a whole number from 1 to 12, but was an object",
                "{\"bottles\": 5, \"full\": 1}|full must be true or false, but was 1",
                "{\"bottles\": 5, \"full\": \"true\"}|full must be true or false, but was 'true'",
                "{\"bottles\": 6, \"full\": true}|full must be false with 6 bottles",
                "{\"bottles\": 5, \"labels\": \"a\"}|labels must be an array, but was 'a'",
                "{\"bottles\": 5, \"labels\": [\"a\", 7]}|labels/1 must be text, but was 7",
                "{\"bottles\": 5, \"labels\": [\"a\", null]}|labels/1 must be text, but was null",
                "{\"bottles\": 5, \"labels\": [\"\\u0000\"]}|labels/0 must be text, but was '?'",
                "{\"bottles\": 5, \"maker\": \"Ada\"}|maker must be an object, but was 'Ada'",
                "{\"bottles\": 5, \"maker\": {\"name\": \"\"}}|maker/name must be text, but was ''",
                "{\"bottles\": 5, \"maker\": {\"staff\": 1e2}}|maker/staff must be a whole number, but was 100.0",
                "{\"bottles\": 5, \"maker\": {\"since\": \"now\"}}|maker/since must be a time such as 2026-11-22T10:00:00Z, but was 'now'",
                "{\"bottles\": 5, \"maker\": {\"since\": \"+12026-01-31T08:00:00Z\"}}|but was '+12026-01-31T08:00:00Z'",
                "{\"bottles\": 5, \"colour\": {\"a\": []}}|'colour' is not known here, only bottles, full, labels, maker",
                "{\"bottels\": 5, \"bottles\": 5}|'bottels' is not known here (did you mean 'bottles'?)",
                "{\"bottles\": 5, \"maker\": {\"nmae\": 5}}|\"pointer\":\"/maker/nmae\"",
                "{\"bottles\": 5, \"maker\": {\"name\": \"x\", \"since\": \"2026-01-31T08:00:00Z\", \"staff\": 1, \"a/b~\": 5}}|\"pointer\":\"/maker/a~1b~0\"",
            })
    void refusesWhatBreaksARule(String body, String sentence) {
        assertRefused(422, body, sentence);
    }

    @Test
    void saysAllThatIsWrongAtOnce() {
        assertThat(answer("""
                {"bottles": "5", "fulll": 1, "labels": [1, "a", {}], "maker": {"since": 7, "x": [{}], "name": null}}"""))
                .contains("\"status\":422")
                .contains("7 rules are broken; errors has each.")
                .contains("\"/bottles\"", "\"/fulll\"", "\"/labels/0\"", "\"/labels/2\"")
                .contains("\"/maker/since\"", "\"/maker/name\"", "\"/maker/x\"");
    }

    @Test
    void saysOnlyTheFirstOfVeryMany() {
        String answer = answer("{\"bottles\": 5, \"labels\": [%s1]}".formatted("1,".repeat(100)));

        assertThat(answer.split("\"pointer\"", -1)).hasSize(21);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"bottles\": 5, \"bottles\": 5}|not valid JSON at line 1, column",
                "{\"bottles\": 5} x|not valid JSON at line 1, column",
                "{\"bottles\": 5} {}|not valid JSON at line 1, column",
                "{\"bottles\": \"5\"} x|not valid JSON at line 1, column",
                "{\"bottles\": \"5\"|ends too early",
                "{\"maker\": {\"name\":|ends too early",
                "{bottles: 5}|not valid JSON",
                "{\"bottles\": 05}|not valid JSON",
                "{\"bottles\": NaN}|not valid JSON",
            })
    void refusesWhatIsNotJson(String body, String sentence) {
        assertRefused(400, body, sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"bottles\": %s}", "{\"bottles\": 5, \"maker\": {\"staff\": %s}}", "{\"x\": %s}", "%s"})
    void refusesWhatPassesTheLimitsOfTheParser(String body) {
        for (String far :
                List.of("9".repeat(1_001), "[".repeat(1_001), "{\"a\":".repeat(1_001), "1." + "0".repeat(1_001))) {
            assertRefused(400, body.formatted(far), "nests deeper than 65 levels, or holds a name or number");
        }
        assertRefused(400, "{\"%s\": 1}".formatted("x".repeat(60_000)), "far too long");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "\r\n\t"})
    void asksForABodyWhereThereIsNone(String body) {
        assertRefused(400, body, "Send a JSON object such as {\\\"bottles\\\": 6}.");
        assertThat(template.requestBody("direct:read", (Object) null, String.class))
                .contains("empty-body");
    }

    @Test
    void readsUtf8Alone() {
        String body = "{\"bottles\": 5, \"labels\": [\"\u00e4\"]}";
        for (Charset other : List.of(StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16, StandardCharsets.UTF_16LE)) {
            assertThat(template.requestBody("direct:read", body.getBytes(other), String.class))
                    .as(other.name())
                    .contains("\"status\":400");
        }
        assertRefused(400, "\ufeff" + body, "not valid JSON");
        assertThat(read(body)).isInstanceOf(Crate.class);
    }

    @Test
    void noHeaderSaysWhatIsRead() {
        Map<String, Object> headers =
                Map.of("CamelJacksonUnmarshalType", Maker.class.getName(), "JMSType", Maker.class.getName());

        assertThat(template.requestBodyAndHeaders("direct:read", bytes("{\"bottles\": 5}"), headers))
                .isEqualTo(new Crate(5, null, null, null));
    }

    private Object read(String body) {
        return template.requestBody("direct:read", bytes(body));
    }

    private String answer(String body) {
        return template.requestBody("direct:read", bytes(body), String.class);
    }

    private void assertRefused(int status, String body, String sentence) {
        Exchange answer =
                template.request("direct:read", exchange -> exchange.getIn().setBody(bytes(body)));

        assertThat(answer.getMessage().getBody(String.class)).as(body).contains(sentence);
        assertThat(answer.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(status);
        assertThat(answer.getMessage().getHeader(Exchange.CONTENT_TYPE)).isEqualTo(Problem.CONTENT_TYPE);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
