package dev.orderflow.operate;

import dev.orderflow.delivery.DeliveryState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Whether the services of this process read and act, from what their deliveries tell. */
final class DeliveriesCheck implements Supplier<Optional<String>> {

    private final Supplier<List<DeliveryState>> deliveries;
    private final Duration patience;
    private final Clock clock;

    /** @param patience how long a delivery may wait for a broker or database before the process is not ready */
    DeliveriesCheck(Supplier<List<DeliveryState>> deliveries, Duration patience, Clock clock) {
        this.deliveries = deliveries;
        this.patience = patience;
        this.clock = clock;
    }

    @Override
    public Optional<String> get() {
        String all = deliveries.get().stream()
                .map(this::trouble)
                .flatMap(Optional::stream)
                .collect(Collectors.joining("; "));
        return all.isEmpty() ? Optional.empty() : Optional.of(all);
    }

    /** Of the deliveries that wait, from the first moment on: a wait that is none of readiness yet has a cause too. */
    Optional<String> notice() {
        String all = deliveries.get().stream()
                .filter(state -> state.state().equals(DeliveryState.WAITING))
                .map(DeliveriesCheck::waits)
                .collect(Collectors.joining("; "));
        return all.isEmpty() ? Optional.empty() : Optional.of(all);
    }

    private static String waits(DeliveryState state) {
        return "%s has waited since %s: %s".formatted(state.route(), state.since(), state.cause());
    }

    private Optional<String> trouble(DeliveryState state) {
        return switch (state.state()) {
            case "running" -> Optional.empty();
            case "waiting" -> isLonger(state.since()) ? Optional.of(waits(state)) : Optional.empty();
            case "held" ->
                Optional.of("%s is held since %s: %s".formatted(state.route(), state.since(), state.cause()));
            case "joining" -> Optional.of("%s has not joined its consumer group yet".formatted(state.route()));
            default -> Optional.of("%s is %s since %s".formatted(state.route(), state.state(), state.since()));
        };
    }

    private boolean isLonger(Instant since) {
        return clock.instant().isAfter(since.plus(patience));
    }
}
