package dev.orderflow.monitoring;

import dev.orderflow.http.HttpDate;
import dev.orderflow.settings.CannotStart;
import dev.orderflow.settings.Settings;
import dev.orderflow.telemetry.Causes;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Health and metrics over HTTP, on a port and threads of their own, so that they answer however busy the REST server is.
 * What it serves is known already when it is asked: no answer waits for a broker or a database.
 */
final class ManagementServer extends ServiceSupport {

    private static final Logger LOG = LoggerFactory.getLogger(ManagementServer.class);
    private static final long START_S = 30;
    private static final long CLOSE_S = 5;
    private static final int IDLE_S = 60;
    private static final String JSON = "application/json";
    private static final String PROBLEM = "application/problem+json";

    /** What a path answers. */
    private interface ManagementPage {
        ManagementReply reply(HttpServerRequest request);
    }

    private record ManagementReply(int status, String contentType, byte[] body) {

        static ManagementReply of(HealthReport report) {
            return new ManagementReply(report.isUp() ? 200 : 503, JSON, report.json());
        }
    }

    private final String host;
    private final int port;
    private final Map<String, ManagementPage> pages;
    private Vertx vertx;

    ManagementServer(CamelContext context, Settings settings) {
        this.host = settings.text("orderflow.management.host");
        this.port = settings.number("orderflow.management.port");
        this.pages = Map.of(
                Monitoring.HEALTH_PATH,
                request -> ManagementReply.of(HealthReport.all(context)),
                Monitoring.HEALTH_PATH + "/live",
                request -> ManagementReply.of(HealthReport.live(context)),
                Monitoring.HEALTH_PATH + "/ready",
                request -> ManagementReply.of(HealthReport.ready(context)),
                Monitoring.METRICS_PATH,
                request -> metrics(context, request));
    }

    /** The format that the scraper asks for: Prometheus' text, or OpenMetrics. */
    private static ManagementReply metrics(CamelContext context, HttpServerRequest request) {
        String accept = request.getHeader("Accept");
        boolean open = accept != null && accept.contains("application/openmetrics-text");
        String type = open
                ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                : "text/plain; version=0.0.4; charset=utf-8";
        String page = PrometheusMeters.of(context).scrape(type);
        return new ManagementReply(200, type, page.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    protected void doStart() throws Exception {
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(2));
        try {
            vertx.createHttpServer(
                            new HttpServerOptions().setHost(host).setPort(port).setIdleTimeout(IDLE_S))
                    .requestHandler(this::answer)
                    .listen()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(START_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new CannotStart(
                    "Health and metrics cannot listen on %s:%d: %s. Set %s or %s."
                            .formatted(
                                    host,
                                    port,
                                    Causes.ofClient(e),
                                    Settings.variable("orderflow.management.host"),
                                    Settings.variable("orderflow.management.port")),
                    e);
        }
    }

    @Override
    protected void doStop() throws Exception {
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_S, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            LOG.warn("management: did not close within {} s", CLOSE_S);
        }
    }

    private void answer(HttpServerRequest request) {
        ManagementPage page = pages.get(request.path());
        if (page == null) {
            write(
                    request,
                    problem(
                            404,
                            "There is nothing here. Ask for /observe/health, /observe/health/live, /observe/health/ready or /observe/metrics."));
        } else if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            request.response().putHeader("Allow", "GET, HEAD");
            write(request, problem(405, "Only GET and HEAD are answered here."));
        } else {
            // Not on the event loop: a check or a gauge may hold a lock for a moment.
            vertx.executeBlocking(() -> page.reply(request), false)
                    .onSuccess(reply -> write(request, reply))
                    .onFailure(failure -> {
                        LOG.error("management: {} failed", request.path(), failure);
                        write(request, problem(500, "This is a bug; the log says more."));
                    });
        }
    }

    private static ManagementReply problem(int status, String detail) {
        return new ManagementReply(
                status,
                PROBLEM,
                "{\"status\":%s,\"detail\":\"%s\"}"
                        .formatted(String.valueOf(status), detail)
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static void write(HttpServerRequest request, ManagementReply reply) {
        var response = request.response();
        if (response.closed()) {
            return;
        }
        response.setStatusCode(reply.status())
                .putHeader("Date", HttpDate.now())
                .putHeader("Content-Type", reply.contentType());
        if (request.method().equals(HttpMethod.HEAD)) {
            response.putHeader("Content-Length", Integer.toString(reply.body().length))
                    .end();
        } else {
            response.end(Buffer.buffer(reply.body()));
        }
    }
}
