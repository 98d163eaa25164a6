package dev.orderflow.live;

import dev.orderflow.Meters;
import dev.orderflow.Settings;
import dev.orderflow.delivery.RouteVersion;
import dev.orderflow.door.Problem;
import dev.orderflow.reading.Refusal;
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
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides on each version of each file, one at a time, and carries it out. For one thread. */
final class Editor {

    private static final Logger LOG = LoggerFactory.getLogger(Editor.class);
    private static final String GONE = "";

    private final CamelContext context;
    private final Settings settings;
    private final Versions versions;
    private final Board board;
    private final Swap swap;
    private final Map<String, RouteFile> running;
    /** The version of each file that was decided on, taken or not. */
    private final Map<String, String> decided = new HashMap<>();

    /** The files whose running version has not proved itself yet. */
    private final Map<String, Trial> trials = new HashMap<>();

    /** @param before the last version that did orders */
    private record Trial(RouteFile before, RouteVersion version) {}

    private final Counter refusals;

    Editor(
            CamelContext context,
            Settings settings,
            Versions versions,
            Board board,
            Swap swap,
            Map<String, RouteFile> running) {
        this.context = context;
        this.settings = settings;
        this.versions = versions;
        this.board = board;
        this.swap = swap;
        this.running = running;
        this.refusals = Counter.builder("orderflow.route.refusals")
                .description("Versions of route files that were not taken")
                .register(Meters.of(context));
    }

