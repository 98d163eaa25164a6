package dev.orderflow.telemetry;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;

/**
 * The log lines of one thing that may fail for a while: a warning when that begins, a line when it is over, and what
 * repeats between them for DEBUG alone. Safe for use by several threads.
 */
public final class OutageLog {

    /** @param kinds that were told since it began */
    private record Begun(Instant at, Instant lastFailure, Set<String> kinds) {}

    private final Logger log;
    private final String subject;
    private final Duration quiet;
    private final Clock clock;
    private volatile Optional<Begun> begun = Optional.empty();

    /** @param subject begins each line, such as {@code inventory} */
    public OutageLog(Logger log, String subject) {
        this(log, subject, Duration.ZERO, Clock.systemUTC());
    }

    /**
     * Of something that several do at once, some of which may fail while others do not.
     *
     * @param quiet how long nothing must have failed before it is over
     */
    public OutageLog(Logger log, String subject, Duration quiet, Clock clock) {
        this.log = log;
        this.subject = subject;
        this.quiet = quiet;
        this.clock = clock;
    }

    /** Something failed, by whom and why. */
    public void fails(String sentence) {
        fails("", sentence);
    }

    /** The same, with what tells one outage from another: a new kind is told even inside of an outage. */
    public void fails(String kind, String sentence) {
        fails(kind, sentence, clock.instant());
    }

    /** The same, noticed late: it began when something worked for the last time. */
    public void failsSince(Instant worked, String sentence) {
        fails("", sentence, worked);
    }

    private synchronized void fails(String kind, String sentence, Instant since) {
        var kinds = begun.map(Begun::kinds).orElseGet(HashSet::new);
        if (kinds.add(kind)) {
            log.warn("{}: {}", subject, sentence);
        } else {
            log.debug("{}: {}", subject, sentence);
        }
        begun = Optional.of(new Begun(begun.map(Begun::at).orElse(since), clock.instant(), kinds));
    }

    /** It works; cheap where it did before. */
    public void works() {
        if (begun.isPresent()) {
            end();
        }
    }

    private synchronized void end() {
        Instant now = clock.instant();
        begun.filter(before -> !now.isBefore(before.lastFailure.plus(quiet))).ifPresent(before -> {
            begun = Optional.empty();
            log.info("{}: works again after {}", subject, seconds(Duration.between(before.at, now)));
        });
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }
}
