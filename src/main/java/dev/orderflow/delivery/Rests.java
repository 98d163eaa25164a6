package dev.orderflow.delivery;

import dev.orderflow.delivery.DeadLetters.Cause;
import dev.orderflow.telemetry.Causes;
import org.apache.camel.Route;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a route waits or is held inside of its group: whoever looks is told why, and the consumer polls on. */
final class Rests {

    private static final Logger LOG = LoggerFactory.getLogger(Rests.class);

    private final Once once;
    private final Route route;
    private final String service;
    private final DeliveryMeters meters;
    private final Awaited awaited;

    Rests(Once once, Route route, String service, DeliveryMeters meters) {
        this.once = once;
        this.route = route;
        this.service = service;
        this.meters = meters;
        this.awaited = new Awaited(once.dataSource(), brokersOf(route));
    }

    private static String brokersOf(Route route) {
        return route.getEndpoint() instanceof KafkaEndpoint kafka
                ? kafka.getConfiguration().getBrokers()
                : "";
    }

    Awaited awaited() {
        return awaited;
    }

    void running() {
        once.deliveries().running(route.getRouteId());
    }

    /** For something that passes. */
    void waiting(Throwable cause, long ms, BatchOffsets offsets) {
        rest(DeliveryState.WAITING, awaited.sentence(cause), awaited.whom(cause), ms, offsets);
    }

    /** For something that a person must mend. */
    void held(Throwable cause, long ms, BatchOffsets offsets) {
        rest(
                DeliveryState.HELD,
                Causes.sentence(cause),
                Cause.of(service, cause).fingerprint(),
                ms,
                offsets);
    }

    /** Since it is the cap; and how to let it go on. */
    void atCap(Throwable failure, long ms, BatchOffsets offsets) {
        String fingerprint = Cause.of(service, failure).fingerprint();
        rest(
                DeliveryState.HELD,
                "%d of the last %d records were parked for one cause, and more are not (delivery.parkedMax): %s. Mend the cause, or have them parked: orderflow allow %s %s"
                        .formatted(
                                once.parkedMax(),
                                once.parkedWindow(),
                                Causes.sentence(failure).replaceAll("\\.$", ""),
                                service,
                                fingerprint),
                fingerprint,
                ms,
                offsets);
    }

    private void rest(String state, String sentence, String kind, long ms, BatchOffsets offsets) {
        once.deliveries().resting(DeliveryState.of(route.getRouteId(), service, state, sentence), kind);
        LOG.debug("{}: {}, trying again in {} ms", service, state, ms);
        meters.waited();
        if (once.deliveries().isPaused(service)) {
            // Its offsets may move meanwhile: what it waits for with this batch may be skipped, or come again.
            running();
            throw new BatchOffsets.Stopping();
        }
        offsets.rest(ms);
    }
}
