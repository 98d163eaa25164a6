package dev.orderflow.http;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.impl.RoutingContextInternal;

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
        var problem = MediaType.wrong(JSON, MediaType.list(request.headers(), "Content-Type"))
                .or(() -> MediaType.wrongEncoding(MediaType.list(request.headers(), "Content-Encoding")));
        if (problem.isEmpty()) {
            reader.handle(ctx);
        } else {
            problem.get().answerUnread(ctx);
        }
    }

    /** The step after the body: it came in time, and is unpacked where it is gzip. */
    static Handler<RoutingContext> arrived(int bytesMax) {
        return ctx -> {
            Long timer = ctx.get(TIMER);
            if (timer != null) {
                ctx.vertx().cancelTimer(timer);
            }
            if (timer != null && MediaType.isGzip(MediaType.list(ctx.request().headers(), "Content-Encoding"))) {
                unpack(ctx, bytesMax);
            } else {
                ctx.next();
            }
        };
    }

    private static void unpack(RoutingContext ctx, int bytesMax) {
        Buffer unpacked = Buffer.buffer();
        try (var gunzip = new Gunzip()) {
            gunzip.take(
                    ctx.body().buffer().getBytes(),
                    0,
                    some -> unpacked.appendBytes(some).length() <= bytesMax);
            if (unpacked.length() > bytesMax) {
                Problem.tooLarge(bytesMax).answer(ctx.response());
                return;
            }
            gunzip.end();
        } catch (Gunzip.NoGzipException e) {
            Problem.malformedRequest(e.getMessage()).answer(ctx.response());
            return;
        }
        ((RoutingContextInternal) ctx).setBody(unpacked);
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
            HttpProblems.slowRequest(timeoutMs)
                    .answer(ctx.response())
                    .onComplete(sent -> ctx.request().connection().close());
        }
    }

    private static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        return request.getHeader("Transfer-Encoding") != null || length != null && !length.equals("0");
    }
}
