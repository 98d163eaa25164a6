package dev.orderflow.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.events.Violation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class ProblemTest {

    @Test
    void writesTheMembersOfRfc9457() {
        var problem = new Problem(
                422,
                "invalid-order",
                "The order breaks a rule",
                "1 rule is broken.",
                List.of(new Violation("/lines/0/sku", "sku is \"missing\"")),
                Map.of());

        assertThat(new String(problem.json(), StandardCharsets.UTF_8))
                .isEqualTo("{\"type\":\"https://orderflow.dev/problems/invalid-order\","
                        + "\"title\":\"The order breaks a rule\",\"status\":422,\"detail\":\"1 rule is broken.\","
                        + "\"errors\":[{\"pointer\":\"/lines/0/sku\",\"detail\":\"sku is \\\"missing\\\"\"}]}");
    }

    @Test
    void leavesNothingOfTheRequestInTheAnswer() {
        var exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.getMessage().setHeader("X-Secret", "s");

        Problem.notFound("No order has this id.").retryAfter(1).answer(exchange);

        assertThat(exchange.getMessage().getHeaders())
                .containsOnlyKeys("Retry-After", Exchange.HTTP_RESPONSE_CODE, Exchange.CONTENT_TYPE)
                .containsEntry(Exchange.HTTP_RESPONSE_CODE, 404);
        assertThat(exchange.isRouteStop()).isTrue();
    }
}
