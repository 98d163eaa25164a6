package dev.orderflow.live;

import dev.orderflow.check.RouteFile;
import dev.orderflow.delivery.RouteVersionTrial;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The files whose running version has not proved itself yet. For one thread. */
final class RollbackVersions {

    /** @param before the version to go back to; empty where there is none, so that one that fails is held */
    record Trial(Optional<RouteFile> before, RouteVersionTrial version) {}

    private final Duration patience;
    private final Map<String, Trial> trials = new HashMap<>();
    /** Files of which no version has done an order. */
    private final Set<String> unproven = new HashSet<>();

    /** @param patience how long an order that fails alone may wait for the next one */
    RollbackVersions(Duration patience) {
        this.patience = patience;
    }

    /** A new version that comes in the place of another, or of none. */
    Trial ofNew(RouteFile file, Optional<RouteFile> old) {
        var before = back(file.name(), old);
        return new Trial(
                before,
                before.isPresent()
                        ? RouteVersionTrial.onTrial(file.version(), patience)
                        : RouteVersionTrial.first(file.version(), patience));
    }

    /** What is on trial itself is nothing to go back to, but for a first version that has not failed yet. */
    private Optional<RouteFile> back(String name, Optional<RouteFile> old) {
        var trial = Optional.ofNullable(trials.get(name))
                .filter(running -> running.version().isOnTrial());
        if (trial.isEmpty()) {
            return old;
        }
        return trial.get().version().isFirst()
                        && trial.get().version().failure().isEmpty()
                ? old
                : trial.get().before();
    }

    /** A version that ran before. */
    Trial ofOld(RouteFile file) {
        return new Trial(
                Optional.empty(),
                unproven.contains(file.name())
                        ? RouteVersionTrial.first(file.version(), patience)
                        : RouteVersionTrial.proven(file.version()));
    }

    /** From now on this version of the file runs. */
    void begin(String name, Trial trial) {
        trials.remove(name);
        if (trial.version().isOnTrial()) {
            trials.put(name, trial);
            if (trial.before().isEmpty()) {
                unproven.add(name);
            }
        }
    }

    /** Nothing of the file runs any more. */
    void end(String name) {
        trials.remove(name);
    }

    /** It has done an order, or nobody can tell. */
    void proved(String name) {
        trials.remove(name);
        unproven.remove(name);
    }

    /** The running version, as its deliveries know it. */
    RouteVersionTrial running(RouteFile file) {
        return find(file.name()).map(Trial::version).orElseGet(() -> RouteVersionTrial.proven(file.version()));
    }

    Optional<Trial> find(String name) {
        return Optional.ofNullable(trials.get(name));
    }

    Map<String, Trial> all() {
        return Map.copyOf(trials);
    }
}