    /** What a start began with. */
    void began(Choice.Chosen chosen) {
        var file = chosen.file();
        decided.put(
                file.name(), chosen.refusal().map(Standing.NotTaken::version).orElse(file.version()));
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
            LOG.warn("{}: not looked at yet, since the database does not answer: {}", name, Words.cause(e));
        }
    }

    private void take(RouteFile file) throws SQLException {
        var old = Optional.ofNullable(running.get(file.name()));
        if (old.isPresent() && old.get().version().equals(file.version())) {
            board.find(file.name()).map(Standing::taken).ifPresent(board::put);
            LOG.info("{}: is the running version {} again", file.name(), file.version());
            return;
        }
        if (file.isShared()) {
            refuse(
                    file,
                    new Refused(
                            file.name(),
                            "every service uses this file, so it is not changed while they run; restart to take it"),
                    false);
            return;
        }
        try {
            long begin = System.nanoTime();
            check(file);
            Duration checked = Duration.ofNanos(System.nanoTime() - begin);
            // What is on trial itself is nothing to go back to.
            var proven = Optional.ofNullable(trials.get(file.name()))
                    .filter(trial -> trial.version().isOnTrial())
                    .map(Trial::before)
                    .or(() -> old);
            Swap.Gap gap = put(old, file, proven);
            LOG.info(
                    "{}: version {} runs{}, checked in {} ms, gap {}",
                    file.name(),
                    file.version(),
                    old.map(one -> " in place of " + one.version()).orElse(""),
                    checked.toMillis(),
                    gap);
        } catch (Refused e) {
            refuse(file, e, true);
        }
    }

    private void check(RouteFile file) throws SQLException {
        var database = Optional.ofNullable(context.getRegistry().lookupByNameAndType("database", DataSource.class));
        try {
            new Check(settings.asProperties(), database, ownRoutes()).check(file, running.values());
        } catch (Refused | SQLException e) {
            throw e;
        } catch (Exception e) {
            throw new Refused(file.name(), "it could not be checked: " + Words.cause(e));
        }
    }

    /** @param before what to go back to when the version fails on every order; empty where it needs no trial */
    private Swap.Gap put(Optional<RouteFile> old, RouteFile file, Optional<RouteFile> before) {
        try {
            Swap.Gap gap = swap.replace(old, file, before.isPresent());
            running.put(file.name(), file);
            trials.remove(file.name());
            if (before.isPresent()) {
                trials.put(file.name(), new Trial(before.get(), swap.trying()));
            } else {
                versions.ran(file);
            }
            board.put(standing(file));
            return gap;
        } catch (NotStarted e) {
            throw new Refused(
                    file.name(),
                    "it did not start%s: %s"
                            .formatted(old.isPresent() ? ", so the version before it runs again" : "", e.getMessage()));
        } catch (Swap.Gone e) {
            LOG.error("{}: neither version starts, so its routes are stopped until the next edit", file.name(), e);
            running.remove(file.name());
            board.find(file.name()).map(standing -> standing.stopped(now())).ifPresent(board::put);
            throw new Refused(
                    file.name(),
                    "it did not start, and the version before it did not start again either: " + e.getMessage());
        } catch (Exception e) {
            throw new Refused(file.name(), "it could not be swapped in: " + Words.cause(e));
        }
    }

    /** Takes back what failed on every order since it began, and keeps what did one. */
    void judge() {
        for (var trial : List.copyOf(trials.entrySet())) {
            String name = trial.getKey();
            var version = trial.getValue().version();
            if (!version.failure().isEmpty()) {
                takeBack(name, trial.getValue().before(), version.failure());
            } else if (!version.isOnTrial()) {
                trials.remove(name);
                versions.ran(running.get(name));
            }
        }
    }

    private void takeBack(String name, RouteFile before, String failure) {
        var failed = running.get(name);
        trials.remove(name);
        try {
            put(Optional.of(failed), before, Optional.empty());
        } catch (Refused e) {
            LOG.error(
                    "{}: version {} fails, and the one before it does not start: {}",
                    name,
                    failed.version(),
                    e.getMessage());
            return;
        }
        refuse(
                failed,
                new Refused(
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
            trials.remove(name);
            versions.gone(name);
            board.find(name).map(standing -> standing.stopped(now())).ifPresent(board::put);
            LOG.info("{}: is gone, its routes are stopped", name);
        }
    }

    /** Kept where a restart must not try it again. */
    private void refuse(RouteFile file, Refused refused, boolean kept) {
        LOG.warn("{}: version {} is not taken: {}", file.name(), file.version(), refused.getMessage());
        refusals.increment();
        if (kept) {
            versions.refused(file.name(), new Versions.Refusal(file.version(), refused.getMessage()));
        }
        var refusal = new Standing.NotTaken(file.version(), now(), refused.getMessage());
        board.put(board.find(file.name()).orElseGet(() -> none(file)).refused(refusal));
    }

    /** Brings the version before the running one back; the folder's own counts as refused until it is edited. */
    Standing rollback(String name) {
        var before = before(name).orElseThrow(() -> new Refusal(nothingBefore(name)));
        var old = Optional.ofNullable(running.get(name));
        String was = decided.getOrDefault(name, GONE);
        try {
            Swap.Gap gap = put(old, before, Optional.empty());
            LOG.info("{}: rolled back to version {}, gap {}", name, before.version(), gap);
        } catch (Refused e) {
            throw new Refusal(new Problem(409, "not-rolled-back", "The version before does not start", e.getMessage()));
        }
        old.ifPresent(file -> {
            String sentence = "%s: rolled back by an operator; edit the file to have it taken again".formatted(name);
            versions.refused(name, new Versions.Refusal(file.version(), sentence));
            if (was.equals(file.version())) {
                board.find(name)
                        .map(standing -> standing.refused(new Standing.NotTaken(file.version(), now(), sentence)))
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

    private Standing standing(RouteFile file) {
        return new Standing(
                file.name(),
                file.version(),
                now(),
                Standing.RUNNING,
                Check.routes(Tree.of(file)).stream().map(Tree.Entry::text).toList(),
                before(file.name()).map(RouteFile::version).orElse(""),
                Optional.empty());
    }

    /** What a rollback brings back. */
    private Optional<RouteFile> before(String name) {
        return Optional.ofNullable(trials.get(name)).map(Trial::before).or(() -> versions.before(name));
    }

    private static Standing none(RouteFile file) {
        return new Standing(file.name(), "", now(), Standing.STOPPED, List.of(), "", Optional.empty());
    }

    /** Ids of the routes that no file has. */
    private Set<String> ownRoutes() {
        Set<String> ids =
                context.getRoutes().stream().map(route -> route.getRouteId()).collect(Collectors.toSet());
        running.values().forEach(file -> Check.routes(Tree.of(file)).forEach(id -> ids.remove(id.text())));
        return ids;
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
