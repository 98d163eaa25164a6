package dev.orderflow.operate;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** One part of being ready, found by Camel in its registry. It never says that the process should be killed. */
final class ReadyCheck extends AbstractHealthCheck {

    private final Supplier<Optional<String>> trouble;

    ReadyCheck(String name, Supplier<Optional<String>> trouble) {
        super("orderflow", name);
        this.trouble = trouble;
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
            builder.up();
        } else {
            builder.message(now.get()).down();
        }
    }
}
