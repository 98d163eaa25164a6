package dev.orderflow.kafka;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.slf4j.Marker;

/**
 * Keeps out of the log what Kafka's client repeats with each try to join a group that it may not use; the service tells
 * it once. Its logger cannot be turned off: it also tells of a consumer that was thrown out.
 */
public final class RefusedJoins extends TurboFilter {

    @Override
    public FilterReply decide(
            Marker marker, Logger logger, Level level, String format, Object[] arguments, Throwable failure) {
        return level == Level.ERROR && format != null && format.contains("JoinGroup failed due to fatal error")
                ? FilterReply.DENY
                : FilterReply.NEUTRAL;
    }
}
