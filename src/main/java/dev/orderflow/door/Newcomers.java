package dev.orderflow.door;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Cuts a connection that has not sent the head of its first request in time, however busily it drips bytes. */
final class Newcomers implements Handler<HttpConnection> {

    private final Vertx vertx;
    private final int timeoutMs;
    private final Map<HttpConnection, Long> timers = new ConcurrentHashMap<>();

    Newcomers(Vertx vertx, int timeoutMs) {
        this.vertx = vertx;
        this.timeoutMs = timeoutMs;
    }

    @Override
    public void handle(HttpConnection connection) {
        timers.put(connection, vertx.setTimer(timeoutMs, late -> connection.close()));
        connection.closeHandler(closed -> greet(connection));
    }

    /** The connection has sent a request, or is gone. */
    void greet(HttpConnection connection) {
        Long timer = timers.remove(connection);
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
    }
}
