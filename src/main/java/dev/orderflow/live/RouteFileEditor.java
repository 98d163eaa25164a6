package dev.orderflow.live;

import dev.orderflow.check.RouteFile;
import dev.orderflow.check.RouteFileCheck;
import dev.orderflow.check.RouteFileRefused;
import dev.orderflow.check.RouteFileVersions;
import dev.orderflow.delivery.RouteVersionTrial;
import dev.orderflow.http.Problem;
import dev.orderflow.http.ProblemException;
import dev.orderflow.settings.Settings;
import dev.orderflow.telemetry.Causes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides on each version of each file that the folder has or an operator wants, one at a time. For one thread. */
final class RouteFileEditor {

    private static final Logger LOG = LoggerFactory.getLogger(RouteFileEditor.class);
    private static final String GONE = "";

    private final CamelContext context;
    private final Settings settings;
    private final RouteFileVersions versions;
    private final RouteFileStatuses board;
    private final RouteSwap swap;
    private final RollbackVersions trials;
    private final RunningRouteFiles files;

    /** The version of each file that was decided on, taken or not. */
    private final Map<String, String> decided = new HashMap<>();

    RouteFileEditor(
            CamelContext context,
            Settings settings,
            RouteFileVersions versions,
            RouteFileStatuses board,
            RouteSwap swap,
            RollbackVersions trials,
            RunningRouteFiles files) {
        this.context = context;
        this.settings = settings;
        this.versions = versions;
        this.board = board;
        this.swap = swap;
        this.trials = trials;
        this.files = files;
    }

    /** What a start began with. */
    void began(StartVersions.Chosen chosen, RouteVersionTrial version) {
        var file = chosen.file();
        files.began(chosen, version);
        decided.put(
                file.name(),
                chosen.refusal().map(RouteFileStatus.NotTaken::version).orElse(file.version()));
    }

    Set<String> known() {
        return decided.keySet();
    }

    /** Acts on a file as the folder has it, where that is news. */
    void see(String name, Optional<RouteFile> file) {
        String version = file.map(RouteFile::version).orElse(GONE);
        if (version.equals(decided.getOrDefault(name, GONE))) {
            return;
        }
        try {
            if (file.isPresent()) {
                take(file.get());
            } else {
                end(name);
            }
            decided.put(name, version);
        } catch (SQLException e) {
            LOG.warn("{}: not looked at yet, since the database does not answer: {}", name, Causes.named(e));
        }
    }

    private void take(RouteFile file) throws SQLException {
        var old = files.find(file.name());
        if (old.isPresent() && old.get().version().equals(file.version())) {
            board.find(file.name()).map(RouteFileStatus::taken).ifPresent(board::put);
            LOG.info("{}: is the running version {} again", file.name(), file.version());
            return;
        }
        if (file.isShared()) {
            files.refuse(
                    file,
                    new RouteFileRefused(
                            file.name(),
                            "every service uses this file, so it is not changed while they run; restart to take it"),
                    false);
            return;
        }
        try {
            long begin = System.nanoTime();
            check(file);
            Duration checked = Duration.ofNanos(System.nanoTime() - begin);
            RouteSwap.Interruption gap = files.put(old, file, trials.ofNew(file, old));
            LOG.info(
                    "{}: version {} runs{}, checked in {} ms, gap {}",
                    file.name(),
                    file.version(),
                    old.map(one -> " in place of " + one.version()).orElse(""),
                    checked.toMillis(),
                    gap);
        } catch (RouteFileRefused e) {
            files.refuse(file, e, true);
        }
    }

    private void check(RouteFile file) throws SQLException {
        var database = Optional.ofNullable(context.getRegistry().lookupByNameAndType("database", DataSource.class));
        try {
            new RouteFileCheck(settings.asProperties(), database, swap.routesOfNone(files.all()))
                    .check(file, files.all());
        } catch (RouteFileRefused | SQLException e) {
            throw e;
        } catch (Exception e) {
            throw new RouteFileRefused(file.name(), "it could not be checked: " + Causes.named(e));
        }
    }

    private void end(String name) {
        if (RouteFile.isShared(name)) {
            LOG.warn("{}: is gone, but every service uses it; what was loaded runs on until a restart", name);
        } else {
            files.find(name).ifPresent(files::stop);
        }
    }

    /** Brings the version before the running one back; the folder's own counts as refused until it is edited. */
    RouteFileStatus rollback(String name) {
        var before = files.before(name).orElseThrow(() -> new ProblemException(nothingBefore(name)));
        var old = files.find(name);
        String was = decided.getOrDefault(name, GONE);
        try {
            RouteSwap.Interruption gap = files.put(old, before, trials.ofOld(before));
            LOG.info("{}: rolled back to version {}, gap {}", name, before.version(), gap);
        } catch (RouteFileRefused e) {
            throw new ProblemException(
                    new Problem(409, "not-rolled-back", "The version before does not start", e.getMessage()));
        }
        old.ifPresent(file -> {
            String sentence = "%s: rolled back by an operator; edit the file to have it taken again".formatted(name);
            versions.refused(name, new RouteFileVersions.Refusal(file.version(), sentence));
            if (was.equals(file.version())) {
                board.find(name)
                        .map(standing -> standing.refused(
                                new RouteFileStatus.NotTaken(file.version(), RunningRouteFiles.now(), sentence)))
                        .ifPresent(board::put);
            }
        });
        return board.find(name).orElseThrow();
    }

    private static Problem nothingBefore(String name) {
        return new Problem(
                409,
                "nothing-before",
                "There is no version before",
                "Of '%s' only one version has run here, so there is nothing to go back to.".formatted(name));
    }
}
