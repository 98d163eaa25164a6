package dev.orderflow.intake;

import dev.orderflow.http.InFlightLimit;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/** Counts the orders of intake. */
final class IntakeMeters implements Handler<RoutingContext> {

    private static final int FIRST_REFUSAL = 400;

    private final MeterRegistry registry;
    private final Counter accepted;

    IntakeMeters(MeterRegistry registry, InFlightLimit waiting) {
        this.registry = registry;
        this.accepted = Counter.builder("orderflow.orders.accepted")
                .description("Orders that the brokers acknowledged")
                .register(registry);
        Gauge.builder("orderflow.intake.in.flight", waiting, InFlightLimit::count)
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
}
