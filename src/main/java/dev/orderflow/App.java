package dev.orderflow;

import dev.orderflow.audit.Audit;
import dev.orderflow.audit.AuditRoutes;
import dev.orderflow.cli.Bar;
import dev.orderflow.cli.Command;
import dev.orderflow.cli.OperationCommands;
import dev.orderflow.cli.Operator;
import dev.orderflow.contracts.ContractRoutes;
import dev.orderflow.delivery.HouseRules;
import dev.orderflow.door.Door;
import dev.orderflow.door.Token;
import dev.orderflow.intake.IntakeRoutes;
import dev.orderflow.inventory.Catalogue;
import dev.orderflow.inventory.InventoryRoutes;
import dev.orderflow.inventory.Stock;
import dev.orderflow.live.Live;
import dev.orderflow.notification.Mails;
import dev.orderflow.operate.GroupProtocol;
import dev.orderflow.operate.Operate;
import dev.orderflow.operate.TopicsCheck;
import dev.orderflow.operations.OperationRoutes;
import dev.orderflow.reading.Refusal;
import dev.orderflow.redrive.Redrive;
import dev.orderflow.shipping.Parcels;
import dev.orderflow.status.ReadingRoutes;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Orderflow's table of contents: its commands, and the parts that a run is made of. */
public final class App implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(App.class);

    /** The first is what happens without a word. */
    private static final List<Command> COMMANDS = Stream.of(
                    Stream.of(
                            new Command("run", "Run the services of this process until Ctrl-C.", words -> run()),
                            new Command(
                                    "dead-letters",
                                    "List dead letters, or show one: dead-letters service=.. state=.., or ID.",
                                    words -> operator().deadLetters(words)),
                            new Command(
                                    "redrive",
                                    "Send dead letters back: redrive ID..., or service=.. fingerprint=..; dryRun first.",
                                    words -> operator().redrive(words))),
                    OperationCommands.all(App::operator).stream(),
                    Stream.of(
                            new Command(
                                    "audit",
                                    "Hold the topics against the services' tables; status 1 when something is wrong.",
                                    App::audit),
                            new Command(
                                    "routes",
                                    "Check route files, or play an edit over real orders: routes check [FOLDER], routes rehearse FILE --last N.",
                                    Live::command),
                            new Command("token", "Make a token for a caller: token NAME ROLE+ROLE.", App::token),
                            new Command("version", "Print the version.", words -> print(version())),
                            new Command("help", "Print this.", words -> print(help()))))
            .flatMap(commands -> commands)
            .toList();

    /** What joins the routes of the route folder. The order is that of the start. */
    private static final List<Part> PARTS = List.of(
            Part.onContext((context, settings) -> settingsOnly(context)),
            Part.onContext((context, settings) -> HouseRules.install(context)),
            Part.onContext(Door::hang),
            App::topics,
            App::rest,
            App::redrive,
            (camel, settings) -> Operate.install(camel, settings, KafkaClients.properties(settings)));

    private final Settings settings;
    private final LocalParts.Running local;
    private final Main camel;
    private final Live live;

    private App(Settings settings, LocalParts.Running local, Main camel, Live live) {
        this.settings = settings;
        this.local = local;
        this.camel = camel;
        this.live = live;
    }

    public static void main(String[] arguments) {
        int status = Failure.told(() -> command(arguments));
        if (status != 0) {
            System.exit(status);
        }
    }

    private static int command(String[] arguments) throws Exception {
        var words = arguments.length == 0 ? List.of(COMMANDS.get(0).name()) : List.of(arguments);
        String name = words.get(0).replaceFirst("^--", "");
        for (Command command : COMMANDS) {
            if (command.name().equals(name)) {
                return command.action().run(words.subList(1, words.size()));
            }
        }
        var names = COMMANDS.stream().map(Command::name).toList();
        throw new CannotStart("There is no command '%s'.%s There are: %s."
                .formatted(
                        words.get(0),
                        NearMiss.of(name, names)
                                .map(near -> " Did you mean '" + near + "'?")
                                .orElse(""),
                        String.join(", ", names)));
    }

    private static int run() throws Exception {
        // Not the process's: the script that fetched and compiled has become this one.
        long begin = ManagementFactory.getRuntimeMXBean().getStartTime();
        Misspelt.in(System.getenv()).forEach(sentence -> LOG.warn("environment: {}", sentence));
        var app = start(Settings.load());
        Runtime.getRuntime().addShutdownHook(new Thread(app::close, "stop"));
        System.out.println(Welcome.of(app, Duration.ofMillis(System.currentTimeMillis() - begin)));
        new CountDownLatch(1).await();
        return 0;
    }

    /**
     * Starts what the settings name, and returns when it takes orders.
     *
     * @throws CannotStart with the sentence for a person
     */
    public static App start(Settings given) {
        var settings = ports(given.judged());
        OwnerOnly.folder(Path.of(settings.text("orderflow.data.dir")));
        var services = Services.of(settings);
        var local = local(settings);
        try {
            var warmUp = WarmUp.begin(local.settings());
            var live = Live.of(local.settings(), services);
            var camel = camel(local.settings(), live);
            camel.init();
            Operate.check(camel.getCamelContext(), "warm", warmUp::trouble);
            live.prepare(camel.getCamelContext());
            if (services.runs("inventory")) {
                var database = camel.getCamelContext().getRegistry().lookupByNameAndType("database", DataSource.class);
                Catalogue.seed(local.settings(), database, !settings.isSet("database.url"));
            }
            camel.start();
            live.watch();
            warmUp.finish(local.settings());
            return new App(local.settings(), local, camel, live);
        } catch (Exception e) {
            local.close();
            throw Failure.of(e);
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
            configuration.addRoutesBuilder(new ReadingRoutes(settings));
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
        for (Part part : PARTS) {
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
        var stop = new Thread(camel::stop, "stop-routes");
        stop.setDaemon(true);
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

    private static Operator operator() {
        return new Operator(Settings.load(), System.out, Bar.ofTerminal());
    }

    private static int audit(List<String> words) throws Exception {
        var settings = LocalParts.reached(Settings.load());
        var bar = Bar.ofTerminal();
        try {
            var report = new Audit(settings, KafkaClients.properties(settings)).run(bar::at);
            bar.clear();
            print(report.text().stripTrailing());
            return report.clean() ? 0 : 1;
        } catch (Refusal e) {
            bar.clear();
            throw new CannotStart(e.getMessage(), e);
        }
    }

    private static int token(List<String> words) {
        if (words.size() != 2) {
            throw new CannotStart(
                    "The command is: token NAME ROLE+ROLE, with the roles orders, read and operate; such as: token shop orders+read");
        }
        var fresh = Token.fresh(words.get(0), words.get(1));
        return print("Give this to the caller, it is not kept anywhere: %s%nAdd this to DOOR_TOKENS: %s"
                .formatted(fresh.token(), fresh.line()));
    }

    static String version() {
        String version = App.class.getPackage().getImplementationVersion();
        return "orderflow " + (version == null ? "(from source)" : version);
    }

    private static String help() {
        return COMMANDS.stream()
                .map(command -> "  %-12s %s%n".formatted(command.name(), command.summary()))
                .collect(Collectors.joining(
                        "",
                        "orderflow COMMAND; without one: %s%n%n"
                                .formatted(COMMANDS.get(0).name()),
                        "%nSettings are environment variables: README.md names them.".formatted()));
    }

    private static int print(String text) {
        System.out.println(text);
        return 0;
    }

    /** A run whose broker and database are elsewhere. */
    private record NoLocalParts(Settings settings) implements LocalParts.Running {

        @Override
        public void close() {}
    }
}
