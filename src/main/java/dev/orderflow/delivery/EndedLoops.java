package dev.orderflow.delivery;

import dev.orderflow.telemetry.Causes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a route again whose poll loop has ended: an {@code Error} of Java leaves Camel's loop, and nobody would poll for
 * the rest of the process's life. For one thread.
 */
public final class EndedLoops implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(EndedLoops.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(60);
    private static final String WHAT = "poll loop";

    /** Since when, and when it may be started again. */
    private record Ended(String service, Instant since, Duration pause, Instant next) {}

    private final CamelContext camel;
    private final Supplier<Optional<Deliveries>> told;
    private final Clock clock;
    private final Map<String, Ended> ended = new HashMap<>();
    private Set<ReconnectingConsumer> suspects = Set.of();

    /** @param told asked at each look, since the beans of YAML come with the routes */
    public EndedLoops(CamelContext camel, Supplier<Optional<Deliveries>> told, Clock clock) {
        this.camel = camel;
        this.told = told;
        this.clock = clock;
    }

    /** One that has ended in two looks in a row has ended; between two clients a loop is hard to see. */
    @Override
    public void run() {
        told.get().ifPresent(this::look);
    }

    private void look(Deliveries deliveries) {
        Set<ReconnectingConsumer> now = new HashSet<>();
        Set<String> routes = new HashSet<>();
        for (ReconnectingConsumer consumer : deliveries.consumers()) {
            var route = consumer.ended();
            if (route.isPresent()) {
                now.add(consumer);
                if (suspects.contains(consumer)) {
                    routes.add(route.get());
                    startAgain(route.get(), consumer, deliveries);
                }
            }
        }
        suspects = now;
        ended.entrySet().removeIf(before -> {
            boolean over = !routes.contains(before.getKey())
                    && clock.instant().isAfter(before.getValue().next());
            if (over) {
                deliveries.over(before.getValue().service(), WHAT);
                LOG.info("{}: polls again", before.getKey());
            }
            return over;
        });
    }

    private void startAgain(String route, ReconnectingConsumer consumer, Deliveries deliveries) {
        var before = ended.get(route);
        Instant now = clock.instant();
        if (before != null && now.isBefore(before.next())) {
            return;
        }
        Instant since = before == null ? now : before.since();
        Duration pause = before == null ? PAUSE : min(before.pause().multipliedBy(2));
        ended.put(route, new Ended(consumer.service(), since, pause, now.plus(pause)));
        String sentence = "a poll loop of route %s ended with an error; the route is started again".formatted(route);
        deliveries.began(consumer.service(), WHAT, DeliveryState.WAITING, since, sentence);
        LOG.warn("{}: {}", consumer.service(), sentence);
        try {
            deliveries.consumers().remove(consumer);
            // Its client would go on sending heartbeats, and keep its partitions.
            consumer.abandon();
            camel.getRouteController().stopRoute(route);
            camel.getRouteController().startRoute(route);
        } catch (Exception e) {
            LOG.warn("{}: the route is not started again yet: {}", consumer.service(), Causes.sentence(e));
            deliveries.consumers().add(consumer);
        }
    }

    private static Duration min(Duration pause) {
        return pause.compareTo(PAUSE_MAX) < 0 ? pause : PAUSE_MAX;
    }
}
