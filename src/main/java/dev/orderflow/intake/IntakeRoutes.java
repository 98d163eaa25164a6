package dev.orderflow.intake;

import dev.orderflow.http.InFlightLimit;
import dev.orderflow.http.RestServer;
import dev.orderflow.kafka.KafkaClients;
import dev.orderflow.settings.Settings;
import dev.orderflow.telemetry.Meters;
import dev.orderflow.telemetry.OutageLog;
import io.vertx.core.http.HttpMethod;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.util.concurrent.CamelThreadFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The promise: 202 means kept. {@code POST /orders} becomes one record of the topic {@code orders}, and is answered
 * behind the acknowledgement of the in-sync replicas. Needs a {@link RestServer} on the context; the bean {@code database} only
 * for orders with an Idempotency-Key.
 */
public final class IntakeRoutes extends RouteBuilder {

    private static final Logger LOG = LoggerFactory.getLogger(IntakeRoutes.class);
    private static final String CALLER_THREAD = "intakeCallerThread";
    private static final int KEYS_WAITING_MAX = 1_000;
    private static final int LEASE_MARGIN_MS = 5_000;
    private static final Duration QUIET = Duration.ofSeconds(1);

    private final Settings settings;
    private final int ackTimeoutMs;

    public IntakeRoutes(Settings settings) {
        this.settings = settings;
        this.ackTimeoutMs = settings.number("intake.ackTimeoutMs");
    }

    @Override
    public void configure() throws Exception {
        bindToRegistry(CALLER_THREAD, new CallerThread());
        var waiting = new InFlightLimit(settings.number("intake.inFlightMax"));
        var meters = new IntakeMeters(Meters.of(getContext()), waiting);
        // Of the orders that are under way when an outage begins or ends, some are acknowledged and some are not.
        var appends = new OutageLog(LOG, "intake", QUIET, Clock.systemUTC());
        var settles = new OutageLog(LOG, "intake", QUIET, Clock.systemUTC());
        guard(waiting, meters, settles);
        var desk = new IdempotencySteps(this::keys, threads(), settles);

        // Not by the Rest DSL, whose binding, also when it is off, costs each order half a microsecond.
        from("platform-http:/orders?httpMethodRestrict=POST")
                .routeId("accept-order")
                .routeDescription("Keep each valid order in the topic and answer 202 behind its acknowledgement")
                // A redelivery of Camel's would append the order again; the producer's own retries do not.
                .errorHandler(noErrorHandler())
                .doTry()
                .process(desk.claimedBehind(new PlaceOrder(Clock.systemUTC())))
                .to(orders())
                .process(desk.settledBefore(new PlacedAnswer(meters, appends)))
                .doCatch(Exception.class)
                .process(new FailedAnswer(desk, appends))
                .end();

        from("timer:forget-keys?delay=60000&period=3600000")
                .routeId("forget-keys")
                .routeDescription("Remove Idempotency-Keys that are older than intake.keys.retentionHours")
                .process(exchange -> forget());
    }

    private void guard(InFlightLimit waiting, IntakeMeters meters, OutageLog settles) throws Exception {
        var door = RestServer.of(getContext());
        var bulk = new Bulk(getContext(), settings, waiting, meters, this::keys, settles, this::producer);
        getContext().addService(bulk);
        door.bare(HttpMethod.POST, "/orders");
        door.guard(HttpMethod.POST, "/orders", meters);
        door.guard(HttpMethod.POST, "/orders", bulk);
        door.guard(HttpMethod.POST, "/orders", waiting);
        door.guard(HttpMethod.POST, Bulk.PATH, meters);
        door.guard(HttpMethod.POST, Bulk.PATH, bulk);
    }

    // Everything that the promise rests on stands here, also where it is the default.
    private String orders() {
        int maxBlockMs = settings.number("intake.maxBlockMs");
        int deliveryTimeoutMs = Math.max(100, ackTimeoutMs - maxBlockMs);
        int lingerMs = settings.number("intake.lingerMs");
        return "kafka:{{orders.topic}}?requestRequiredAcks=all&enableIdempotence=true&maxInFlightRequest=5"
                + "&synchronous=false&useIterator=false&recordMetadata=false&workerPool=#" + CALLER_THREAD
                + "&keySerializer=org.apache.kafka.common.serialization.StringSerializer"
                + "&valueSerializer=org.apache.kafka.common.serialization.ByteArraySerializer"
                + "&lingerMs=" + lingerMs
                + "&compressionCodec={{intake.compression}}"
                + "&producerBatchSize={{intake.batchBytes}}"
                + "&bufferMemorySize={{intake.bufferBytes}}"
                + "&maxBlockMs=" + maxBlockMs
                + "&deliveryTimeoutMs=" + deliveryTimeoutMs
                + "&requestTimeoutMs=" + Math.max(50, deliveryTimeoutMs / 2 - lingerMs);
    }

    private Producer<String, byte[]> producer() {
        var options = new HashMap<>(KafkaClients.properties(settings));
        options.putAll(append());
        return new KafkaProducer<>(options, new StringSerializer(), new ByteArraySerializer());
    }

    /** The same for the bulk's own producer, in Kafka's names. */
    Map<String, Object> append() {
        int maxBlockMs = settings.number("intake.maxBlockMs");
        int deliveryTimeoutMs = Math.max(100, ackTimeoutMs - maxBlockMs);
        int lingerMs = settings.number("intake.bulkLingerMs");
        return Map.of(
                "acks",
                "all",
                "enable.idempotence",
                true,
                "linger.ms",
                lingerMs,
                "compression.type",
                settings.text("intake.compression"),
                "batch.size",
                settings.number("intake.batchBytes"),
                "buffer.memory",
                settings.number("intake.bufferBytes"),
                "max.block.ms",
                maxBlockMs,
                "delivery.timeout.ms",
                deliveryTimeoutMs,
                "request.timeout.ms",
                Math.max(50, deliveryTimeoutMs / 2 - lingerMs));
    }

    private Optional<IdempotencyKeys> keys() {
        return Optional.ofNullable(getContext().getRegistry().lookupByNameAndType("database", DataSource.class))
                .map(database -> new KeysTable(database, ackTimeoutMs + LEASE_MARGIN_MS));
    }

    private void forget() {
        int hours = settings.number("intake.keys.retentionHours");
        try {
            int forgotten = keys().isPresent() ? keys().get().forget(hours) : 0;
            if (forgotten > 0) {
                LOG.info("intake: {} Idempotency-Keys older than {} hours removed", forgotten, hours);
            }
        } catch (SQLException e) {
            LOG.warn("intake: old Idempotency-Keys were not removed, which is tried again: {}", e.getMessage());
        }
    }

    private ThreadPoolExecutor threads() {
        int threads = settings.number("intake.keys.threads");
        var pool = new ThreadPoolExecutor(
                threads,
                threads,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(KEYS_WAITING_MAX),
                new CamelThreadFactory("#name# ##counter#", "Orderflow keys", true));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
