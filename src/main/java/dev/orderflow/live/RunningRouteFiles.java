package dev.orderflow.live;

import dev.orderflow.check.RouteFile;
import dev.orderflow.check.RouteFileRefused;
import dev.orderflow.check.RouteFileVersions;
import dev.orderflow.delivery.RouteVersionTrial;
import dev.orderflow.telemetry.Causes;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The route files that run, with how each stands: puts one version in the place of another, and notes what is refused.
 * For one thread.
 */
final class RunningRouteFiles {

    private static final Logger LOG = LoggerFactory.getLogger(RunningRouteFiles.class);

    private final RouteFileVersions versions;
    private final RouteFileStatuses board;
    private final RouteSwap swap;
    private final RollbackVersions trials;
    private final Map<String, RouteFile> running = new LinkedHashMap<>();
    private final Counter refusals;

    RunningRouteFiles(
            RouteFileVersions versions,
            RouteFileStatuses board,
            RouteSwap swap,
            RollbackVersions trials,
            MeterRegistry meters) {
        this.versions = versions;
        this.board = board;
        this.swap = swap;
        this.trials = trials;
        this.refusals = Counter.builder("orderflow.route.refusals")
                .description("Versions of route files that were not taken")
                .register(meters);
    }

    /** What a start began with. */
    void began(StartVersions.Chosen chosen, RouteVersionTrial version) {
        var file = chosen.file();
        running.put(file.name(), file);
        trials.begin(file.name(), new RollbackVersions.Trial(Optional.empty(), version));
        var standing = standing(file);
        board.put(chosen.refusal().map(standing::refused).orElse(standing));
        chosen.refusal().ifPresent(refusal -> refusals.increment());
    }

    Optional<RouteFile> find(String name) {
        return Optional.ofNullable(running.get(name));
    }

    Collection<RouteFile> all() {
        return running.values();
    }

    /**
     * Puts a version in the place of another, or of none.
     *
     * @throws RouteFileRefused when it does not start
     */
    RouteSwap.Interruption put(Optional<RouteFile> old, RouteFile file, RollbackVersions.Trial trial) {
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

    /** Its file is gone. */
    void stop(RouteFile file) {
        String name = file.name();
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

    /** @param kept where a restart must not try it again */
    void refuse(RouteFile file, RouteFileRefused refused, boolean kept) {
        LOG.warn("{}: version {} is not taken: {}", file.name(), file.version(), refused.getMessage());
        refusals.increment();
        if (kept) {
            versions.refused(file.name(), new RouteFileVersions.Refusal(file.version(), refused.getMessage()));
        }
        var refusal = new RouteFileStatus.NotTaken(file.version(), now(), refused.getMessage());
        board.put(board.find(file.name()).orElseGet(() -> none(file)).refused(refusal));
    }

    /** It failed its trial and runs all the same: it is nothing to fall back to. */
    void failed(RouteFile file) {
        refusals.increment();
        versions.failed(file);
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
    Optional<RouteFile> before(String name) {
        return trials.find(name).flatMap(RollbackVersions.Trial::before).or(() -> versions.before(name));
    }

    private static RouteFileStatus none(RouteFile file) {
        return new RouteFileStatus(file.name(), "", now(), RouteFileStatus.STOPPED, List.of(), "", Optional.empty());
    }

    static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
