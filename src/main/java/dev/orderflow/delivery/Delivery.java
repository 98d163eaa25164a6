package dev.orderflow.delivery;

import dev.orderflow.database.SqlErrors;
import dev.orderflow.delivery.DeadLetters.Cause;
import dev.orderflow.events.UnreadableException;
import dev.orderflow.telemetry.Causes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one route's batches: reads the records, has the fresh ones acted on, parks what can never succeed, and leaves
 * the events to append as the batch's body. Its order is the promise: commit with receipts, then dead letters and
 * events acknowledged, then the offsets.
 */
final class Delivery implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private static final int STATEMENT_TIMEOUTS_MAX = 3;
    private static final int PUT_OFF_MAX = 1_000;

    private final Once once;
    private final Route route;
    private final String service;
    private final RouteVersion version;
    private final RecordReader reader;
    private final ThreadLocal<ParkingCap> cap;
    private final EffectTransaction transaction;
    private final DeliveryMeters meters;
    private final DeadLetters deadLetters;
    private final Awaited awaited;

    /** When an effect was put off first, by event; so that a batch that comes again tries the others at once. */
    private final Map<String, Long> putOffSince = new ConcurrentHashMap<>();

    /** When the other side last took one, in whatever batch and by whichever consumer of this process. */
    private volatile long tookOneAt = System.nanoTime();

    Delivery(Once once, Route route, Processor steps) {
        this.once = once;
        this.route = route;
        this.service = serviceOf(route);
        this.version = RouteVersions.of(route.getCamelContext(), service);
        this.reader = new RecordReader(service, once.hears());
        this.cap = ThreadLocal.withInitial(once::parkingCap);
        this.transaction = new EffectTransaction(once.dataSource(), service, version.name(), route, steps);
        this.meters = new DeliveryMeters(route.getCamelContext(), service);
        this.deadLetters = once.deadLetters(route.getCamelContext(), service);
        this.awaited = new Awaited(once.dataSource(), brokersOf(route));
        once.deliveries().tell(DeliveryState.of(route.getRouteId(), service, DeliveryState.JOINING, ""));
    }

    private static String brokersOf(Route route) {
        return route.getEndpoint() instanceof KafkaEndpoint kafka
                ? kafka.getConfiguration().getBrokers()
                : "";
    }

    private static String serviceOf(Route route) {
        return route.getEndpoint() instanceof KafkaEndpoint kafka
                ? kafka.getConfiguration().getGroupId()
                : route.getRouteId();
    }

    @Override
    public void process(Exchange batch) throws Exception {
        List<Exchange> records = records(batch);
        var offsets = new BatchOffsets(route, records, once.deliveries(), awaited);
        batch.getExchangeExtension().addOnCompletion(offsets);
        cap.get().seen(records.size());
        long start = System.nanoTime();
        try {
            List<InboundEvent> items = read(records, offsets);
            actOnAll(items, batch, offsets);
            batch.getMessage().setBody(events(items));
        } finally {
            offsets.resume();
        }
        meters.batch(records.size(), System.nanoTime() - start);
    }

    @SuppressWarnings("unchecked")
    private static List<Exchange> records(Exchange batch) {
        if (batch.getMessage().getBody() instanceof List<?> list && !list.isEmpty()) {
            return (List<Exchange>) list;
        }
        throw new IllegalStateException("The policy 'once' got no batch. Set batching=true on the Kafka consumer.");
    }

    /** First deliveries in the order of their offsets; a later record of the same event is its twin. */
    private List<InboundEvent> read(List<Exchange> records, BatchOffsets offsets) {
        Map<String, InboundEvent> firsts = new LinkedHashMap<>(records.size() * 2);
        for (Exchange kafkaRecord : records) {
            try {
                var reading = reader.read(kafkaRecord);
                InboundEvent item = reading.item();
                if (item == null) {
                    pass(kafkaRecord, reading.ignored());
                    continue;
                }
                InboundEvent first =
                        firsts.putIfAbsent(item.attempt == 1 ? item.id : item.id + '#' + item.attempt, item);
                if (first != null) {
                    first.twins.add(item);
                }
            } catch (UnreadableException e) {
                parkUnreadable(kafkaRecord, e, offsets);
            }
        }
        return new ArrayList<>(firsts.values());
    }

    /** What nobody of ours understands is counted, and its kind is told once. */
    private void pass(Exchange kafkaRecord, String ignored) {
        if (ignored.isEmpty()) {
            meters.skipped();
        } else {
            meters.ignored();
            once.deliveries().ignored(service, DeadLetters.place(kafkaRecord), ignored);
        }
    }

    /** Appends to {@code items} the twins that must be looked at on their own, since their first was parked. */
    private void actOnAll(List<InboundEvent> items, Exchange batch, BatchOffsets offsets) {
        List<InboundEvent> round = List.copyOf(items);
        while (!round.isEmpty()) {
            int size = once.eventsMax() > 0 ? once.eventsMax() : round.size();
            for (int from = 0; from < round.size(); from += size) {
                if (from > 0 && offsets.stopping()) {
                    // What is done is known by its receipts when the batch comes again.
                    throw new BatchOffsets.Stopping();
                }
                act(round.subList(from, Math.min(round.size(), from + size)), batch, offsets);
            }
            judge(round, batch, offsets);
            judgePutOff(round, offsets);
            List<InboundEvent> promoted = new ArrayList<>();
            for (InboundEvent item : round) {
                if (item.fate == InboundEvent.Fate.PARKED && !item.twins.isEmpty()) {
                    InboundEvent twin = item.twins.get(0);
                    twin.twins.addAll(item.twins.subList(1, item.twins.size()));
                    promoted.add(twin);
                } else {
                    meters.repeats(item.twins.size());
                }
            }
            items.addAll(promoted);
            round = promoted;
        }
    }

    /** All at once. A failure that stays halves the items until the poison stands alone; one that passes is waited out. */
    private void act(List<InboundEvent> items, Exchange batch, BatchOffsets offsets) {
        int timeouts = 0;
        for (long pause = once.retryDelayMs(); ; pause = Math.min(pause * 2, once.retryDelayMsMax())) {
            Throwable failure;
            try {
                transaction.run(items, batch);
                running();
                if (!putOffSince.isEmpty()) {
                    items.forEach(item -> putOffSince.remove(item.id));
                    if (items.stream().anyMatch(Delivery::isTaken)) {
                        tookOneAt = System.nanoTime();
                    }
                }
                settle(items, offsets);
                if (version.isOnTrial() && items.stream().anyMatch(item -> item.fate == InboundEvent.Fate.DONE)) {
                    version.proved();
                }
                return;
            } catch (EffectTransaction.TransactionFailed e) {
                failure = e.getCause();
            } catch (BatchOffsets.Stopping e) {
                throw e;
            } catch (RuntimeException e) {
                failure = e;
            }
            // Fewer at once may be quick enough. One alone is nobody's poison for that: the server may be slow as well.
            timeouts += SqlErrors.isStatementTimeout(failure) ? 1 : 0;
            if (SqlErrors.isOurFault(failure)) {
                if (version.isOnTrial()) {
                    version.failed(Causes.sentence(failure));
                }
                rest(DeliveryState.HELD, failure, pause, offsets);
            } else if (items.size() == 1 && isPutOffForLong(items.get(0), failure)) {
                items.get(0).putOff = failure;
                return;
            } else if (FailureClassifier.is(failure) && (timeouts <= STATEMENT_TIMEOUTS_MAX || items.size() == 1)) {
                rest(DeliveryState.WAITING, failure, pause, offsets);
            } else if (items.size() > 1) {
                int half = items.size() / 2;
                act(items.subList(0, half), batch, offsets);
                act(items.subList(half, items.size()), batch, offsets);
                return;
            } else if (version.mayFail(items.get(0).event.orderId())
                    && !RecordReader.isRedrivenFor(service, items.get(0).kafkaRecord)) {
                items.get(0).suspicion = failure;
                return;
            } else if (!mayPark(items.get(0).kafkaRecord, Cause.of(service, failure))) {
                restAtCap(failure, pause, offsets);
            } else {
                try {
                    park(items.get(0), failure, offsets);
                    return;
                } catch (EffectTransaction.TransactionFailed e) {
                    rest(DeliveryState.WAITING, e.getCause(), pause, offsets);
                }
            }
        }
    }

    /** Whether an effect has been put off for so long that others are tried before it is tried again. */
    private boolean isPutOffForLong(InboundEvent item, Throwable failure) {
        if (!FailureClassifier.isPutOff(failure)) {
            return false;
        }
        if (putOffSince.size() >= PUT_OFF_MAX) {
            // Left by batches that went to another process.
            putOffSince.clear();
        }
        long since = putOffSince.computeIfAbsent(item.id, id -> System.nanoTime());
        return System.nanoTime() - since >= TimeUnit.MILLISECONDS.toNanos(once.putOffMs());
    }

    private static boolean isTaken(InboundEvent item) {
        return item.fate == InboundEvent.Fate.DONE
                && item.said.stream().allMatch(said -> FailureClassifier.isTaken(said.type()));
    }

    /** When the other side has taken another one since, it is about these; when it took none, it is about all. */
    private void judgePutOff(List<InboundEvent> round, BatchOffsets offsets) {
        List<InboundEvent> putOff =
                round.stream().filter(item -> item.putOff != null).toList();
        if (putOff.isEmpty()) {
            return;
        }
        List<InboundEvent> odd = putOff.stream().filter(this::tookAnotherSince).toList();
        for (InboundEvent item : odd) {
            if (!mayPark(item.kafkaRecord, Cause.of(service, item.putOff))) {
                restAtCap(item.putOff, once.retryDelayMsMax(), offsets);
                throw new LookAgain(item.putOff);
            }
            try {
                park(item, item.putOff, offsets);
            } catch (EffectTransaction.TransactionFailed e) {
                rest(DeliveryState.WAITING, e.getCause(), once.retryDelayMs(), offsets);
                throw new LookAgain(e.getCause());
            }
            putOffSince.remove(item.id);
        }
        if (odd.size() < putOff.size()) {
            Throwable failure = putOff.get(0).putOff;
            rest(DeliveryState.WAITING, failure, once.retryDelayMsMax(), offsets);
            throw new LookAgain(failure);
        }
    }

    private boolean tookAnotherSince(InboundEvent item) {
        Long since = putOffSince.get(item.id);
        return since != null && tookOneAt - since > 0;
    }

    /**
     * Orders that failed while the version had done none: when it has done another one by now, they are poison; two that
     * fail are the version's fault; one alone waits for the next orders, as long as patience lasts. A first version that
     * failed is tried again and again, since what it needs may come, and with each new order.
     */
    private void judge(List<InboundEvent> round, Exchange batch, BatchOffsets offsets) {
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
            rest(DeliveryState.HELD, failure, held ? once.retryDelayMsMax() : once.retryDelayMs(), offsets);
            if (held || version.failure().isEmpty()) {
                throw new LookAgain(failure);
            }
        }
        version.goOn(suspects.get(0).event.orderId());
        for (InboundEvent suspect : suspects) {
            suspect.suspicion = null;
            act(List.of(suspect), batch, offsets);
        }
    }

    /** The batch comes again, with what has arrived meanwhile. */
    private static final class LookAgain extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LookAgain(Throwable failure) {
            super(Causes.sentence(failure), null, false, false);
        }
    }

    /** What was parked before this delivery appends its dead letter again: nobody knows whether it was acknowledged. */
    private void settle(List<InboundEvent> items, BatchOffsets offsets) {
        for (InboundEvent item : items) {
            switch (item.fate) {
                case DONE -> meters.done();
                case REPEAT -> meters.repeats(1);
                case PARKED -> append(item.kafkaRecord, item.id, item.attempt, Cause.ofOutcome(item.outcome), offsets);
            }
        }
    }

    /** The decision is kept before the dead letter is appended, so that a crash between them cannot end in an effect. */
    private void park(InboundEvent item, Throwable failure, BatchOffsets offsets) {
        Cause cause = Cause.of(service, failure);
        transaction.park(item, cause);
        LOG.debug("{}: the failure behind dead letter {}", service, item.id, failure);
        parked(item.kafkaRecord, item.id, item.attempt, cause, offsets);
        LOG.warn("order {}: {} parked by {}: {}", item.event.orderId(), item.event.type(), service, cause.message());
    }

    private void parkUnreadable(Exchange kafkaRecord, UnreadableException failure, BatchOffsets offsets) {
        Cause cause = Cause.of(service, failure);
        for (long pause = once.retryDelayMs(); !mayPark(kafkaRecord, cause); pause = longer(pause)) {
            restAtCap(failure, pause, offsets);
        }
        parked(
                kafkaRecord,
                DeadLetters.unreadableId(kafkaRecord),
                RecordReader.attempt(RecordHeaders.of(kafkaRecord)),
                cause,
                offsets);
        LOG.warn("record {}: parked by {}: {}", DeadLetters.place(kafkaRecord), service, cause.message());
    }

    /** What was parked before may be parked again: a redrive of many whose cause was not mended must not hold the route. */
    private boolean mayPark(Exchange kafkaRecord, Cause cause) {
        return RecordReader.isRedrivenFor(service, kafkaRecord)
                || cap.get().allows(cause.fingerprint())
                || once.deliveries().directives(once.dataSource()).allows(service, cause.fingerprint());
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
                running();
                return;
            } catch (RuntimeException e) {
                rest(FailureClassifier.is(e) ? DeliveryState.WAITING : DeliveryState.HELD, e, pause, offsets);
            }
        }
    }

    private void rest(String state, Throwable cause, long ms, BatchOffsets offsets) {
        boolean waits = state.equals(DeliveryState.WAITING);
        String sentence = waits ? awaited.sentence(cause) : Causes.sentence(cause);
        rest(
                state,
                sentence,
                waits ? awaited.whom(cause) : Cause.of(service, cause).fingerprint(),
                ms,
                offsets);
    }

    /** That it is the cap, and how to let it go on. */
    private void restAtCap(Throwable failure, long ms, BatchOffsets offsets) {
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

    private long longer(long pause) {
        return Math.min(pause * 2, once.retryDelayMsMax());
    }

    private void running() {
        once.deliveries().running(route.getRouteId());
    }

    /** In the order of the items, each event once. */
    private List<Message> events(List<InboundEvent> items) {
        List<Message> events = new ArrayList<>(items.size());
        Set<String> ids = new HashSet<>(items.size() * 2);
        for (InboundEvent item : items) {
            for (OutboundEvent said : item.said) {
                String id = item.event.orderId() + "/" + said.type();
                if (ids.add(id)) {
                    events.add(said.message(id, item, service, version, route.getCamelContext()));
                }
            }
        }
        return events;
    }
}
