package dev.orderflow.delivery;

import dev.orderflow.events.UnreadableException;
import dev.orderflow.telemetry.Causes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.component.kafka.KafkaEndpoint;

/**
 * Takes one route's batches: reads the records, has the fresh ones acted on, parks what can never succeed, and leaves
 * the events to append as the batch's body. Its order is the promise: commit with receipts, then dead letters and
 * events acknowledged, then the offsets.
 */
final class Delivery implements Processor {

    private final Once once;
    private final Route route;
    private final String service;
    private final RouteVersionTrial version;
    private final RecordReader reader;
    private final EffectTransaction transaction;
    private final DeliveryMeters meters;
    private final Rests rests;
    private final Parking parking;
    private final PutOffs putOffs;
    private final DeferredVerdicts deferred;

    Delivery(Once once, Route route, Processor steps) {
        this.once = once;
        this.route = route;
        this.service = serviceOf(route);
        this.version = RouteVersions.of(route.getCamelContext(), service);
        this.reader = new RecordReader(service, once.hears());
        this.transaction = new EffectTransaction(once.dataSource(), service, version.name(), route, steps);
        this.meters = new DeliveryMeters(route.getCamelContext(), service);
        this.rests = new Rests(once, route, service, meters);
        this.parking = new Parking(once, service, once.deadLetters(route.getCamelContext(), service), meters, rests);
        this.putOffs = new PutOffs(once.putOffMs(), System::nanoTime);
        this.deferred = new DeferredVerdicts(once, version, putOffs, parking, rests, transaction);
        once.deliveries().tell(DeliveryState.of(route.getRouteId(), service, DeliveryState.JOINING, ""));
    }

    private static String serviceOf(Route route) {
        return route.getEndpoint() instanceof KafkaEndpoint kafka
                ? kafka.getConfiguration().getGroupId()
                : route.getRouteId();
    }

    @Override
    public void process(Exchange batch) throws Exception {
        List<Exchange> records = records(batch);
        var offsets = new BatchOffsets(route, records, once.deliveries(), rests.awaited());
        batch.getExchangeExtension().addOnCompletion(offsets);
        parking.seen(records.size());
        long start = System.nanoTime();
        try {
            List<InboundEvent> items = read(records, offsets);
            actOnAll(items, batch, offsets);
            batch.getMessage().setBody(OutboundEvent.messages(items, service, version, route.getCamelContext()));
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
                parking.parkUnreadable(kafkaRecord, e, offsets);
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
            deferred.decide(round, suspect -> act(List.of(suspect), batch, offsets), offsets);
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

    /** All at once, again and again as {@link Triage} decides; then by themselves those that the steps left. */
    private void act(List<InboundEvent> items, Exchange batch, BatchOffsets offsets) {
        for (List<InboundEvent> untried = items; !untried.isEmpty(); ) {
            act(untried, null, batch, offsets);
            List<InboundEvent> left =
                    untried.stream().filter(item -> item.left != null).toList();
            untried = new ArrayList<>(0);
            for (InboundEvent item : left) {
                var failure = item.left.cause();
                item.left = null;
                if (failure.isPresent()) {
                    act(List.of(item), failure.get(), batch, offsets);
                } else {
                    untried.add(item);
                }
            }
            if (!untried.isEmpty() && offsets.stopping()) {
                throw new BatchOffsets.Stopping();
            }
        }
    }

    /** @param known what their last try failed with; null where there was none */
    private void act(List<InboundEvent> items, Throwable known, Exchange batch, BatchOffsets offsets) {
        var triage = new Triage();
        Throwable failure = known == null ? attempt(items, batch, offsets) : known;
        for (long pause = once.retryDelayMs();
                failure != null;
                pause = Math.min(pause * 2, once.retryDelayMsMax()), failure = attempt(items, batch, offsets)) {
            InboundEvent alone = items.get(0);
            switch (triage.of(failure, items.size(), circumstances(alone, failure))) {
                case HOLD -> {
                    if (version.isOnTrial()) {
                        version.failed(Causes.sentence(failure));
                    }
                    rests.held(failure, pause, offsets);
                }
                case PUT_OFF -> {
                    alone.putOff = failure;
                    return;
                }
                case WAIT -> rests.waiting(failure, pause, offsets);
                case HALVE -> {
                    int half = items.size() / 2;
                    act(items.subList(0, half), batch, offsets);
                    act(items.subList(half, items.size()), batch, offsets);
                    return;
                }
                case SUSPECT -> {
                    alone.suspicion = failure;
                    return;
                }
                case HOLD_AT_CAP -> rests.atCap(failure, pause, offsets);
                case PARK -> {
                    try {
                        parking.park(alone, failure, transaction, offsets);
                        return;
                    } catch (EffectTransaction.TransactionFailed e) {
                        rests.waiting(e.getCause(), pause, offsets);
                    }
                }
            }
        }
    }

    /** Null when they are done, and told, but for those that the steps left of several. */
    private Throwable attempt(List<InboundEvent> items, Exchange batch, BatchOffsets offsets) {
        Throwable failure = transact(items, batch, offsets);
        if (failure != null) {
            items.forEach(item -> item.left = null);
        }
        return failure;
    }

    private Throwable transact(List<InboundEvent> items, Exchange batch, BatchOffsets offsets) {
        try {
            transaction.run(items, batch);
            if (items.size() == 1 && items.get(0).left != null) {
                return items.get(0).left.cause().orElseThrow();
            }
            List<InboundEvent> done = InboundEvent.done(items);
            rests.running();
            putOffs.done(done);
            settle(done, offsets);
            if (version.isOnTrial() && done.stream().anyMatch(item -> item.fate == InboundEvent.Fate.DONE)) {
                version.proved();
            }
            return null;
        } catch (EffectTransaction.TransactionFailed e) {
            return e.getCause();
        } catch (BatchOffsets.Stopping e) {
            throw e;
        } catch (RuntimeException e) {
            return e;
        }
    }

    private Triage.Circumstances circumstances(InboundEvent item, Throwable failure) {
        return new Triage.Circumstances() {

            @Override
            public boolean isPutOffForLong() {
                return putOffs.isForLong(item.id);
            }

            @Override
            public boolean mayBeTheVersions() {
                return version.mayFail(item.event.orderId()) && !RecordReader.isRedrivenFor(service, item.kafkaRecord);
            }

            @Override
            public boolean mayPark() {
                return parking.allows(item.kafkaRecord, failure);
            }
        };
    }

    private void settle(List<InboundEvent> items, BatchOffsets offsets) {
        for (InboundEvent item : items) {
            switch (item.fate) {
                case DONE -> meters.done();
                case REPEAT -> meters.repeats(1);
                case PARKED -> parking.again(item, offsets);
            }
        }
    }
}
