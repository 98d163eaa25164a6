package dev.orderflow.intake;

import dev.orderflow.door.Problem;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answer when the append failed: what is known about the order, and whether it may be repeated. */
final class NotAccepted implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(NotAccepted.class);
    private static final long LOG_EVERY_NS = 10_000_000_000L;

    private final KeyDesk desk;
    private final AtomicLong nextLog = new AtomicLong(System.nanoTime());

    NotAccepted(KeyDesk desk) {
        this.desk = desk;
    }

    @Override
    public void process(Exchange exchange) {
        var cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (cause instanceof KafkaException || cause instanceof RejectedExecutionException) {
            desk.release(exchange);
            tell(cause);
            Problems.notAcknowledged(exchange.getProperty(Accept.KEYED) != null).answer(exchange);
        } else {
            LOG.error(
                    "order {}: not accepted", exchange.getProperty(Accept.ORDER_ID, "without id", String.class), cause);
            Problem.internal().answer(exchange);
        }
    }

    // In an outage each order fails: one line in ten seconds says it.
    private void tell(Exception cause) {
        long due = nextLog.get();
        long now = System.nanoTime();
        if (now - due >= 0 && nextLog.compareAndSet(due, now + LOG_EVERY_NS)) {
            LOG.warn("intake: orders are not acknowledged: {}", cause.getMessage());
        }
    }
}
