package dev.orderflow.app;

import dev.orderflow.audit.AuditRoutes;
import dev.orderflow.check.HouseRules;
import dev.orderflow.http.ContractRoutes;
import dev.orderflow.http.RestServer;
import dev.orderflow.intake.IntakeRoutes;
import dev.orderflow.inventory.Catalogue;
import dev.orderflow.inventory.InventoryRoutes;
import dev.orderflow.inventory.Stock;
import dev.orderflow.kafka.GroupProtocol;
import dev.orderflow.kafka.KafkaClients;
import dev.orderflow.kafka.TopicsCheck;
import dev.orderflow.live.Live;
import dev.orderflow.monitoring.Monitoring;
import dev.orderflow.notification.Mails;
import dev.orderflow.operations.OperationRoutes;
import dev.orderflow.redrive.Redrive;
import dev.orderflow.settings.CannotStart;
import dev.orderflow.settings.LocalParts;
import dev.orderflow.settings.OwnerOnlyFolder;
import dev.orderflow.settings.Ports;
import dev.orderflow.settings.Services;
import dev.orderflow.settings.Settings;
import dev.orderflow.shipping.Parcels;
import dev.orderflow.status.StatusRoutes;
import dev.orderflow.telemetry.DaemonThreads;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A run of what the settings name: the parts that it is made of, their start in order, and their stop. */
public final class Application implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Application.class);

    /** What joins the routes of the route folder. The order is that of the start. */
    private static final List<ApplicationPart> PARTS = List.of(
            ApplicationPart.onContext((context, settings) -> settingsOnly(context)),
            ApplicationPart.onContext((context, settings) -> HouseRules.install(context)),
            ApplicationPart.onContext(RestServer::hang),
            Application::topics,
            Application::rest,
            Application::redrive,
            (camel, settings) -> Monitoring.install(camel, settings, KafkaClients.properties(settings)));

    private final Settings settings;
    private final LocalParts.Running local;
    private final Main camel;
    private final Live live;

    private Application(Settings settings, LocalParts.Running local, Main camel, Live live) {
        this.settings = settings;
        this.local = local;
        this.camel = camel;
        this.live = live;
    }

    /**
     * Starts what the settings name, and returns when it takes orders.
     *
     * @throws CannotStart with the sentence for a person
     */
    public static Application start(Settings given) {
        var settings = ports(given.judged());
        OwnerOnlyFolder.folder(Path.of(settings.text("orderflow.data.dir")));
        var services = Services.of(settings);
        var local = local(settings);
        try {
            var warmUp = WarmUp.begin(local.settings());
            var live = Live.of(local.settings(), services);
            var camel = camel(local.settings(), live);
            camel.init();
            Monitoring.check(camel.getCamelContext(), "warm", warmUp::trouble);
            live.prepare(camel.getCamelContext());
            if (services.runs("inventory")) {
                var database = camel.getCamelContext().getRegistry().lookupByNameAndType("database", DataSource.class);
                Catalogue.seed(local.settings(), database, !settings.isSet("database.url"));
            }
            camel.start();
            live.watch();
            warmUp.finish(local.settings());
            return new Application(local.settings(), local, camel, live);
        } catch (Exception e) {
            local.close();
            throw CommandFailure.of(e);
        }
    }

    /** Taken ports are told before anything is started. */
    private static Settings ports(Settings settings) {
        int http = Ports.claim(settings, "orderflow.http.port", settings.text("orderflow.http.host"));
        int management = Ports.claim(settings, "orderflow.management.port", settings.text("orderflow.management.host"));
        if (http == management) {
            throw new CannotStart(
                    "Settings orderflow.http.port and orderflow.management.port are both %d. Set %s to another port."
                            .formatted(http, Settings.variable("orderflow.management.port")));
        }
        return settings.with("orderflow.http.port", Integer.toString(http))
                .with("orderflow.management.port", Integer.toString(management));
    }

    private static LocalParts.Running local(Settings settings) {
        if (settings.isSet("kafka.brokers") && settings.isSet("database.url")) {
            return new NoLocalParts(settings);
        }
        return ServiceLoader.load(LocalParts.class)
                .findFirst()
                .orElseThrow(
                        () -> new CannotStart(
                                "This build brings no broker and no database. Set KAFKA_BROKERS (host:port,host:port) and DATABASE_URL (jdbc:postgresql://host:5432/orderflow), with DATABASE_USER and DATABASE_PASSWORD."))
                .start(settings);
    }

    /** {@link Settings} has looked at the environment; if Camel looked again, a port 0 would come back for the one claimed. */
    private static void settingsOnly(CamelContext context) {
        var properties = (PropertiesComponent) context.getPropertiesComponent();
        properties.setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_NEVER);
        properties.setSystemPropertiesMode(PropertiesComponent.SYSTEM_PROPERTIES_MODE_NEVER);
    }

    private static void topics(Main camel, Settings settings) {
        try (var admin = KafkaClients.admin(settings)) {
            new TopicsCheck(settings).ensure(admin);
            GroupProtocol.ensure(settings, admin);
        }
    }

    /** The REST side of the services that run here; the contracts belong to all of them. */
    private static void rest(Main camel, Settings settings) {
        var services = Services.of(settings);
        var configuration = camel.configure();
        configuration.addRoutesBuilder(new ContractRoutes());
        if (services.runs(Services.INTAKE)) {
            configuration.addRoutesBuilder(new IntakeRoutes(settings));
        }
        if (services.runs("status")) {
            configuration.addRoutesBuilder(new StatusRoutes(settings));
        }
        if (services.runs("inventory")) {
            configuration.addRoutesBuilder(new InventoryRoutes(settings));
        }
    }

    /** The operators' side: dead letters, the audit, and what they have services do. */
    private static void redrive(Main camel, Settings settings) {
        if (Services.of(settings).runs(Services.REDRIVE)) {
            Redrive.install(camel, settings, KafkaClients.properties(settings));
            camel.configure().addRoutesBuilder(new AuditRoutes(settings, KafkaClients.properties(settings)));
            var mails = new Mails();
            mails.setFrom(settings.text("notification.from"));
            camel.configure()
                    .addRoutesBuilder(new OperationRoutes(
                            settings,
                            KafkaClients.properties(settings),
                            Map.of("inventory", new Stock(), "shipping", new Parcels(), "notification", mails)));
        }
    }

    private static Main camel(Settings settings, Live live) throws Exception {
        var camel = new Main();
        // Ours are all the settings there are; a run stops by its own hook, in its own order.
        camel.setDefaultPropertyPlaceholderLocation("false");
        camel.setShutdownStrategy(new SimpleMainShutdownStrategy());
        var properties = settings.asProperties();
        properties.putAll(KafkaClients.camel(settings));
        properties.setProperty(
                "camel.main.routesIncludePattern",
                live.files().stream().map(file -> "file:" + file).collect(Collectors.joining(",")));
        camel.setOverrideProperties(properties);
        live.join(camel);
        for (ApplicationPart part : PARTS) {
            part.join(camel, settings);
        }
        return camel;
    }

    /** The settings as they came to be, with the ports that were free. */
    public Settings settings() {
        return settings;
    }

    public CamelContext context() {
        return camel.getCamelContext();
    }

    Path dataFolder() {
        return Path.of(settings.text("orderflow.data.dir")).toAbsolutePath().normalize();
    }

    /** Routes first, since they finish their batches; then what those need. */
    @Override
    public void close() {
        LOG.info("orderflow: stopping");
        live.close();
        stopRoutes();
        local.close();
        LOG.info("orderflow: stopped");
    }

    /** A Kafka consumer that waits for a rebalance closes only after it; nothing that is committed depends on that. */
    private void stopRoutes() {
        int limit = settings.number("camel.main.shutdownTimeout") + 1;
        var stop = DaemonThreads.of("stop-routes", camel::stop);
        stop.start();
        try {
            stop.join(TimeUnit.SECONDS.toMillis(limit));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (stop.isAlive()) {
            LOG.warn(
                    "orderflow: not every route stopped within {} s; what is not committed is done after the next start",
                    limit);
        }
    }

    /** A run whose broker and database are elsewhere. */
    private record NoLocalParts(Settings settings) implements LocalParts.Running {

        @Override
        public void close() {}
    }
}
