package dev.orderflow.intake;

import dev.orderflow.http.InFlightLimit;
import dev.orderflow.http.MediaType;
import dev.orderflow.http.Problem;
import dev.orderflow.settings.Settings;
import dev.orderflow.telemetry.OutageLog;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.camel.util.concurrent.CamelThreadFactory;
import org.apache.kafka.clients.producer.Producer;

/**
 * {@code POST /orders/bulk} with {@code application/x-ndjson}: an order a line, and a result for each in the order of the
 * lines. Streamed both ways, so it stands at the door, before a body is read. A Camel exchange for each line would cost
 * more than the line; so this appends with a producer of its own, under the same settings and promises.
 */
final class Bulk extends ServiceSupport implements Handler<RoutingContext> {

    static final String CONTENT_TYPE = "application/x-ndjson";
    static final String PATH = "/orders/bulk";

    /** Where it was before; it goes on there for whoever knows it (RFC 9745: since 2026-11-27). */
    private static final String FORMER_PATH = "/orders";

    private static final String DEPRECATED_SINCE = "@1795737600";

    private final CamelContext context;
    final int linesMax;
    final int bytesMax;
    final int lineBytesMax;
    final String topic;
    final InFlightLimit waiting;
    final IntakeMeters meters;
    final Supplier<Optional<IdempotencyKeys>> keys;
    final OutageLog settles;
    final Clock clock = Clock.systemUTC();
    final OrderIds ids = new OrderIds(clock);
    final ThreadPoolExecutor workers;
    private final Supplier<Producer<String, byte[]>> producers;
    private Producer<String, byte[]> producer;

    /** @param producers makes the producer when it starts */
    Bulk(
            CamelContext context,
            Settings settings,
            InFlightLimit waiting,
            IntakeMeters meters,
            Supplier<Optional<IdempotencyKeys>> keys,
            OutageLog settles,
            Supplier<Producer<String, byte[]>> producers) {
        this.context = context;
        this.linesMax = settings.number("intake.bulkLinesMax");
        this.bytesMax = settings.number("intake.bulkBytesMax");
        this.lineBytesMax = settings.number("intake.bodyBytesMax");
        this.topic = settings.text("orders.topic");
        this.waiting = waiting;
        this.meters = meters;
        this.keys = keys;
        this.settles = settles;
        this.workers = workers(settings.number("intake.bulkThreads"));
        this.producers = producers;
    }

    @Override
    protected void doStart() {
        producer = producers.get();
    }

    /** Gives each line that waits its result; the door then lets the answers out. */
    @Override
    protected void doStop() {
        producer.close(Duration.ofSeconds(5));
        workers.shutdown();
    }

    Producer<String, byte[]> producer() {
        return producer;
    }

    @Override
    public void handle(RoutingContext ctx) {
        String type = ctx.request().getHeader("Content-Type");
        boolean former = ctx.normalizedPath().equals(FORMER_PATH);
        if (former && (type == null || !MediaType.is(CONTENT_TYPE, type))) {
            ctx.next();
            return;
        }
        if (former) {
            ctx.response().putHeader("Deprecation", DEPRECATED_SINCE);
            ctx.response().putHeader("Link", "<" + PATH + ">; rel=\"successor-version\"");
        }
        refusal(ctx).ifPresentOrElse(problem -> problem.answerUnread(ctx), () -> new BulkRequest(this, ctx).read());
    }

    private Optional<Problem> refusal(RoutingContext ctx) {
        var request = ctx.request();
        var unread = MediaType.wrong(CONTENT_TYPE, MediaType.list(request.headers(), "Content-Type"))
                .or(() -> MediaType.wrongEncoding(MediaType.list(request.headers(), "Content-Encoding")));
        if (unread.isPresent()) {
            return unread;
        }
        if (request.headers().contains("Idempotency-Key")) {
            return Optional.of(IntakeProblems.keyOfBulk());
        }
        if (length(request.getHeader("Content-Length")) > bytesMax) {
            return Optional.of(Problem.tooLarge(bytesMax));
        }
        if (!context.getRouteController().getRouteStatus("accept-order").isStarted()) {
            return Optional.of(Problem.notReady());
        }
        if (!waiting.take()) {
            return Optional.of(waiting.full());
        }
        waiting.leave();
        return Optional.empty();
    }

    private static long length(String header) {
        try {
            return header == null ? 0 : Long.parseLong(header);
        } catch (NumberFormatException e) {
            // HTTP has refused what is no length; what is left is longer than any.
            return Long.MAX_VALUE;
        }
    }

    private static ThreadPoolExecutor workers(int threads) {
        var pool = new ThreadPoolExecutor(
                threads,
                threads,
                10,
                TimeUnit.SECONDS,
                // A request has one task here at a time.
                new LinkedBlockingQueue<>(),
                new CamelThreadFactory("#name# ##counter#", "Orderflow bulk", true));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
