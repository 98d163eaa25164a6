package dev.orderflow.http;

import dev.orderflow.settings.Settings;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.StaticService;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.component.platform.http.PlatformHttpConstants;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The REST server of a process: every request passes here, in front of any Camel route. It asks for a token, bounds what
 * a request may take, and answers each error as a {@link Problem}. Routes reach it through {@code platform-http}.
 */
public final class RestServer extends ServiceSupport implements StaticService {

    static final String NAME = "door";

    private static final Logger LOG = LoggerFactory.getLogger(RestServer.class);
    private static final int GATE_ORDER = -1_000;
    private static final int GUARD_ORDER = -500;
    private static final long DRAIN_MS = 2_000;
    private static final long START_S = 30;
    private static final long CLOSE_S = 5;
    private static final int ANY_PORT = -1;
    private static final String JSON = "application/json";
    private static final String NDJSON = "application/x-ndjson";
    private static final String SCHEMA = "application/schema+json";
    /** A bulk is handed to its worker in parts of this size at most. */
    private static final int PART_BYTES_MAX = 65_536;

    private final CamelContext context;
    private final RestServerOptions options;
    private final AtomicInteger requests = new AtomicInteger();
    private final Vertx vertx;
    private final RestServerRouter router;
    private final AsyncEngine engine;
    private final ConnectionTimeouts connections;
    private volatile int port;

    private RestServer(CamelContext context, RestServerOptions options) {
        this.context = context;
        this.options = options;
        this.vertx = Vertx.vertx(new VertxOptions().setWorkerPoolSize(options.workers()));
        this.router = new RestServerRouter(vertx, Router.router(vertx), options);
        this.engine = new AsyncEngine(context, options);
        this.connections = new ConnectionTimeouts(options);
        this.port = options.port();
    }

    /**
     * Hangs a door on the context, before its routes are made. It starts and stops with the context.
     *
     * @throws IllegalArgumentException when the address is not the loopback and {@code door.tokens} is empty
     */
    public static RestServer hang(CamelContext context, Settings settings) throws Exception {
        var options = RestServerOptions.of(settings);
        if (!isLoopback(options.host()) && options.tokens().isEmpty()) {
            throw new IllegalArgumentException(
                    "orderflow.http.host is '%s', which others can reach, and door.tokens is empty: everybody could place and read orders. Set door.tokens (DOOR_TOKENS; 'orderflow token' prints a line for it), or set orderflow.http.host to 127.0.0.1."
                            .formatted(options.host()));
        }
        var door = new RestServer(context, options);
        var registry = context.getRegistry();
        registry.bind(NAME, door);
        registry.bind(RestServerRouter.NAME, VertxPlatformHttpRouter.class, door.router);
        registry.bind(PlatformHttpConstants.PLATFORM_HTTP_ENGINE_NAME, door.engine);
        context.getComponent("platform-http", PlatformHttpComponent.class)
                .setHeaderFilterStrategy(new HttpHeaderFilter());
        context.addService(door, true, true);
        return door;
    }

    /** The door of a context; routes that guard a path of theirs ask for it. */
    public static RestServer of(CamelContext context) {
        return context.getRegistry().lookupByNameAndType(NAME, RestServer.class);
    }

    /** Lets {@code guard} look at each request of a path on the event loop, before its body is read. */
    public void guard(HttpMethod method, String path, Handler<RoutingContext> guard) {
        router.route(method, path).order(GUARD_ORDER).handler(guard);
    }

    /**
     * The route of a call takes the request as it is ({@code HttpMessage.getRequest()}) and its body; no header or parameter
     * is copied into the message. To be said before the route is made.
     */
    public void bare(HttpMethod method, String path) {
        engine.bare(method, path);
    }

    /** The port it listens on; the one that the system chose when the setting is 0. */
    public int port() {
        return port;
    }

    @Override
    protected void doInit() {
        new ErrorResponses(router, options.bodyBytesMax()).answerAll();
        router.route().order(GATE_ORDER).handler(this::admit);
        vertx.setPeriodic(ConnectionTimeouts.LOOK_MS, now -> connections.look());
        router.route().order(GATE_ORDER + 2).handler(RestServer::wholePath);
        if (!options.tokens().isEmpty()) {
            router.route().order(GATE_ORDER + 1).handler(new BearerAuth(options.tokens()));
        }
    }

