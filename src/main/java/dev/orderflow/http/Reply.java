package dev.orderflow.http;

import dev.orderflow.database.SqlErrors;
import dev.orderflow.telemetry.Causes;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where an answer goes, at once or later, from any thread; exactly one of its methods is called, once. */
public final class Reply {

    private static final Logger LOG = LoggerFactory.getLogger(Reply.class);
    private static final int RETRY_AFTER_SECONDS = 2;

    private final Exchange exchange;
    private final AsyncCallback callback;

    Reply(Exchange exchange, AsyncCallback callback) {
        this.exchange = exchange;
        this.callback = callback;
    }

    public void answer(Response answer) {
        answer.put(exchange);
        callback.done(false);
    }

    public void refuse(Problem problem) {
        problem.answer(exchange);
        callback.done(false);
    }

    /** A database that does not answer is told as such; what else went wrong is for the log alone. */
    public void fail(Exception cause) {
        if (cause instanceof ProblemException refusal) {
            refuse(refusal.problem());
        } else if (SqlErrors.isPassing(cause)) {
            LOG.warn("{}: the database does not answer: {}", exchange.getFromRouteId(), Causes.ofClient(cause));
            refuse(unavailable());
        } else {
            LOG.error("{}: no answer could be made", exchange.getFromRouteId(), cause);
            refuse(Problem.internal());
        }
    }

    static Problem unavailable() {
        return new Problem(
                        503,
                        "unavailable",
                        "The database does not answer",
                        "The database did not answer in time. Repeat the call in %d seconds; it is safe."
                                .formatted(RETRY_AFTER_SECONDS))
                .retryAfter(RETRY_AFTER_SECONDS);
    }

    static Problem tooManyWaiting() {
        return new Problem(
                        503,
                        "too-many-waiting",
                        "Too many calls wait",
                        "As many calls wait for the database as setting reading.waitingMax allows. Repeat the call in 1 second.")
                .retryAfter(1);
    }
}
