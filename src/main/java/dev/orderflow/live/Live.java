package dev.orderflow.live;

import dev.orderflow.check.RouteFile;
import dev.orderflow.check.RouteFileVersions;
import dev.orderflow.check.RouteFolder;
import dev.orderflow.delivery.Deliveries;
import dev.orderflow.delivery.RouteVersionTrial;
import dev.orderflow.delivery.RouteVersions;
import dev.orderflow.settings.Services;
import dev.orderflow.settings.Settings;
import dev.orderflow.telemetry.DaemonThreads;
import dev.orderflow.telemetry.Meters;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;

/**
 * The route files of a process, at start and while it runs: an edit is built aside, checked, and swapped in; one that
 * could lose or repeat an order, or would not start, is refused with a sentence and changes nothing.
 */
public final class Live implements AutoCloseable {

    private final Settings settings;
    private final RouteFolder folder;
    private final RouteFileVersions versions;
    private final Map<String, StartVersions.Chosen> chosen;
    private final RouteFileStatuses board = new RouteFileStatuses();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("live"));
    private final RouteVersions running = new RouteVersions();
    /** What each file began with. */
    private final Map<String, RouteVersionTrial> began = new LinkedHashMap<>();

    private CamelContext context;
    private RouteFileEditor editor;

    private Live(
            Settings settings,
            RouteFolder folder,
            RouteFileVersions versions,
            Map<String, StartVersions.Chosen> chosen) {
        this.settings = settings;
        this.folder = folder;
        this.versions = versions;
        this.chosen = chosen;
    }

    /**
     * Chooses the versions to start with.
     *
     * @throws dev.orderflow.settings.CannotStart when a file is bad and no good version of it is kept
     */
    public static Live of(Settings settings, Services services) throws IOException {
        var folder = new RouteFolder(settings.text("orderflow.routes.dir"), served(settings, services));
        var versions = new RouteFileVersions(Path.of(settings.text("orderflow.data.dir"), "routes")
                .toAbsolutePath()
                .normalize());
        return new Live(settings, folder, versions, new StartVersions(settings, folder, versions).choose());
    }

    /** With all services, a file that appears is a new service; else only those that the setting names count. */
    private static Predicate<String> served(Settings settings, Services services) {
        return settings.text("orderflow.services").equals("*") ? name -> true : services::runs;
    }

    /** The files to load, those that all share first. */
    public List<Path> files() {
        return chosen.values().stream()
                .sorted((a, b) -> Boolean.compare(b.file().isShared(), a.file().isShared()))
                .map(one -> one.from().resolve(one.file().name()))
                .toList();
    }

    /** Adds what the routes ask for, and the REST side: GET /routes and the rollback. To be called before the start. */
    public void join(Main camel) {
        camel.bind(RouteVersions.NAME, running);
        camel.configure().addRoutesBuilder(new LiveRoutes(settings, board, this::rollback));
    }

    /** Makes what the services keep, when the database is there and before their routes are made. */
    public void prepare(CamelContext given) throws SQLException {
        context = given;
        for (StartVersions.Chosen one : chosen.values()) {
            tables().make(one.file());
            var version = version(one.file());
            began.put(one.file().name(), version);
            running.tell(one.file().service(), version);
        }
    }

    private RouteVersionTrial version(RouteFile file) throws SQLException {
        var database = context.getRegistry().lookupByNameAndType("database", DataSource.class);
        return file.isShared() || database == null
                ? RouteVersionTrial.proven(file.version())
                : RouteVersionTrial.ofStart(file.version(), patience(), file.service(), database);
    }

    private Duration patience() {
        return Duration.ofMillis(settings.number("live.probationMs"));
    }

    /** Notes that the chosen versions run, and watches the folder from now on. */
    public void watch() throws IOException {
        chosen.values().forEach(one -> versions.ran(one.file()));
        var swap = new RouteSwap(context, tables(), running, Duration.ofMillis(settings.number("live.joinMs")));
        var trials = new RollbackVersions(patience());
        var files = new RunningRouteFiles(versions, board, swap, trials, Meters.of(context));
        var verdicts = new TrialVerdicts(files, trials, versions, board);
        editor = new RouteFileEditor(context, settings, versions, board, swap, trials, files);
        chosen.values().forEach(one -> editor.began(one, began.get(one.file().name())));
        new RefusalsSeen(context, board).install();
        var throughput = new Throughput(Meters.of(context));
        board.measure(throughput);
        board.consume(() -> Optional.ofNullable(context.getRegistry().findSingleByType(Deliveries.class))
                .map(Deliveries::states)
                .orElseGet(List::of));
        long lookMs = Throughput.BETWEEN_LOOKS.toMillis();
        thread.scheduleWithFixedDelay(throughput::look, lookMs, lookMs, TimeUnit.MILLISECONDS);
        int pollMs = settings.number("live.pollMs");
        // Where no edit is taken, a first version that fails is told all the same.
        Runnable look = settings.flag("live.enabled") ? new FolderWatch(folder, editor, verdicts) : verdicts::judge;
        thread.scheduleWithFixedDelay(look, pollMs, pollMs, TimeUnit.MILLISECONDS);
    }

    private ServiceSchema tables() {
        return new ServiceSchema(
                () -> Optional.ofNullable(context.getRegistry().lookupByNameAndType("database", DataSource.class)),
                settings.flag("database.migrate"));
    }

    /** On the thread of the edits, since two changes of a file at once would be none. */
    private RouteFileStatus rollback(String file) throws Exception {
        return thread.submit(() -> editor.rollback(file)).get(1, TimeUnit.MINUTES);
    }

    /**
     * {@code orderflow routes check}: 0 when every file of the folder would be taken, else 1.
     *
     * @param migrate whether to bring the database of the settings to the schema of this version
     */
    public static int check(Settings settings, String folder, boolean migrate) throws Exception {
        return RoutesCommand.check(settings, folder, migrate);
    }

    /** {@code orderflow routes rehearse}: its exit status. */
    public static int rehearse(Settings settings, Path file, int last) {
        return RoutesCommand.rehearse(settings, file, last);
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(15, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
