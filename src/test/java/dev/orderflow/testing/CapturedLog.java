package dev.orderflow.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** Every log line of this JVM, or of one logger, stack traces too, from its making until it is closed. */
public final class CapturedLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Logger logger;

    public CapturedLog() {
        this(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    private CapturedLog(String name) {
        logger = (Logger) LoggerFactory.getLogger(name);
        setContext(logger.getLoggerContext());
        start();
        logger.addAppender(this);
    }

    /** What one logger says, down to DEBUG, and nobody else hears. */
    public static CapturedLog debugOf(String name) {
        var log = new CapturedLog(name);
        log.logger.setLevel(Level.DEBUG);
        log.logger.setAdditive(false);
        return log;
    }

    @Override
    protected void append(ILoggingEvent event) {
        String stack = event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy());
        lines.add(event.getLevel() + " " + event.getFormattedMessage() + stack);
    }

    public String text() {
        return String.join("\n", lines);
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        stop();
    }
}
