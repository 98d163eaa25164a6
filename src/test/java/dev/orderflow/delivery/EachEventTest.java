package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;

/** The policy {@code each}, with the steps that services have inside of it. */
class EachEventTest extends CamelTestSupport {

    private final List<Object> seen = new ArrayList<>();
    private final List<String> ended = new ArrayList<>();

    @Override
    protected RoutesBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                getContext().getRegistry().bind("each", new EachEvent());
                getContext().getRegistry().bind("receipts", new ClaimedReceipts());
                from("direct:router")
                        .policy("each")
                        .process(part -> seen.add(Map.copyOf(part.getMessage().getHeaders())))
                        .choice()
                        .when(simple("${body} == 'poison'"))
                        .throwException(new IllegalArgumentException("poison"))
                        .when(simple("${body} == 'nothing'"))
                        .setBody(constant(null))
                        .when(simple("${body} == 'large'"))
                        .setHeader("carrier", constant("freight"))
                        .end()
                        .process(part -> {
                            Object body = part.getMessage().getBody();
                            seen.add(body);
                            if (body != null) {
                                part.getMessage()
                                        .setBody(body + " by "
                                                + part.getMessage().getHeader("carrier"));
                            }
                        });
                from("direct:tries")
                        .policy("each")
                        .doTry()
                        .to("direct:fails")
                        .doCatch(IllegalStateException.class)
                        .setBody(simple("caught: ${exception.message}"))
                        .end();
                from("direct:fails").process(part -> {
                    if (part.getMessage().getBody().equals("bad")) {
                        throw new IllegalStateException("bad");
                    }
                });
                from("direct:once")
                        .policy("each")
                        .idempotentConsumer(body())
                        .idempotentRepository("receipts")
                        .setBody(simple("did ${body}"));
                from("direct:completes")
                        .policy("each")
                        .process(part -> part.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                            @Override
                            public void onDone(Exchange done) {
                                ended.add("done");
                            }
                        }))
                        .process(part -> ended.add("step"));
                from("direct:swallows").routeId("swallows").policy("each").to("direct:swallower");
                from("direct:swallower")
                        .errorHandler(defaultErrorHandler())
                        .onException(Exception.class)
                        .handled(true)
                        .end()
                        .throwException(new IllegalStateException("swallowed"));
            }
        };
    }

    @Test
    void takesOneAfterTheOtherAndLeavesTheListOfWhatTheyLeft() {
        Object left = template.requestBody("direct:router", List.of("a", "large", "nothing", "b"));

        assertThat(left).isEqualTo(List.of("a by null", "large by freight", "b by null"));
    }

    @Test
    void showsEachWhatStoodBeforeAndNothingOfTheOthers() {
        template.requestBodyAndHeader("direct:router", List.of("large", "b"), "shop", "x");

        assertThat(seen).filteredOn(Map.class::isInstance).containsExactly(Map.of("shop", "x"), Map.of("shop", "x"));
    }

    @Test
    void endsWithTheFirstFailure() {
        assertThatThrownBy(() -> template.requestBody("direct:router", List.of("a", "poison", "b")))
                .isInstanceOf(CamelExecutionException.class)
                .hasRootCauseMessage("poison");

        assertThat(seen).contains("a").doesNotContain("b");
    }

    @Test
    void letsARouteCatchWhatItCan() {
        Object left = template.requestBody("direct:tries", List.of("a", "bad", "b"));

        assertThat(left).isEqualTo(List.of("a", "caught: bad", "b"));
    }

    @Test
    void letsAnIdempotentConsumerTellRepeats() {
        Set<String> fresh = new HashSet<>(Set.of("a", "b"));

        Exchange exchange = template.request("direct:once", batch -> {
            batch.setProperty(Once.FRESH, fresh);
            batch.getMessage().setBody(List.of("a", "a", "b"));
        });

        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getBody()).isEqualTo(List.of("did a", "a", "did b"));
        assertThat(fresh).isEmpty();
    }

    @Test
    void endsWhatItsPartsNotedOfThemselves() {
        template.requestBody("direct:completes", List.of("a", "b"));

        assertThat(ended).containsExactly("step", "step", "done", "done");
    }

    @Test
    void refusesAFailureThatAHandlerSwallowed() {
        assertThatThrownBy(() -> template.requestBody("direct:swallows", List.of("a")))
                .hasRootCauseMessage(
                        "Route 'swallows': an error handler swallowed the failure of a step: java.lang.IllegalStateException: swallowed");
    }

    @Test
    void refusesABodyThatIsNoList() {
        assertThatThrownBy(() -> template.requestBody("direct:router", "a"))
                .rootCause()
                .hasMessageContaining("got no list of events");
    }
}
