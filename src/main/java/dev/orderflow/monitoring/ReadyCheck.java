package dev.orderflow.monitoring;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * One part of being ready, found by Camel in its registry. It never says that the process should be killed. Camel has checks
 * extend a class of its {@code impl} package; one in its API has no issue yet.
 */
final class ReadyCheck extends AbstractHealthCheck {

    private final Supplier<Optional<String>> trouble;
    private final Supplier<Optional<String>> notice;

    ReadyCheck(String name, Supplier<Optional<String>> trouble) {
        this(name, trouble, Optional::empty);
    }

    /** @param notice what a person may want to know while it is ready */
    ReadyCheck(String name, Supplier<Optional<String>> trouble, Supplier<Optional<String>> notice) {
        super("orderflow", name);
        this.trouble = trouble;
        this.notice = notice;
    }

    boolean isUp() {
        return trouble.get().isEmpty();
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        Optional<String> now = trouble.get();
        if (now.isEmpty()) {
            notice.get().ifPresent(builder::message);
            builder.up();
        } else {
            builder.message(now.get()).down();
        }
    }
}
