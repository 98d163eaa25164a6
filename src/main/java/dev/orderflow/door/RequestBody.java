package dev.orderflow.door;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Locale;

/**
 * Reads a request's body: JSON only, so many bytes at most, and so long at most. A sender that drips a byte now and then is
 * not idle; so the time counts for the whole body.
 */
final class RequestBody implements Handler<RoutingContext> {

    private static final String JSON = "application/json";
    private static final String TIMER = "door.bodyTimer";

    private final Handler<RoutingContext> reader;
    private final int timeoutMs;

    RequestBody(int bytesMax, int timeoutMs) {
        // File uploads are off: a form never comes this far, and nothing is written to the disk.
        this.reader = BodyHandler.create(false).setBodyLimit(bytesMax);
        this.timeoutMs = timeoutMs;
    }

    @Override
    public void handle(RoutingContext ctx) {
        var request = ctx.request();
        if (!hasBody(request)) {
            reader.handle(ctx);
            return;
        }
        ctx.put(TIMER, ctx.vertx().setTimer(timeoutMs, late -> cut(ctx)));
        String type = request.getHeader("Content-Type");
        if (isJson(type) && request.getHeader("Content-Encoding") == null) {
            reader.handle(ctx);
        } else {
            request.handler(unwanted -> {});
            request.resume();
            Problem.unsupportedMediaType(JSON, type == null ? "" : type).answer(ctx.response());
        }
    }

    /** The step after the body: it came in time. */
    static void arrived(RoutingContext ctx) {
        Long timer = ctx.get(TIMER);
        if (timer != null) {
            ctx.vertx().cancelTimer(timer);
        }
        ctx.next();
    }

    // An answer may be out already, such as 413, while the sender still sends: then the connection is cut without a
    // word.
    private void cut(RoutingContext ctx) {
        if (ctx.request().isEnded()) {
            return;
        }
        if (ctx.response().ended()) {
            ctx.request().connection().close();
        } else {
            Problem.slowRequest(timeoutMs)
                    .answer(ctx.response())
                    .onComplete(sent -> ctx.request().connection().close());
        }
    }

    private static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        return request.getHeader("Transfer-Encoding") != null || length != null && !length.equals("0");
    }

    /** {@code application/json}, alone or with {@code charset=utf-8}. */
    static boolean isJson(String type) {
        if (type == null) {
            return false;
        }
        String[] parts = type.toLowerCase(Locale.ROOT).split(";", 2);
        return parts[0].trim().equals(JSON)
                && (parts.length == 1 || parts[1].replace("\"", "").trim().equals("charset=utf-8"));
    }
}
