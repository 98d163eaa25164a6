package dev.orderflow.monitoring;

import dev.orderflow.telemetry.Causes;
import dev.orderflow.telemetry.OutageLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last look at something that may be away. Silence is told once nothing was heard for the grace, so that one slow
 * answer does not take a process out of its Service; a look that hangs is silence too.
 */
final class BackgroundCheck implements Runnable {

    /** Looks once and gives what is wrong; an exception means that there was no answer. */
    interface Look {
        Optional<String> look() throws Exception;
    }

    private static final Logger LOG = LoggerFactory.getLogger(BackgroundCheck.class);

    private record Seen(Instant answered, Optional<String> trouble, String silence) {}

    private final String subject;
    private final Look look;
    private final Duration grace;
    private final Clock clock;
    private final OutageLog log;
    private volatile Seen seen;

    /** @param address of whom it asks, for the log */
    BackgroundCheck(String subject, String address, Look look, Duration grace, Clock clock) {
        this.subject = subject;
        this.look = look;
        this.grace = grace;
        this.clock = clock;
        this.log = new OutageLog(LOG, (subject + " " + address).strip(), Duration.ZERO, clock);
        this.seen = new Seen(Instant.EPOCH, Optional.empty(), "gave no answer yet");
    }

    @Override
    public void run() {
        try {
            seen = new Seen(clock.instant(), look.look(), "gave no answer for " + seconds(grace));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            seen = new Seen(seen.answered(), seen.trouble(), "gave no answer: " + Causes.ofClient(e));
        }
    }

    /** What is wrong, told at once and without asking anybody; empty when all is well. */
    Optional<String> trouble() {
        Seen now = seen;
        return isSilent(now) ? Optional.of(subject + " " + now.silence()) : now.trouble();
    }

    /** Tells the log when a silence begins and when it is over; not before the first answer, for which a start waits. */
    void tell() {
        Seen now = seen;
        if (!isSilent(now)) {
            log.works();
        } else if (now.answered().isAfter(Instant.EPOCH)) {
            log.failsSince(now.answered(), now.silence());
        }
    }

    private boolean isSilent(Seen now) {
        return clock.instant().isAfter(now.answered().plus(grace));
    }

    private static String seconds(Duration time) {
        return time.toMillis() / 1000.0 + " s";
    }
}
