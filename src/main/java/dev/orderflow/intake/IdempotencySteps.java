package dev.orderflow.intake;

import dev.orderflow.telemetry.OutageLog;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.AsyncProcessorSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of a keyed order, on threads of their own: the database may be slow, and Kafka's sender thread and the workers
 * must not wait for it. An order without a key passes at once, whatever the database does.
 */
final class IdempotencySteps {

    private static final Logger LOG = LoggerFactory.getLogger(IdempotencySteps.class);

    private final Supplier<Optional<IdempotencyKeys>> keys;
    private final Executor desk;
    private final OutageLog settles;

    /** @param settles the log of keys that are not settled */
    IdempotencySteps(Supplier<Optional<IdempotencyKeys>> keys, Executor desk, OutageLog settles) {
        this.keys = keys;
        this.desk = desk;
        this.settles = settles;
    }

    /** Before the append: reads the request, goes on with a key that is ours, and answers for every other. */
    AsyncProcessor claimedBehind(Processor accept) {
        return step(accept, IdempotencySteps::claim, exchange -> {});
    }

    /** After the acknowledgement: the repetitions of this key get their answer from now on, and this one gets its own. */
    AsyncProcessor settledBefore(Processor accepted) {
        return step(exchange -> {}, this::settle, accepted);
    }

    /** After a failed append; nobody waits for it. */
    void release(Exchange exchange) {
        var keyed = exchange.getProperty(PlaceOrder.KEYED, KeyedOrder.class);
        if (keyed == null) {
            return;
        }
        try {
            desk.execute(() -> {
                try {
                    keys.get().orElseThrow(SQLException::new).release(keyed.id());
                } catch (SQLException e) {
                    LOG.debug("order {}: its lease ends by time: {}", keyed.id(), e.getMessage());
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("order {}: its lease ends by time", keyed.id());
        }
    }

    private static void claim(Optional<IdempotencyKeys> keys, Exchange exchange, KeyedOrder keyed) {
        try {
            switch (keys.orElseThrow(SQLException::new).claim(keyed)) {
                case OURS -> {
                    // goes on to the append
                }
                case ACCEPTED -> PlacedAnswer.answer(exchange);
                case OTHER_PAYLOAD -> IntakeProblems.keyReused().answer(exchange);
                case IN_FLIGHT -> IntakeProblems.keyInFlight().answer(exchange);
            }
        } catch (SQLException e) {
            LOG.debug("order {}: its Idempotency-Key cannot be looked up: {}", keyed.id(), e.getMessage());
            IntakeProblems.keysAway().answer(exchange);
        }
    }

    private void settle(Optional<IdempotencyKeys> keys, Exchange exchange, KeyedOrder keyed) {
        try {
            keys.orElseThrow(SQLException::new).accept(keyed.id());
            settles.works();
        } catch (SQLException e) {
            // The order is kept, which is what 202 says. A repetition appends it again and is dropped by its id.
            settles.fails("order %s is kept, but its Idempotency-Key was not settled in the database: %s"
                    .formatted(keyed.id(), e.getMessage()));
        }
    }

    // One step with what stands beside it: each step of a route costs every order a few microseconds.
    private AsyncProcessor step(Processor before, KeyStep step, Processor after) {
        return new AsyncProcessorSupport() {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                run(before, exchange);
                var keyed = exchange.getProperty(PlaceOrder.KEYED, KeyedOrder.class);
                if (keyed == null || exchange.isRouteStop() || exchange.getException() != null) {
                    run(after, exchange);
                    callback.done(true);
                    return true;
                }
                try {
                    desk.execute(() -> {
                        run(now -> step.run(keys.get(), now, keyed), exchange);
                        run(after, exchange);
                        callback.done(false);
                    });
                    return false;
                } catch (RejectedExecutionException e) {
                    step.run(Optional.empty(), exchange, keyed);
                    run(after, exchange);
                    callback.done(true);
                    return true;
                }
            }
        };
    }

    private static void run(Processor part, Exchange exchange) {
        if (exchange.getException() == null) {
            try {
                part.process(exchange);
            } catch (Exception e) {
                exchange.setException(e);
            }
        }
    }

    private interface KeyStep {
        void run(Optional<IdempotencyKeys> keys, Exchange exchange, KeyedOrder keyed);
    }
}
