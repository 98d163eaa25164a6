package dev.orderflow.reading;

import dev.orderflow.door.Problem;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where an answer goes, at once or later, from any thread; exactly one of its methods is called, once. */
public final class Reply {

    private static final Logger LOG = LoggerFactory.getLogger(Reply.class);
    private static final Set<String> OUTAGES = Set.of("08", "53", "57", "58");
    private static final int CAUSES_MAX = 20;
    private static final int RETRY_AFTER_SECONDS = 2;

    private final Exchange exchange;
    private final AsyncCallback callback;

    Reply(Exchange exchange, AsyncCallback callback) {
        this.exchange = exchange;
        this.callback = callback;
    }

    public void answer(Answer answer) {
        answer.put(exchange);
        callback.done(false);
    }

    public void refuse(Problem problem) {
        problem.answer(exchange);
        callback.done(false);
    }

    /** A database that does not answer is told as such; what else went wrong is for the log alone. */
    public void fail(Exception cause) {
        if (cause instanceof Refusal refusal) {
            refuse(refusal.problem());
        } else if (isOutage(cause)) {
            LOG.warn("{}: the database does not answer: {}", exchange.getFromRouteId(), sentence(cause));
            refuse(unavailable());
        } else {
            LOG.error("{}: no answer could be made", exchange.getFromRouteId(), cause);
            refuse(Problem.internal());
        }
    }

    /** Connection, resources, operator or system, by SQLState; anything else is a fault of ours. */
    private static boolean isOutage(Exception failure) {
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth < CAUSES_MAX; cause = cause.getCause(), depth++) {
            if (cause instanceof SQLException sql) {
                String state = sql.getSQLState();
                return sql instanceof SQLTransientException
                        || state != null && OUTAGES.contains(state.substring(0, Math.min(2, state.length())));
            }
        }
        return false;
    }

    private static String sentence(Exception failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
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
