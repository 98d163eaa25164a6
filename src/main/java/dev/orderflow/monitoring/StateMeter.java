package dev.orderflow.monitoring;

import dev.orderflow.delivery.DeliveryState;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Gauge {@code orderflow_service_state}: 1 for the state that a route of a service is in, 0 for each other one. */
final class StateMeter implements Runnable {

    private static final List<String> STATES = List.of(
            DeliveryState.JOINING,
            DeliveryState.RUNNING,
            DeliveryState.NOTICED,
            DeliveryState.WAITING,
            DeliveryState.HELD,
            DeliveryState.PAUSED,
            DeliveryState.STOPPED);

    private final Supplier<List<DeliveryState>> deliveries;
    private final MultiGauge gauge;

    StateMeter(Supplier<List<DeliveryState>> deliveries, MeterRegistry meters) {
        this.deliveries = deliveries;
        this.gauge = MultiGauge.builder("orderflow.service.state")
                .description("1 for the state that a route of a service is in")
                .register(meters);
    }

    @Override
    public void run() {
        var rows = new ArrayList<MultiGauge.Row<?>>();
        for (DeliveryState now : deliveries.get()) {
            for (String state : STATES) {
                rows.add(MultiGauge.Row.of(
                        Tags.of("service", now.service(), "route", now.route(), "state", state),
                        now.state().equals(state) ? 1 : 0));
            }
        }
        gauge.register(rows, true);
    }
}
