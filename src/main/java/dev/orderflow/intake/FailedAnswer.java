package dev.orderflow.intake;

import dev.orderflow.http.Problem;
import dev.orderflow.telemetry.OutageLog;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answer when the append failed: what is known about the order, and whether it may be repeated. */
final class FailedAnswer implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(FailedAnswer.class);

    private final IdempotencySteps desk;
    private final OutageLog appends;

    FailedAnswer(IdempotencySteps desk, OutageLog appends) {
        this.desk = desk;
        this.appends = appends;
    }

    @Override
    public void process(Exchange exchange) {
        var cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (cause instanceof KafkaException || cause instanceof RejectedExecutionException) {
            desk.release(exchange);
            appends.fails("orders are not acknowledged by the brokers: " + cause.getMessage());
            IntakeProblems.notAcknowledged(exchange.getProperty(PlaceOrder.KEYED) != null)
                    .answer(exchange);
        } else {
            LOG.error(
                    "order {}: not accepted",
                    exchange.getProperty(PlaceOrder.ORDER_ID, "without id", String.class),
                    cause);
            Problem.internal().answer(exchange);
        }
    }
}
