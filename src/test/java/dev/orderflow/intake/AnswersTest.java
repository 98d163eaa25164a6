package dev.orderflow.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.http.InFlightLimit;
import dev.orderflow.telemetry.OutageLog;
import dev.orderflow.testing.CapturedLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What is answered behind the append: 202 where it was acknowledged, and what is known where it was not. */
class AnswersTest {

    private static final UUID ID = new UUID(1, 2);

    private final OutageLog appends = new OutageLog(LoggerFactory.getLogger(AnswersTest.class), "intake");
    private final KeysInHand keys = new KeysInHand();
    private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());
    private final FailedAnswer failed =
            new FailedAnswer(new IdempotencySteps(() -> Optional.of(keys), Runnable::run, appends), appends);

    @Test
    void namesTheOrderThatIsKept() throws Exception {
        exchange.setProperty(PlaceOrder.ORDER_ID, ID.toString());
        exchange.getMessage().setHeader("of-the-record", "x");
        var registry = new SimpleMeterRegistry();
        try (var log = new CapturedLog()) {
            appends.fails("the brokers are away");

            new PlacedAnswer(new IntakeMeters(registry, new InFlightLimit(1)), appends).process(exchange);

            assertThat(log.text()).contains("intake: works again");
        }
        var answer = exchange.getMessage();
        assertThat(answer.getHeaders())
                .containsEntry(Exchange.HTTP_RESPONSE_CODE, 202)
                .containsEntry("Location", "/orders/" + ID)
                .containsEntry(Exchange.CONTENT_TYPE, "application/json")
                .hasSize(3);
        assertThat(answer.getBody(String.class)).isEqualTo("{\"orderId\":\"" + ID + "\",\"status\":\"accepted\"}");
        assertThat(exchange.isRouteStop()).isTrue();
        assertThat(registry.get("orderflow.orders.accepted").counter().count()).isEqualTo(1);
    }

    @Test
    void saysThatAnOrderMayHaveBeenKeptAndThatARepetitionMayPlaceItTwice() {
        try (var log = new CapturedLog()) {
            fails(new TimeoutException("no metadata"));

            assertThat(log.text()).contains("intake: orders are not acknowledged by the brokers: no metadata");
        }
        answered(503, "Repeating it may place it twice");
        assertThat(exchange.getMessage().getHeader("Retry-After")).isEqualTo("1");
        assertThat(keys.asked).isEmpty();
    }

    @Test
    void saysThatAKeyedOrderMayBeRepeatedAndReleasesItsKey() {
        exchange.setProperty(PlaceOrder.KEYED, new KeyedOrder(ID, new byte[] {1}));

        fails(new RejectedExecutionException("the producer is closed"));

        answered(503, "Repeat it with the same Idempotency-Key");
        assertThat(keys.asked).containsExactly("release " + ID);
    }

    @Test
    void tellsNothingOfAFaultOfOursButToTheLog() {
        exchange.setProperty(PlaceOrder.ORDER_ID, ID.toString());
        exchange.setProperty(PlaceOrder.KEYED, new KeyedOrder(ID, new byte[] {1}));
        try (var log = new CapturedLog()) {
            fails(new IllegalStateException("inside"));

            assertThat(log.text()).contains("order " + ID + ": not accepted").contains("inside");
        }
        answered(500, "/internal");
        assertThat(keys.asked).isEmpty();
    }

    private void fails(Exception cause) {
        exchange.setProperty(Exchange.EXCEPTION_CAUGHT, cause);
        failed.process(exchange);
    }

    private void answered(int status, String told) {
        assertThat(exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(status);
        assertThat(exchange.getMessage().getBody(String.class)).contains(told).doesNotContain("inside");
        assertThat(exchange.isRouteStop()).isTrue();
    }
}
