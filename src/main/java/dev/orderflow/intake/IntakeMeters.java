package dev.orderflow.intake;

import dev.orderflow.door.Waiting;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.CamelContext;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.apache.camel.component.micrometer.routepolicy.MicrometerRoutePolicyConfiguration;

/** Counts orders, in Camel's registry of meters once that is there. */
final class IntakeMeters implements Handler<RoutingContext> {

    private static final int FIRST_REFUSAL = 400;

    private volatile MeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicBoolean registered = new AtomicBoolean();
    private volatile Counter accepted = counter();

    /** Before the route is made: what is counted here is not counted by Camel too, in ways that cost more. */
    static void replaceCamels(String routeId) {
        MicrometerRoutePolicyConfiguration.DEFAULT.setExcludePattern(routeId);
    }

    /** Called when the context has started, for only then its registry of meters is known. */
    void register(CamelContext context, Waiting waiting) {
        if (registered.getAndSet(true)) {
            return;
        }
        var found = context.getRegistry()
                .lookupByNameAndType(MicrometerConstants.METRICS_REGISTRY_NAME, MeterRegistry.class);
        if (found != null) {
            registry = found;
        }
        accepted = counter();
        Gauge.builder("orderflow.intake.in.flight", waiting, Waiting::count)
                .description("Orders that wait for the brokers' acknowledgement")
                .register(registry);
    }

    void accepted() {
        accepted.increment();
    }

    /** Counts the request as refused when its answer turns out to be an error. */
    @Override
    public void handle(RoutingContext ctx) {
        ctx.addEndHandler(ended -> {
            int status = ctx.response().getStatusCode();
            if (status >= FIRST_REFUSAL) {
                refused(status);
            }
        });
        ctx.next();
    }

    void refused(int status) {
        Counter.builder("orderflow.orders.refused")
                .description("Orders that were answered with an error")
                .tag("status", Integer.toString(status))
                .register(registry)
                .increment();
    }

    private Counter counter() {
        return Counter.builder("orderflow.orders.accepted")
                .description("Orders that the brokers acknowledged")
                .register(registry);
    }
}
