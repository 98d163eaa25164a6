package dev.orderflow.redrive;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** How many letters of a job may go back now, at so many a second. What was not used for a while is not made up for. */
final class RateLimit {

    private final double perSecond;
    private final Clock clock;
    private double credit = 1;
    private Instant last;

    RateLimit(int perSecond, Clock clock) {
        this.perSecond = perSecond;
        this.clock = clock;
        this.last = clock.instant();
    }

    int due() {
        Instant now = clock.instant();
        double earned = Math.max(0, Duration.between(last, now).toNanos()) / 1e9 * perSecond;
        credit = Math.min(Math.max(1, perSecond), credit + earned);
        last = now;
        return (int) credit;
    }

    void took(int letters) {
        credit -= letters;
    }
}
