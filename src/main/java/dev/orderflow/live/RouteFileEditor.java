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
import dev.orderflow.telemetry.Meters;
import io.micrometer.core.instrument.Counter;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides on each version of each file, one at a time, and carries it out. For one thread. */
final class RouteFileEditor {

    private static final Logger LOG = LoggerFactory.getLogger(RouteFileEditor.class);
    private static final String GONE = "";

    private final CamelContext context;
    private final Settings settings;
    private final RouteFileVersions versions;
    private final RouteFileStatuses board;
    private final RouteSwap swap;
    private final Map<String, RouteFile> running;
    /** The version of each file that was decided on, taken or not. */
    private final Map<String, String> decided = new HashMap<>();

    /** The version of each file that was told to be held last. */
    private final Map<String, String> held = new HashMap<>();

    private final RollbackVersions trials;
    private final Counter refusals;

    RouteFileEditor(
            CamelContext context,
            Settings settings,
            RouteFileVersions versions,
            RouteFileStatuses board,
            RouteSwap swap,
            RollbackVersions trials,
            Map<String, RouteFile> running) {
        this.context = context;
        this.settings = settings;
        this.versions = versions;
        this.board = board;
        this.swap = swap;
        this.trials = trials;
        this.running = running;
        this.refusals = Counter.builder("orderflow.route.refusals")
                .description("Versions of route files that were not taken")
                .register(Meters.of(context));
    }