    /** Every processor has a loop that reads and writes; one alone would be the limit of a process with many. */
    @Override
    protected void doStart() throws Exception {
        int loops = Runtime.getRuntime().availableProcessors();
        try {
            vertx.deployVerticle(Loop::new, new DeploymentOptions().setInstances(loops))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(START_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw taken(e.getCause());
        }
        LOG.info("door: listens on http://{}:{}", options.host(), port());
    }

    /** One event loop's share of the server; Vert.x gives each its connections in turn. */
    private final class Loop extends AbstractVerticle {

        @Override
        public void start(Promise<Void> started) {
            vertx.createHttpServer(new HttpServerOptions()
                            .setHost(options.host())
                            // Below 0: any free port, the same for all loops.
                            .setPort(options.port() == 0 ? ANY_PORT : options.port())
                            .setIdleTimeout(options.idleTimeoutMs())
                            .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                            .setMaxHeaderSize(options.headerBytesMax())
                            .setMaxInitialLineLength(options.headerBytesMax())
                            .setMaxChunkSize(PART_BYTES_MAX)
                            .setHttp2ClearTextEnabled(false)
                            // No path here is a WebSocket; each request would pass their handlers.
                            .setPerFrameWebSocketCompressionSupported(false)
                            .setPerMessageWebSocketCompressionSupported(false))
                    .invalidRequestHandler(ErrorResponses::unreadable)
                    .connectionHandler(connections)
                    .requestHandler(new HttpRules(router))
                    .listen()
                    .<Void>map(server -> {
                        port = server.actualPort();
                        return null;
                    })
                    .onComplete(started);
        }
    }

    /** Routes are stopped by now and each waiting request has its answer; what is left is to let the bytes out. */
    @Override
    protected void doStop() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DRAIN_MS);
        while (requests.get() > 0 && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
        engine.stop();
        close(vertx.close());
    }

    private void admit(RoutingContext ctx) {
        connections.began(ctx.request());
        requests.incrementAndGet();
        ctx.addEndHandler(ended -> {
            requests.decrementAndGet();
            connections.answered(ctx.request());
            if (HttpRules.closes(ctx.request())) {
                // Behind the bytes of the answer, which are on their way.
                ctx.vertx().runOnContext(now -> ctx.request().connection().close());
            }
        });
        if (!context.isStarted()) {
            Problem.notReady().answerAndClose(ctx.request());
        } else if (!isAcceptable(MediaType.list(ctx.request().headers(), "Accept"))) {
            HttpProblems.notAcceptable().answerUnread(ctx);
        } else {
            ctx.next();
        }
    }

    private static boolean isAcceptable(String accept) {
        return MediaType.accepts(accept, JSON)
                || MediaType.accepts(accept, NDJSON)
                || MediaType.accepts(accept, SCHEMA);
    }

    /** Vert.x takes a path with a slash behind it for the same; here the last segment would be an empty one. */
    private static void wholePath(RoutingContext ctx) {
        String path = ctx.normalizedPath();
        if (path.length() > 1 && path.endsWith("/")) {
            ctx.fail(404);
        } else {
            ctx.next();
        }
    }

    private RuntimeException taken(Throwable cause) {
        return cause instanceof BindException
                ? new IllegalStateException(
                        "Port %d on %s cannot be listened on (%s). Stop what listens there, or set orderflow.http.port (ORDERFLOW_HTTP_PORT)."
                                .formatted(options.port(), options.host(), cause.getMessage()),
                        cause)
                : new IllegalStateException("The REST server does not start: " + cause.getMessage(), cause);
    }

    private static void close(Future<Void> closing) throws InterruptedException {
        try {
            closing.toCompletionStage().toCompletableFuture().get(CLOSE_S, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("door: did not close in time: {}", e.toString());
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "orderflow.http.host is '%s', which is no address of this machine.".formatted(host), e);
        }
    }
}
