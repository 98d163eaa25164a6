package dev.orderflow.delivery;

import dev.orderflow.delivery.DeadLetters.Cause;
import dev.orderflow.events.UnreadableException;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes out of the way what can never succeed: as a dead letter that is acknowledged, within the cap. */
final class Parking {

    private static final Logger LOG = LoggerFactory.getLogger(Parking.class);

    private final Once once;
    private final String service;
    private final DeadLetters deadLetters;
    private final DeliveryMeters meters;
    private final Rests rests;
    private final ThreadLocal<ParkingCap> cap;

    Parking(Once once, String service, DeadLetters deadLetters, DeliveryMeters meters, Rests rests) {
        this.once = once;
        this.service = service;
        this.deadLetters = deadLetters;
        this.meters = meters;
        this.rests = rests;
        this.cap = ThreadLocal.withInitial(once::parkingCap);
    }

    /** The window of the cap goes on. */
    void seen(int records) {
        cap.get().seen(records);
    }

    /** What was parked before may be parked again: a redrive of many whose cause was not mended must not hold the route. */
    boolean allows(Exchange kafkaRecord, Throwable failure) {
        String fingerprint = Cause.of(service, failure).fingerprint();
        return RecordReader.isRedrivenFor(service, kafkaRecord)
                || cap.get().allows(fingerprint)
                || once.deliveries().directives(once.dataSource()).allows(service, fingerprint);
    }

    /** The decision is kept before the dead letter is appended, so that a crash between them cannot end in an effect. */
    void park(InboundEvent item, Throwable failure, EffectTransaction transaction, BatchOffsets offsets) {
        Cause cause = Cause.of(service, failure);
        transaction.park(item, cause);
        LOG.debug("{}: the failure behind dead letter {}", service, item.id, failure);
        parked(item.kafkaRecord, item.id, item.attempt, cause, offsets);
        LOG.warn("order {}: {} parked by {}: {}", item.event.orderId(), item.event.type(), service, cause.message());
    }

    void parkUnreadable(Exchange kafkaRecord, UnreadableException failure, BatchOffsets offsets) {
        Cause cause = Cause.of(service, failure);
        for (long pause = once.retryDelayMs(); !allows(kafkaRecord, failure); pause = longer(pause)) {
            rests.atCap(failure, pause, offsets);
        }
        parked(
                kafkaRecord,
                DeadLetters.unreadableId(kafkaRecord),
                RecordReader.attempt(RecordHeaders.of(kafkaRecord)),
                cause,
                offsets);
        LOG.warn("record {}: parked by {}: {}", DeadLetters.place(kafkaRecord), service, cause.message());
    }

    /** Parked before this delivery, it appends its dead letter again: nobody knows whether it was acknowledged. */
    void again(InboundEvent item, BatchOffsets offsets) {
        append(item.kafkaRecord, item.id, item.attempt, Cause.ofOutcome(item.outcome), offsets);
    }

    private void parked(Exchange kafkaRecord, String id, int attempt, Cause cause, BatchOffsets offsets) {
        append(kafkaRecord, id, attempt, cause, offsets);
        if (!RecordReader.isRedrivenFor(service, kafkaRecord)) {
            cap.get().parked(cause.fingerprint());
        }
        meters.parked();
    }

    /** Returns when the dead letter is acknowledged, and not before: its record's offset stands behind it. */
    private void append(Exchange kafkaRecord, String id, int attempt, Cause cause, BatchOffsets offsets) {
        for (long pause = once.retryDelayMs(); ; pause = longer(pause)) {
            try {
                deadLetters.append(kafkaRecord, id, attempt, cause);
                rests.running();
                return;
            } catch (RuntimeException e) {
                if (FailureClassifier.is(e)) {
                    rests.waiting(e, pause, offsets);
                } else {
                    rests.held(e, pause, offsets);
                }
            }
        }
    }

    private long longer(long pause) {
        return Math.min(pause * 2, once.retryDelayMsMax());
    }
}
