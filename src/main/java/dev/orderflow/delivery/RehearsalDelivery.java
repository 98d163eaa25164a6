package dev.orderflow.delivery;

import dev.orderflow.events.Event;
import dev.orderflow.events.UnreadableException;
import dev.orderflow.kafka.KafkaHeaders;
import dev.orderflow.telemetry.Causes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Plays a service's steps on events that it acted on before, as if they were fresh: no receipt is looked at or written,
 * nothing is parked, no offset is known. Whoever plays begins a transaction before and rolls it back after.
 *
 * <p>Bound in a context's registry before its routes are made, it takes the place of the delivery of each.
 */
public final class RehearsalDelivery {

    private static final String NAME = "rehearsal";

    private static final String RECEIPTS = """
            SELECT r.order_id, r.event, r.parked, r.outcome, r.at
              FROM delivery.receipts r
             WHERE r.service = ? AND r.order_id = ANY(?)""";

    /** The steps inside of one policy of the service. */
    private record Part(Route route, RecordReader reader, EffectTransaction transaction) {}

    /**
     * What was noted of one event.
     *
     * @param parked why it was parked; empty when it was not
     * @param said what the service said: the body of each event, by its type
     */
    public record KeptReceipt(Instant at, Optional<String> parked, Map<String, String> said) {}

    private final CamelContext context;
    private final String service;
    private final DataSource database;
    private final List<Part> parts = new ArrayList<>();

    private RehearsalDelivery(CamelContext context, String service, DataSource database) {
        this.context = context;
        this.service = service;
        this.database = database;
    }

    /** @param database the one that the service's beans have, on one connection */
    public static RehearsalDelivery in(CamelContext context, String service, DataSource database) {
        var rehearsal = new RehearsalDelivery(context, service, database);
        context.getRegistry().bind(NAME, rehearsal);
        return rehearsal;
    }

    /** Whether a context plays a rehearsal, of which two are compared step by step. */
    public static boolean isIn(CamelContext context) {
        return of(context).isPresent();
    }

    static Optional<RehearsalDelivery> of(CamelContext context) {
        return Optional.ofNullable(context.getRegistry().lookupByNameAndType(NAME, RehearsalDelivery.class));
    }

    Processor take(Once once, Route route, Processor steps) {
        parts.add(new Part(
                route,
                new RecordReader(service, once.hears()),
                new EffectTransaction(database, service, "", route, steps)));
        // Camel starts them; who calls is play.
        return steps;
    }

    /** Whether there is anything to play: a route with the policy {@code once}. */
    public boolean isEmpty() {
        return parts.isEmpty();
    }

    /** What the service noted of these orders, by event id. */
    public static Map<String, KeptReceipt> receipts(Connection connection, String service, Collection<UUID> orders)
            throws SQLException {
        try (var select = connection.prepareStatement(RECEIPTS)) {
            select.setString(1, service);
            select.setArray(2, connection.createArrayOf("uuid", orders.toArray()));
            Map<String, KeptReceipt> receipts = new HashMap<>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var id = new Event(rows.getObject(1, UUID.class), rows.getString(2), null, null).id();
                    String outcome = rows.getString(4) == null ? "" : rows.getString(4);
                    Instant at = rows.getObject(5, OffsetDateTime.class).toInstant();
                    receipts.put(
                            id,
                            rows.getBoolean(3)
                                    ? new KeptReceipt(
                                            at,
                                            Optional.of(DeadLetters.Cause.ofOutcome(outcome)
                                                    .message()),
                                            Map.of())
                                    : new KeptReceipt(at, Optional.empty(), bodies(OutboundEvent.ofOutcome(outcome))));
                }
            }
            return receipts;
        }
    }

    private static Map<String, String> bodies(List<OutboundEvent> said) {
        Map<String, String> bodies = new LinkedHashMap<>();
        said.forEach(one -> bodies.putIfAbsent(one.type(), one.body()));
        return bodies;
    }

    /** The id of the event that a record carries to this service; empty when it does not hear it or cannot read it. */
    public Optional<String> eventId(ConsumerRecord<String, byte[]> kafkaRecord) {
        var exchange = exchange(kafkaRecord);
        return parts.stream()
                .flatMap(part -> read(part, exchange).stream())
                .map(item -> item.id)
                .findFirst();
    }

    /**
     * Plays the records of one order, those together that were together, the earlier ones first.
     *
     * @param at when each was acted on, by event id; one that is not in it comes by itself
     * @return what the service says, the body of each event by its type
     * @throws Exception what a step failed with
     */
    public Map<String, String> play(List<ConsumerRecord<String, byte[]>> records, Map<String, Instant> at)
            throws Exception {
        Map<String, String> said = new TreeMap<>();
        for (Part part : parts) {
            for (List<InboundEvent> together : rounds(part, records, at)) {
                Exchange batch = new DefaultExchange(context);
                var work = PluginHelper.getUnitOfWorkFactory(context).createUnitOfWork(batch);
                batch.getExchangeExtension().setUnitOfWork(work);
                // A split asks whose it is.
                work.pushRoute(part.route);
                try {
                    act(part, together, batch);
                } finally {
                    work.done(batch);
                }
                together.forEach(item -> bodies(item.said).forEach(said::putIfAbsent));
            }
        }
        return said;
    }

    private static void act(Part part, List<InboundEvent> together, Exchange batch) throws Exception {
        for (List<InboundEvent> untried = together; !untried.isEmpty(); ) {
            part.transaction.act(untried, batch);
            List<InboundEvent> left = new ArrayList<>(0);
            for (InboundEvent item : untried) {
                if (item.left != null) {
                    if (item.left.cause().isPresent()) {
                        throw item.left.cause().get();
                    }
                    item.left = null;
                    left.add(item);
                }
            }
            untried = left;
        }
    }

    private List<List<InboundEvent>> rounds(
            Part part, List<ConsumerRecord<String, byte[]>> records, Map<String, Instant> at) {
        Map<String, InboundEvent> items = new LinkedHashMap<>();
        records.stream()
                .sorted(Comparator.comparing(ConsumerRecord::timestamp))
                .flatMap(kafkaRecord -> read(part, exchange(kafkaRecord)).stream())
                .forEach(item -> items.putIfAbsent(item.id, item));
        Map<String, List<InboundEvent>> rounds = new TreeMap<>();
        int n = 0;
        for (InboundEvent item : items.values()) {
            var time = at.get(item.id);
            String round = time == null
                    ? "later %03d".formatted(n++)
                    : "%019d %09d".formatted(time.getEpochSecond(), time.getNano());
            rounds.computeIfAbsent(round, r -> new ArrayList<>()).add(item);
        }
        return List.copyOf(rounds.values());
    }

    private static Optional<InboundEvent> read(Part part, Exchange kafkaRecord) {
        try {
            return Optional.ofNullable(part.reader.read(kafkaRecord).item());
        } catch (UnreadableException e) {
            return Optional.empty();
        }
    }

    private Exchange exchange(ConsumerRecord<String, byte[]> kafkaRecord) {
        var exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(kafkaRecord.value());
        exchange.getMessage().setHeader(KafkaHeaders.HEADERS, kafkaRecord.headers());
        exchange.getMessage().setHeader(KafkaHeaders.KEY, kafkaRecord.key());
        return exchange;
    }

    /** What a failure of {@link #play} says, in one line. */
    public static String sentence(Throwable failure) {
        return Causes.sentence(failure);
    }

    /** Whether a failure says nothing of the steps: the database is away, or holds a row for too long. */
    public static boolean isOutage(Throwable failure) {
        return FailureClassifier.is(failure);
    }
}
