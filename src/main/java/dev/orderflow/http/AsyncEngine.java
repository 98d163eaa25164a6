package dev.orderflow.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConsumer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpEngine;
import org.apache.camel.util.concurrent.CamelThreadFactory;

/**
 * Connects the door's router with Camel's {@code platform-http} routes. Reads and writes have threads of their own, so
 * that orders which wait for a broker never keep a reader waiting.
 */
final class AsyncEngine extends VertxPlatformHttpEngine {

    private final boolean async;
    private final Set<String> bare = new HashSet<>();
    private final WorkerHandoff reads;
    private final WorkerHandoff writes;

    AsyncEngine(CamelContext context, RestServerOptions options) {
        setCamelContext(context);
        setHandlers(List.of(RequestBody.arrived(options.bodyBytesMax())));
        this.async = options.async();
        this.reads = pool("Orderflow read", options.workers(), options.queueMax());
        this.writes = pool("Orderflow write", options.workers(), options.queueMax());
    }

    /** The route of this call reads the request itself. To be said before its route is made. */
    void bare(HttpMethod method, String path) {
        bare.add(method + " " + path);
    }

    private static String call(PlatformHttpEndpoint endpoint) {
        return endpoint.getHttpMethodRestrict() + " " + endpoint.getPath();
    }

    @Override
    public int getServerPort() {
        return RestServerRouter.PORT_OF_NAME;
    }

    @Override
    public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
        if (async && !endpoint.isUseStreaming()) {
            var pool = "GET".equals(endpoint.getHttpMethodRestrict()) ? reads : writes;
            return new AsyncConsumer(endpoint, processor, getHandlers(), pool, bare.contains(call(endpoint)));
        }
        return new StockConsumer(endpoint, processor, getHandlers());
    }

    @Override
    protected void doStop() {
        reads.shutdown();
        writes.shutdown();
    }

    private static WorkerHandoff pool(String name, int threads, int queueMax) {
        var pool = new ThreadPoolExecutor(
                threads,
                threads,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new CamelThreadFactory("#name# ##counter#", name, true));
        pool.allowCoreThreadTimeOut(true);
        return new WorkerHandoff(pool, queueMax);
    }

    /** Camel's own consumer, which holds a worker until the route is done; only its answer while suspended is ours. */
    private static final class StockConsumer extends VertxPlatformHttpConsumer {

        StockConsumer(
                PlatformHttpEndpoint endpoint,
                Processor processor,
                List<io.vertx.core.Handler<RoutingContext>> handlers) {
            super(endpoint, processor, handlers, RestServerRouter.NAME);
        }

        @Override
        protected void handleRequest(RoutingContext ctx) {
            if (isSuspended()) {
                Problem.notReady().answer(ctx.response());
            } else {
                super.handleRequest(ctx);
            }
        }
    }
}
