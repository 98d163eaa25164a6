package dev.orderflow.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * Every phase of a connection has its end, however busily it drips bytes: the head of a request, a body behind an answer,
 * and a whole request with its answer. A body that is read has a time of its own, in {@link RequestBody}.
 */
final class ConnectionTimeouts implements Handler<HttpConnection> {

    /** How often the clocks are looked at, in milliseconds. */
    static final long LOOK_MS = 250;

    private enum Phase {
        FIRST_HEAD,
        NEXT_HEAD,
        EXCHANGE,
        UNREAD_BODY
    }

    /** Requests of a connection come one behind the other. */
    private static final class State {
        private Phase phase = Phase.FIRST_HEAD;
        private long since = System.nanoTime();
        private HttpServerRequest request;

        synchronized void began(HttpServerRequest of) {
            enter(Phase.EXCHANGE, of);
        }

        synchronized void answered(HttpServerRequest of) {
            if (request == of) {
                enter(of.isEnded() ? Phase.NEXT_HEAD : Phase.UNREAD_BODY, of.isEnded() ? null : of);
            }
        }

        /** Whether it is in its phase for longer than that may last. */
        synchronized boolean isOver(long now, ToLongFunction<Phase> limit) {
            if (phase == Phase.UNREAD_BODY && request.isEnded()) {
                enter(Phase.NEXT_HEAD, null);
            }
            return now - since > limit.applyAsLong(phase);
        }

        private void enter(Phase next, HttpServerRequest of) {
            request = of;
            since = System.nanoTime();
            phase = next;
        }
    }

    private final long requestNs;
    private final long nextHeadNs;
    private final long exchangeNs;
    private final Map<HttpConnection, State> states = new ConcurrentHashMap<>();

    ConnectionTimeouts(RestServerOptions options) {
        this.requestNs = TimeUnit.MILLISECONDS.toNanos(options.requestTimeoutMs());
        this.nextHeadNs = requestNs + TimeUnit.MILLISECONDS.toNanos(options.idleTimeoutMs());
        this.exchangeNs = TimeUnit.MILLISECONDS.toNanos(options.exchangeTimeoutMs());
    }

    @Override
    public void handle(HttpConnection connection) {
        states.put(connection, new State());
        connection.closeHandler(closed -> states.remove(connection));
    }

    /** The head of a request is here. */
    void began(HttpServerRequest request) {
        State state = states.get(request.connection());
        if (state != null) {
            state.began(request);
        }
    }

    /** Its answer is out. */
    void answered(HttpServerRequest request) {
        State state = states.get(request.connection());
        if (state != null) {
            state.answered(request);
        }
    }

    /** Closes those whose time is over; to be called now and then. */
    void look() {
        long now = System.nanoTime();
        states.forEach((connection, state) -> {
            if (state.isOver(now, this::limit)) {
                connection.close();
            }
        });
    }

    private long limit(Phase phase) {
        return switch (phase) {
            case FIRST_HEAD, UNREAD_BODY -> requestNs;
            case NEXT_HEAD -> nextHeadNs;
            case EXCHANGE -> exchangeNs;
        };
    }
}
