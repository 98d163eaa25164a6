package dev.orderflow.delivery;

import dev.orderflow.telemetry.Causes;
import java.util.List;
import java.util.function.Consumer;

/**
 * Decides on the events that failed alone and that {@link Triage} left open until the others of their round were tried:
 * the suspects, whose failure may be the fault of the version on trial, and those that the other side puts off.
 */
final class DeferredVerdicts {

    private final Once once;
    private final RouteVersionTrial version;
    private final PutOffs putOffs;
    private final Parking parking;
    private final Rests rests;
    private final EffectTransaction transaction;

    DeferredVerdicts(
            Once once,
            RouteVersionTrial version,
            PutOffs putOffs,
            Parking parking,
            Rests rests,
            EffectTransaction transaction) {
        this.once = once;
        this.version = version;
        this.putOffs = putOffs;
        this.parking = parking;
        this.rests = rests;
        this.transaction = transaction;
    }

    /**
     * Suspects first: one that is tried again may turn out to be put off.
     *
     * @param act tries a suspect again, now that the version is cleared of it
     * @throws LookAgain when there is no verdict yet, so that the batch comes again
     */
    void decide(List<InboundEvent> round, Consumer<InboundEvent> act, BatchOffsets offsets) {
        decideSuspects(round, act, offsets);
        decidePutOff(round, offsets);
    }

    /**
     * Orders that failed while the version had done none: when it has done another one by now, they are poison; two that
     * fail are the version's fault; one alone waits for the next orders, as long as patience lasts. A first version that
     * failed is tried again and again, since what it needs may come, and with each new order.
     */
    private void decideSuspects(List<InboundEvent> round, Consumer<InboundEvent> act, BatchOffsets offsets) {
        List<InboundEvent> suspects =
                round.stream().filter(item -> item.suspicion != null).toList();
        if (suspects.isEmpty()) {
            return;
        }
        Throwable failure = suspects.get(0).suspicion;
        if (version.isOnTrial()) {
            suspects.forEach(item -> version.failedOn(item.event.orderId(), Causes.sentence(failure)));
        }
        while (version.isOnTrial() && !version.isPatienceOver()) {
            boolean held = version.isHeld();
            rests.held(failure, held ? once.retryDelayMsMax() : once.retryDelayMs(), offsets);
            if (held || version.failure().isEmpty()) {
                throw new LookAgain(failure);
            }
        }
        version.goOn(suspects.get(0).event.orderId());
        for (InboundEvent suspect : suspects) {
            suspect.suspicion = null;
            act.accept(suspect);
        }
    }

    /** Those whose case is clear are parked; the batch comes again for the others. */
    private void decidePutOff(List<InboundEvent> round, BatchOffsets offsets) {
        List<InboundEvent> left = round.stream()
                .filter(item -> item.putOff != null && !parkedAsOdd(item, offsets))
                .toList();
        if (!left.isEmpty()) {
            Throwable failure = left.get(0).putOff;
            rests.waiting(failure, once.retryDelayMsMax(), offsets);
            throw new LookAgain(failure);
        }
    }

    private boolean parkedAsOdd(InboundEvent item, BatchOffsets offsets) {
        if (!putOffs.tookAnotherSince(item.id)) {
            return false;
        }
        if (!parking.allows(item.kafkaRecord, item.putOff)) {
            rests.atCap(item.putOff, once.retryDelayMsMax(), offsets);
            throw new LookAgain(item.putOff);
        }
        try {
            parking.park(item, item.putOff, transaction, offsets);
        } catch (EffectTransaction.TransactionFailed e) {
            rests.waiting(e.getCause(), once.retryDelayMs(), offsets);
            throw new LookAgain(e.getCause());
        }
        putOffs.forget(item.id);
        return true;
    }

    /** The batch comes again, with what has arrived meanwhile. */
    static final class LookAgain extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LookAgain(Throwable failure) {
            super(Causes.sentence(failure), null, false, false);
        }
    }
}
