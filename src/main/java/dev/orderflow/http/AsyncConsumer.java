package dev.orderflow.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConstants;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a route on a worker, never on the event loop (a Kafka {@code send} can block), lets go of the worker at the
 * route's first asynchronous step, and answers from the route's callback. Ten thousand orders may wait for a broker
 * without holding a thread.
 */
final class AsyncConsumer extends VertxPlatformHttpConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(AsyncConsumer.class);

    private final WorkerHandoff workers;
    private final boolean bare;

    AsyncConsumer(
            PlatformHttpEndpoint endpoint,
            Processor processor,
            List<Handler<RoutingContext>> handlers,
            WorkerHandoff workers,
            boolean bare) {
        super(endpoint, processor, handlers, RestServerRouter.NAME);
        this.workers = workers;
        this.bare = bare;
    }

    /**
     * A bare route reads the request itself: no header, parameter or form field is copied into the message, only the body
     * and the user are.
     */
    @Override
    protected Future<Void> processHttpRequest(Exchange exchange, RoutingContext ctx) {
        if (!bare) {
            return super.processHttpRequest(exchange, ctx);
        }
        var message = new HttpMessage(exchange, ctx.request(), ctx.response());
        message.setBody(ctx.body().buffer());
        if (ctx.user() != null) {
            message.setHeader(VertxPlatformHttpConstants.AUTHENTICATED_USER, ctx.user());
        }
        exchange.setMessage(message);
        return Future.succeededFuture();
    }

    @Override
    protected void handleRequest(RoutingContext ctx) {
        Context loop = ctx.vertx().getOrCreateContext();
        Exchange exchange = createExchange(false);
        exchange.setPattern(ExchangePattern.InOut);
        processHttpRequest(exchange, ctx).onComplete(read -> {
            Runnable leave = InFlightLimit.keep(ctx);
            workers.add(loop, new WorkerHandoff.HandedRequest() {
                @Override
                public void start() {
                    AsyncConsumer.this.start(exchange, ctx, loop, leave);
                }

                @Override
                public void refuse() {
                    releaseExchange(exchange, false);
                    leave.run();
                    HttpProblems.busy().answer(ctx.response());
                }
            });
        });
    }

    private void start(Exchange exchange, RoutingContext ctx, Context loop, Runnable leave) {
        // Asked here and not earlier: the request may have waited in the queue while the route was stopped.
        if (isSuspended() || !isRunAllowed()) {
            releaseExchange(exchange, false);
            finish(ctx, loop, leave, VertxResponse.of(Problem.notReady()));
            return;
        }
        if (ctx.response().closed()) {
            releaseExchange(exchange, false);
            leave.run();
            return;
        }
        try {
            createUoW(exchange);
            getAsyncProcessor().process(exchange, doneSync -> {
                var answer = answer(exchange);
                doneUoW(exchange);
                releaseExchange(exchange, false);
                finish(ctx, loop, leave, answer);
            });
        } catch (Exception e) {
            exchange.setException(e);
            finish(ctx, loop, leave, answer(exchange));
        }
    }

    private VertxResponse answer(Exchange exchange) {
        try {
            if (exchange.getException() == null) {
                return VertxResponse.of(exchange);
            }
        } catch (RuntimeException e) {
            exchange.setException(e);
        }
        LOG.error("door: {} failed", getEndpoint().getPath(), exchange.getException());
        return VertxResponse.of(Problem.internal());
    }

    // This may be Kafka's sender thread: nothing here waits.
    private static void finish(RoutingContext ctx, Context loop, Runnable leave, VertxResponse answer) {
        loop.runOnContext(onLoop -> {
            leave.run();
            if (!ctx.response().closed() && !ctx.response().ended()) {
                answer.write(ctx.response());
            }
        });
    }
}
