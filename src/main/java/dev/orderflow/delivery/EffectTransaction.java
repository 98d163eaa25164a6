package dev.orderflow.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.orderflow.delivery.DeadLetters.Cause;
import dev.orderflow.events.Event;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.support.ExchangeHelper;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** One database transaction: what is known, the steps on what is fresh, and the receipts last. */
final class EffectTransaction {

    /** What a step failed with, carried through the rollback. */
    static final class TransactionFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TransactionFailed(Throwable cause) {
            super(null, cause, false, false);
        }
    }

    private final String version;
    private final Route route;
    private final Processor steps;
    private final Receipts receipts;
    private final TransactionTemplate template;

    EffectTransaction(DataSource database, String service, String version, Route route, Processor steps) {
        this.version = version;
        this.route = route;
        this.steps = steps;
        this.receipts = new Receipts(database, service);
        this.template = new TransactionTemplate(new JdbcTransactionManager(database));
    }

    /** Fills each item's fate, and what is said of it, from its receipt or from the steps; or what the steps left of it. */
    void run(List<InboundEvent> items, Exchange batch) {
        items.forEach(item -> item.left = null);
        template.executeWithoutResult(transaction -> {
            try {
                List<InboundEvent> fresh = fresh(items);
                if (!fresh.isEmpty()) {
                    act(fresh, batch);
                    receipts.write(InboundEvent.done(fresh), false);
                }
            } catch (Exception e) {
                throw new TransactionFailed(e);
            }
        });
    }

    /** Has the steps act, and fills what they say of each item. */
    void act(List<InboundEvent> fresh, Exchange batch) throws Exception {
        List<?> left = left(steps(fresh, batch));
        noteNotDone(fresh, left);
        say(fresh, eventsLeft(fresh, left));
    }

    /** Notes, in a transaction of its own, that an event will never be acted on; its dead letter follows. */
    void park(InboundEvent item, Cause cause) {
        item.fate = InboundEvent.Fate.PARKED;
        item.said = List.of();
        item.outcome = cause.outcome();
        try {
            template.executeWithoutResult(transaction -> {
                try {
                    receipts.write(List.of(item), true);
                } catch (SQLException e) {
                    throw new TransactionFailed(e);
                }
            });
        } catch (TransactionException e) {
            throw new TransactionFailed(e);
        }
    }

    private List<InboundEvent> fresh(List<InboundEvent> items) throws SQLException {
        var known = receipts.known(items);
        List<InboundEvent> fresh = new ArrayList<>(items.size());
        for (InboundEvent item : items) {
            var receipt = known.get(item.id);
            if (receipt == null || receipt.parked() && receipt.attempt() < item.attempt) {
                item.fate = InboundEvent.Fate.DONE;
                fresh.add(item);
            } else if (receipt.parked()) {
                item.fate = InboundEvent.Fate.PARKED;
                item.outcome = receipt.outcome();
                item.said = List.of();
            } else {
                item.fate = InboundEvent.Fate.REPEAT;
                item.said = OutboundEvent.ofOutcome(receipt.outcome());
            }
        }
        return fresh;
    }

    /** Runs the steps on an exchange of their own, so that no flag or failure of an earlier try sticks. */
    private Exchange steps(List<InboundEvent> fresh, Exchange batch) throws Exception {
        List<Event> events = new ArrayList<>(fresh.size());
        Set<String> ids = new HashSet<>(fresh.size() * 2);
        for (InboundEvent item : fresh) {
            events.add(item.event);
            ids.add(item.id);
        }
        Exchange attempt = ExchangeHelper.createCopy(batch, true);
        attempt.getExchangeExtension().setUnitOfWork(batch.getUnitOfWork());
        // A transacted exchange stays on this thread, which holds the connection.
        attempt.getExchangeExtension().setTransacted(true);
        attempt.setProperty(Once.FRESH, ids);
        attempt.getMessage().removeHeaders("*");
        attempt.getMessage().setBody(events);
        steps.process(attempt);
        if (attempt.getException() != null) {
            throw attempt.getException();
        }
        requireNoneSwallowed(route, attempt);
        return attempt;
    }

    /** A failure that a handler took for itself would be committed. */
    static void requireNoneSwallowed(Route route, Exchange exchange) {
        var extension = exchange.getExchangeExtension();
        if (exchange.isRollbackOnly() || extension.isErrorHandlerHandledSet() && extension.isErrorHandlerHandled()) {
            throw new IllegalStateException("Route '%s': an error handler swallowed the failure of a step: %s"
                    .formatted(route.getRouteId(), exchange.getProperty(Exchange.EXCEPTION_CAUGHT)));
        }
    }

    private static List<?> left(Exchange attempt) {
        Object body = attempt.getMessage().getBody();
        return body instanceof List<?> list ? list : body == null ? List.of() : List.of(body);
    }

    /** Which events the steps did not act on, by what they left of them. */
    private void noteNotDone(List<InboundEvent> fresh, List<?> left) {
        Map<Event, InboundEvent> given = new IdentityHashMap<>();
        for (Object one : left) {
            if (one instanceof NotDone notDone) {
                if (given.isEmpty()) {
                    fresh.forEach(item -> given.put(item.event, item));
                }
                InboundEvent item = given.get(notDone.event());
                if (item == null) {
                    throw new IllegalStateException("Route '%s' left an event as not done that is not in its batch."
                            .formatted(route.getRouteId()));
                }
                item.left = notDone;
            }
        }
        if (fresh.stream()
                .allMatch(item -> item.left != null && item.left.cause().isEmpty())) {
            throw new IllegalStateException(
                    "Route '%s' left all %d events of its batch untried; a step must try one at least."
                            .formatted(route.getRouteId(), fresh.size()));
        }
    }

    /** The events that the steps left; those that they were given say nothing. */
    private static List<Event> eventsLeft(List<InboundEvent> fresh, List<?> left) {
        Set<Event> given = Collections.newSetFromMap(new IdentityHashMap<>());
        fresh.forEach(item -> given.add(item.event));
        List<Event> said = new ArrayList<>(left.size());
        for (Object one : left) {
            if (one instanceof Event event && !given.contains(event)) {
                said.add(event);
            }
        }
        return said;
    }

    private void say(List<InboundEvent> fresh, List<Event> events) throws JsonProcessingException {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        Map<UUID, List<OutboundEvent>> said = new HashMap<>(events.size() * 2);
        for (Event event : events) {
            var ofOrder = said.computeIfAbsent(event.orderId(), id -> new ArrayList<>(1));
            if (ofOrder.stream().anyMatch(one -> one.type().equals(event.type()))) {
                throw new IllegalStateException("Route '%s' said '%s' twice of order %s."
                        .formatted(route.getRouteId(), event.type(), event.orderId()));
            }
            ofOrder.add(OutboundEvent.of(event, now, version));
        }
        Set<UUID> heard = new HashSet<>(fresh.size() * 2);
        for (InboundEvent item : fresh) {
            heard.add(item.event.orderId());
            item.said = said.getOrDefault(item.event.orderId(), List.of());
            item.outcome = OutboundEvent.outcome(item.said);
        }
        said.keySet().removeAll(heard);
        if (!said.isEmpty()) {
            throw new IllegalStateException("Route '%s' said something of order %s, which is not in its batch."
                    .formatted(route.getRouteId(), said.keySet().iterator().next()));
        }
    }
}
