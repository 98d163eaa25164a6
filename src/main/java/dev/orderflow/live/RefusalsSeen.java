package dev.orderflow.live;

import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Shows in health which files of the folder do not run. They are no reason to be down: the last good ones run on. Camel has
 * checks extend a class of its {@code impl} package; one in its API has no issue yet.
 */
final class RefusalsSeen extends AbstractHealthCheck {

    private final CamelContext context;
    private final RouteFileStatuses board;

    RefusalsSeen(CamelContext context, RouteFileStatuses board) {
        super("orderflow", "routes");
        this.context = context;
        this.board = board;
    }

    void install() {
        HealthCheckRegistry checks = HealthCheckRegistry.get(context);
        if (checks != null) {
            checks.register(this);
        }
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        var refused = board.all().stream()
                .filter(file -> file.refusal().isPresent())
                .collect(Collectors.toMap(
                        RouteFileStatus::file,
                        file -> file.refusal().orElseThrow().sentence()));
        if (!refused.isEmpty()) {
            builder.message(String.join("; ", refused.values()));
        }
        builder.up();
    }
}
