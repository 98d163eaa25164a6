package dev.orderflow.live;

import dev.orderflow.check.RouteFile;
import dev.orderflow.check.RouteFileRefused;
import dev.orderflow.check.RouteFileVersions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What comes of the versions on trial: one that did an order is kept, one that failed on every order is taken back, or
 * held where there is none before it. For one thread.
 */
final class TrialVerdicts {

    private static final Logger LOG = LoggerFactory.getLogger(TrialVerdicts.class);

    private final RunningRouteFiles files;
    private final RollbackVersions trials;
    private final RouteFileVersions versions;
    private final RouteFileStatuses board;

    /** The version of each file that was told to be held last. */
    private final Map<String, String> held = new HashMap<>();

    TrialVerdicts(
            RunningRouteFiles files, RollbackVersions trials, RouteFileVersions versions, RouteFileStatuses board) {
        this.files = files;
        this.trials = trials;
        this.versions = versions;
        this.board = board;
    }

    /** Takes back what failed on every order since it began, or tells that it is held; and keeps what did one. */
    void judge() {
        trials.all().forEach((name, trial) -> {
            String failure = trial.version().failure();
            if (!failure.isEmpty() && trial.before().isPresent()) {
                takeBack(name, trial.before().get(), failure);
            } else if (!trial.version().isOnTrial()) {
                trials.proved(name);
                versions.ran(files.find(name).orElseThrow());
                board.find(name)
                        .filter(standing -> standing.isRefused(standing.version()))
                        .map(RouteFileStatus::taken)
                        .ifPresent(board::put);
            } else if (!failure.isEmpty()) {
                hold(files.find(name).orElseThrow(), failure);
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
            files.failed(file);
        }
        board.put(standing.refused(new RouteFileStatus.NotTaken(file.version(), RunningRouteFiles.now(), sentence)));
    }

    private void takeBack(String name, RouteFile before, String failure) {
        var failed = files.find(name).orElseThrow();
        try {
            files.put(Optional.of(failed), before, trials.ofOld(before));
        } catch (RouteFileRefused e) {
            LOG.error(
                    "{}: version {} fails, and the one before it does not start: {}",
                    name,
                    failed.version(),
                    e.getMessage());
            trials.end(name);
            return;
        }
        files.refuse(
                failed,
                new RouteFileRefused(
                        name,
                        "it started and then failed on every order, so version %s runs again and does them: %s"
                                .formatted(before.version(), failure)),
                true);
    }
}
