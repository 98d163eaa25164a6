package dev.orderflow.monitoring;

import dev.orderflow.database.Database;
import dev.orderflow.delivery.Deliveries;
import dev.orderflow.delivery.DeliveryState;
import dev.orderflow.delivery.EndedLoops;
import dev.orderflow.delivery.Gaps;
import dev.orderflow.kafka.GroupProtocol;
import dev.orderflow.kafka.TopicsCheck;
import dev.orderflow.settings.Settings;
import dev.orderflow.telemetry.Causes;
import dev.orderflow.telemetry.DaemonThreads;
import dev.orderflow.telemetry.Meters;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a person or a machine that operates Orderflow sees of a process: whether it is ready, and how far it is behind.
 * Everything is looked at in the background, so that the answers come at once in an outage too.
 */
public final class Monitoring extends ServiceSupport {

    /** Path of the whole health on the management port; behind it, {@code /live} and {@code /ready}. */
    public static final String HEALTH_PATH = "/observe/health";

    /** Path of the metrics on the management port. */
    public static final String METRICS_PATH = "/observe/metrics";

    /** One each for brokers, topics, database, lag and the log: what is away must not delay the others. */
    private static final int THREADS = 5;

    private static final Logger LOG = LoggerFactory.getLogger(Monitoring.class);

    private static final long TELL_MS = 500;

    private final CamelContext camel;
    private final Settings settings;
    private final Map<String, Object> kafka;
    private final Clock clock = Clock.systemUTC();
    private final Duration grace;
    private ScheduledExecutorService threads;
    private RenewedAdmin admin;
    private ManagementServer management;

    private Monitoring(CamelContext camel, Settings settings, Map<String, Object> kafka) {
        this.camel = camel;
        this.settings = settings;
        this.kafka = kafka;
        this.grace = millis("operate.graceMs");
    }

    /**
     * Adds the checks and meters to an application that has not started.
     *
     * @param kafka how to reach the brokers, as an Admin client takes it
     */
    public static void install(Main main, Settings settings, Map<String, Object> kafka) {
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeConfigure(BaseMainSupport main) {
                joined(() -> PrometheusMeters.bind(main.getCamelContext()));
            }

            // Not beforeStart, which Main.start() leaves out.
            @Override
            public void afterConfigure(BaseMainSupport main) {
                var context = main.getCamelContext();
                joined(() -> {
                    context.addService(new Monitoring(context, settings, kafka));
                });
            }
        });
    }

    /** Something that joins a context. */
    private interface Joining {
        void join() throws Exception;
    }

    private static void joined(Joining part) {
        try {
            part.join();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("health and metrics do not start: " + Causes.ofClient(e), e);
        }
    }

    /**
     * Adds one more part of being ready.
     *
     * @param trouble a sentence while it is not, asked at each look and so answered at once
     */
    public static void check(CamelContext camel, String name, Supplier<Optional<String>> trouble) {
        HealthCheckRegistry.get(camel).register(new ReadyCheck(name, trouble));
    }

    @Override
    protected void doStart() {
        admin = new RenewedAdmin(() -> admin(kafka));
        threads = Executors.newScheduledThreadPool(THREADS, DaemonThreads.named("operate"));
        var topics = new TopicsCheck(settings);
        var brokers = new BackgroundCheck(
                "the brokers", settings.text("kafka.brokers"), () -> admin.ask(this::brokers), grace, clock);
        var databaseLook = new DatabaseCheck(this::database);
        var database = new BackgroundCheck(
                "the database", Database.address(settings.text("database.url")), databaseLook, grace, clock);
        watch("brokers", brokers);
        // The brokers' silence is told once, by the look at them.
        watch("topics", new BackgroundCheck("the topics", "", () -> joined(admin.ask(topics::check)), grace, clock));
        bind("database", new ReadyCheck("database", database::trouble, databaseLook::notice));
        every("operate.lookMs", database);
        var deliveries = new DeliveriesCheck(this::deliveries);
        bind("deliveries", new ReadyCheck("deliveries", deliveries, deliveries::notice));
        // A look that hangs tells nothing itself.
        threads.scheduleWithFixedDelay(
                () -> List.of(brokers, database).forEach(BackgroundCheck::tell),
                TELL_MS,
                TELL_MS,
                TimeUnit.MILLISECONDS);
        var groups = new GroupWatch(
                this::told, () -> database().map(Gaps::new), millis("delivery.openTransactionMs"), clock);
        every("operate.lagMs", new LagMeter(admin, this::services, groups, meters()));
        every("operate.lookMs", new EndedLoops(camel, this::told, clock));
        every("operate.lookMs", new StateMeter(this::deliveries, meters()));
        // Last: who is asked before all checks are there would say that the process is ready.
        management = new ManagementServer(camel, settings);
        management.start();
    }

    @Override
    protected void doStop() {
        // What has not started has none of them.
        Optional.ofNullable(management).ifPresent(ManagementServer::stop);
        Optional.ofNullable(threads).ifPresent(ScheduledExecutorService::shutdownNow);
        Optional.ofNullable(admin).ifPresent(RenewedAdmin::close);
    }

    private void watch(String name, BackgroundCheck watch) {
        bind(name, new ReadyCheck(name, watch::trouble));
        every("operate.lookMs", watch);
    }

    private void bind(String name, ReadyCheck check) {
        HealthCheckRegistry.get(camel).register(check);
        Gauge.builder("orderflow.ready", () -> check.isUp() ? 1 : 0)
                .description("1 where this part of being ready is well, else 0")
                .tag("check", name)
                .register(meters());
    }

    private void every(String setting, Runnable look) {
        threads.scheduleWithFixedDelay(
                () -> {
                    try {
                        look.run();
                    } catch (RuntimeException e) {
                        // A look that throws is never taken again otherwise.
                        LOG.debug("a look failed", e);
                    }
                },
                0,
                millis(setting).toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private Duration millis(String setting) {
        return Duration.ofMillis(settings.number(setting));
    }

    private MeterRegistry meters() {
        return Meters.of(camel);
    }

    private Optional<Deliveries> told() {
        return Optional.ofNullable(camel.getRegistry().lookupByNameAndType("deliveries", Deliveries.class));
    }

    private List<DeliveryState> deliveries() {
        return told().map(Deliveries::states).orElse(List.of());
    }

    private Optional<DataSource> database() {
        return Optional.ofNullable(camel.getRegistry().lookupByNameAndType("database", DataSource.class));
    }

    private Set<String> services() {
        return deliveries().stream().map(DeliveryState::service).collect(Collectors.toSet());
    }

    private Optional<String> brokers(Admin admin) throws ExecutionException, InterruptedException {
        return admin.describeCluster().nodes().get().isEmpty()
                ? Optional.of("the brokers are all away")
                : GroupProtocol.trouble(settings, admin);
    }

    private static Optional<String> joined(List<String> sentences) {
        return sentences.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", sentences));
    }

    private static Admin admin(Map<String, Object> kafka) {
        var properties = new HashMap<>(kafka);
        properties.put(AdminClientConfig.CLIENT_ID_CONFIG, "operate");
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 1500);
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 2000);
        properties.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1000);
        return Admin.create(properties);
    }
}
