package dev.orderflow.monitoring;

import dev.orderflow.delivery.DeliveryState;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Whether the services of this process have joined their groups, and in words how they stand. A service that waits or is
 * held takes no caller's request away: it is told, and the process is ready.
 */
final class DeliveriesCheck implements Supplier<Optional<String>> {

    private final Supplier<List<DeliveryState>> deliveries;

    DeliveriesCheck(Supplier<List<DeliveryState>> deliveries) {
        this.deliveries = deliveries;
    }

    /** Those that have not joined yet: whoever replaces one process after another waits for that. */
    @Override
    public Optional<String> get() {
        return sentences(state -> state.state().equals(DeliveryState.JOINING));
    }

    /** All that do not simply run. */
    Optional<String> notice() {
        return sentences(state -> !state.state().equals(DeliveryState.RUNNING));
    }

    private Optional<String> sentences(Predicate<DeliveryState> of) {
        String all = deliveries.get().stream()
                .filter(of)
                .map(DeliveriesCheck::sentence)
                .collect(Collectors.joining("; "));
        return all.isEmpty() ? Optional.empty() : Optional.of(all);
    }

    private static String sentence(DeliveryState state) {
        return switch (state.state()) {
            case DeliveryState.JOINING -> "%s has not joined its consumer group yet".formatted(state.route());
            case DeliveryState.NOTICED ->
                "%s runs, and since %s: %s".formatted(state.route(), state.since(), state.cause());
            case DeliveryState.WAITING ->
                "%s has waited since %s: %s".formatted(state.route(), state.since(), state.cause());
            case DeliveryState.HELD -> "%s is held since %s: %s".formatted(state.route(), state.since(), state.cause());
            case DeliveryState.PAUSED ->
                "%s is paused since %s: %s".formatted(state.route(), state.since(), state.cause());
            default -> "%s is %s since %s".formatted(state.route(), state.state(), state.since());
        };
    }
}