    /** What a start began with. */
    void began(StartVersions.Chosen chosen, RouteVersionTrial version) {
        var file = chosen.file();
        trials.begin(file.name(), new RollbackVersions.Trial(Optional.empty(), version));
        decided.put(
                file.name(),
                chosen.refusal().map(RouteFileStatus.NotTaken::version).orElse(file.version()));
        var standing = standing(file);
        board.put(chosen.refusal().map(standing::refused).orElse(standing));
        chosen.refusal().ifPresent(refusal -> refusals.increment());
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
        var old = Optional.ofNullable(running.get(file.name()));
        if (old.isPresent() && old.get().version().equals(file.version())) {
            board.find(file.name()).map(RouteFileStatus::taken).ifPresent(board::put);
            LOG.info("{}: is the running version {} again", file.name(), file.version());
            return;
        }
        if (file.isShared()) {
            refuse(
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
            RouteSwap.Interruption gap = put(old, file, trials.ofNew(file, old));
            LOG.info(
                    "{}: version {} runs{}, checked in {} ms, gap {}",
                    file.name(),
                    file.version(),
                    old.map(one -> " in place of " + one.version()).orElse(""),
                    checked.toMillis(),
                    gap);
        } catch (RouteFileRefused e) {
            refuse(file, e, true);
        }
    }

    private void check(RouteFile file) throws SQLException {
        var database = Optional.ofNullable(context.getRegistry().lookupByNameAndType("database", DataSource.class));
        try {
            new RouteFileCheck(settings.asProperties(), database, swap.routesOfNone(running.values()))
                    .check(file, running.values());
        } catch (RouteFileRefused | SQLException e) {
            throw e;
        } catch (Exception e) {
            throw new RouteFileRefused(file.name(), "it could not be checked: " + Causes.named(e));
        }
    }

    private RouteSwap.Interruption put(Optional<RouteFile> old, RouteFile file, RollbackVersions.Trial trial) {
        try {
            RouteSwap.Interruption gap = swap.replace(
                    old.map(one -> new RouteSwap.Runs(one, trials.running(one))),
                    new RouteSwap.Runs(file, trial.version()));
            running.put(file.name(), file);
            trials.begin(file.name(), trial);
            if (trial.before().isEmpty()) {
                versions.ran(file);
            }
            board.put(standing(file));
            return gap;
        } catch (NotStarted e) {
            throw new RouteFileRefused(
                    file.name(),
                    "it did not start%s: %s"
                            .formatted(old.isPresent() ? ", so the version before it runs again" : "", e.getMessage()));
        } catch (RouteSwap.Gone e) {
            LOG.error("{}: neither version starts, so its routes are stopped until the next edit", file.name(), e);
            running.remove(file.name());
            trials.end(file.name());
            board.find(file.name()).map(standing -> standing.stopped(now())).ifPresent(board::put);
            throw new RouteFileRefused(
                    file.name(),
                    "it did not start, and the version before it did not start again either: " + e.getMessage());
        } catch (Exception e) {
            throw new RouteFileRefused(file.name(), "it could not be swapped in: " + Causes.named(e));
        }
    }

    /** Takes back what failed on every order since it began, or tells that it is held; and keeps what did one. */
    void judge() {
        trials.all().forEach((name, trial) -> {
            String failure = trial.version().failure();
            if (!failure.isEmpty() && trial.before().isPresent()) {
                takeBack(name, trial.before().get(), failure);
            } else if (!trial.version().isOnTrial()) {
                trials.proved(name);
                versions.ran(running.get(name));
                board.find(name)
                        .filter(standing -> standing.isRefused(standing.version()))
                        .map(RouteFileStatus::taken)
                        .ifPresent(board::put);
            } else if (!failure.isEmpty()) {
                hold(running.get(name), failure);
            }
        });
    }

    /** Of a first version: its orders wait until it is mended. A restart tries it again, since there is no other. */
    private void hold(RouteFile file, String failure) {
        var standing = board.find(file.name()).orElseThrow();
        boolean news = !file.version().equals(held.put(file.name(), file.version()));
        if (!news && standing.refusal().isPresent()) {
            return;
        }
        String sentence =
                "%s: it started and then failed on every order; no version before it did any, so they wait until it is mended: %s"
                        .formatted(file.name(), failure);
        if (news) {
            LOG.warn("{}: version {} is held: {}", file.name(), file.version(), sentence);
            refusals.increment();
            versions.failed(file);
        }
        board.put(standing.refused(new RouteFileStatus.NotTaken(file.version(), now(), sentence)));
    }

    private void takeBack(String name, RouteFile before, String failure) {
        var failed = running.get(name);
        try {
            put(Optional.of(failed), before, trials.ofOld(before));
        } catch (RouteFileRefused e) {
            LOG.error(
                    "{}: version {} fails, and the one before it does not start: {}",
                    name,
                    failed.version(),
                    e.getMessage());
            trials.end(name);
            return;
        }
        refuse(
                failed,
                new RouteFileRefused(
                        name,
                        "it started and then failed on every order, so version %s runs again and does them: %s"
                                .formatted(before.version(), failure)),
                true);
    }

    private void end(String name) {
        var file = running.get(name);
        if (RouteFile.isShared(name)) {
            LOG.warn("{}: is gone, but every service uses it; what was loaded runs on until a restart", name);
        } else if (file != null) {
            try {
                swap.stop(file);
            } catch (Exception e) {
                LOG.error("{}: did not stop cleanly", name, e);
            }
            running.remove(name);
            trials.end(name);
            versions.gone(name);
            board.find(name).map(standing -> standing.stopped(now())).ifPresent(board::put);
            LOG.info("{}: is gone, its routes are stopped", name);
        }
    }

    /** Kept where a restart must not try it again. */
    private void refuse(RouteFile file, RouteFileRefused refused, boolean kept) {
        LOG.warn("{}: version {} is not taken: {}", file.name(), file.version(), refused.getMessage());
        refusals.increment();
        if (kept) {
            versions.refused(file.name(), new RouteFileVersions.Refusal(file.version(), refused.getMessage()));
        }
        var refusal = new RouteFileStatus.NotTaken(file.version(), now(), refused.getMessage());
        board.put(board.find(file.name()).orElseGet(() -> none(file)).refused(refusal));
    }

    /** Brings the version before the running one back; the folder's own counts as refused until it is edited. */
    RouteFileStatus rollback(String name) {
        var before = before(name).orElseThrow(() -> new ProblemException(nothingBefore(name)));
        var old = Optional.ofNullable(running.get(name));
        String was = decided.getOrDefault(name, GONE);
        try {
            RouteSwap.Interruption gap = put(old, before, trials.ofOld(before));
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
                        .map(standing ->
                                standing.refused(new RouteFileStatus.NotTaken(file.version(), now(), sentence)))
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

    private RouteFileStatus standing(RouteFile file) {
        return new RouteFileStatus(
                file.name(),
                file.version(),
                now(),
                RouteFileStatus.RUNNING,
                swap.routes(file),
                before(file.name()).map(RouteFile::version).orElse(""),
                Optional.empty());
    }

    /** What a rollback brings back. */
    private Optional<RouteFile> before(String name) {
        return trials.find(name).flatMap(RollbackVersions.Trial::before).or(() -> versions.before(name));
    }

    private static RouteFileStatus none(RouteFile file) {
        return new RouteFileStatus(file.name(), "", now(), RouteFileStatus.STOPPED, List.of(), "", Optional.empty());
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
