package dev.orderflow.redrive;

import dev.orderflow.delivery.Awaited;
import dev.orderflow.delivery.Deliveries;
import dev.orderflow.kafka.GroupProtocol;
import dev.orderflow.settings.Settings;
import dev.orderflow.telemetry.DaemonThreads;
import dev.orderflow.telemetry.Meters;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.StartupListener;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.support.service.ServiceSupport;

/** The way back: keeps every dead letter where operators can see it, and sends those home that they choose. */
public final class Redrive extends ServiceSupport implements StartupListener {

    /** The name of this service in {@code orderflow.services}, and of its consumer group. */
    public static final String SERVICE = DeadLetterConsumer.SERVICE;

    private static final long STOP_MS = TimeUnit.SECONDS.toMillis(5);

    private final CamelContext camel;
    private final Settings settings;
    private final Map<String, Object> kafka;
    private DeadLetterConsumer reader;
    private RedriveWorker redriver;
    private List<Thread> threads = List.of();

    private Redrive(CamelContext camel, Settings settings, Map<String, Object> kafka) {
        this.camel = camel;
        this.settings = settings;
        this.kafka = kafka;
    }

    /**
     * Adds the service and its calls to an application that has not started.
     *
     * @param kafka how to reach the brokers, as a client takes it
     */
    public static void install(Main main, Settings settings, Map<String, Object> kafka) {
        main.configure().addRoutesBuilder(new RedriveRoutes(settings));
        main.addMainListener(new MainListenerSupport() {
            // Not beforeStart, which Main.start() leaves out.
            @Override
            public void afterConfigure(BaseMainSupport started) {
                try {
                    var redrive = new Redrive(started.getCamelContext(), settings, kafka);
                    started.getCamelContext().addService(redrive);
                    started.getCamelContext().addStartupListener(redrive);
                } catch (Exception e) {
                    throw new IllegalStateException("redrive does not start: " + e.getMessage(), e);
                }
            }
        });
    }

    /** The beans are there by now. */
    @Override
    public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
        if (!threads.isEmpty()) {
            return;
        }
        var registry = camel.getRegistry();
        var database = registry.lookupByNameAndType("database", DataSource.class);
        var deliveries = registry.lookupByNameAndType("deliveries", Deliveries.class);
        var awaited = new Awaited(database, settings.text("kafka.brokers"));
        reader = new DeadLetterConsumer(
                reading(),
                settings.text("orders-dlt.topic"),
                new DeadLetterStore(database, settings.number("redrive.attemptsMax")),
                deliveries,
                awaited,
                Meters.of(camel),
                database,
                settings.number("delivery.retryDelayMs"),
                settings.number("delivery.retryDelayMsMax"));
        redriver = new RedriveWorker(
                new RedriveJobs(database, settings.number("redrive.leaseMs")),
                kafka,
                settings.number("redrive.keptHours"),
                awaited,
                Clock.systemUTC());
        threads = List.of(DaemonThreads.of("redrive-inbox", reader), DaemonThreads.of("redrive", redriver));
        threads.forEach(Thread::start);
    }

    /**
     * A reader that is killed gives its partitions back as soon as the services' consumers do. The protocol {@code
     * consumer} leaves that to the brokers, and Kafka's client refuses to be told (KIP-848).
     */
    private Map<String, Object> reading() {
        var reading = new HashMap<>(kafka);
        String protocol = GroupProtocol.of(settings);
        reading.put("group.protocol", protocol);
        if (protocol.equals(GroupProtocol.CLASSIC)) {
            reading.put("session.timeout.ms", settings.text("camel.component.kafka.sessionTimeoutMs"));
            reading.put("heartbeat.interval.ms", settings.text("camel.component.kafka.heartbeatIntervalMs"));
        }
        return reading;
    }

    /** What was claimed and not appended is appended after its lease, here or elsewhere. */
    @Override
    protected void doStop() throws Exception {
        if (threads.isEmpty()) {
            return;
        }
        reader.close();
        redriver.close();
        // A consumer is woken up; an interrupt would break its leaving of the group.
        threads.get(1).interrupt();
        for (Thread thread : threads) {
            thread.join(STOP_MS);
        }
        threads = List.of();
    }
}
