package dev.orderflow.delivery;

import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.spi.IdempotentRepository;

/**
 * Camel's {@code idempotentConsumer} over the receipts of the transaction that it stands in: the first {@code add} of
 * an event that {@link Once} found fresh wins, all else is a repeat. Commit confirms and rollback removes, so this
 * keeps nothing itself.
 */
public class ClaimedReceipts implements IdempotentRepository {

    @Override
    public boolean add(Exchange exchange, String eventId) {
        return fresh(exchange).remove(eventId);
    }

    @Override
    public boolean contains(Exchange exchange, String eventId) {
        return !fresh(exchange).contains(eventId);
    }

    @Override
    public boolean remove(Exchange exchange, String eventId) {
        return true;
    }

    @Override
    public boolean confirm(Exchange exchange, String eventId) {
        return true;
    }

    @SuppressWarnings("unchecked")
    private static Set<String> fresh(Exchange exchange) {
        Set<String> fresh = exchange.getProperty(Once.FRESH, Set.class);
        if (fresh == null) {
            throw new IllegalStateException(
                    "The idempotentConsumer over 'receipts' stands outside of the policy 'once'. Move it inside.");
        }
        return fresh;
    }

    @Override
    public boolean add(String eventId) {
        throw outside();
    }

    @Override
    public boolean contains(String eventId) {
        throw outside();
    }

    @Override
    public boolean remove(String eventId) {
        throw outside();
    }

    @Override
    public boolean confirm(String eventId) {
        throw outside();
    }

    private static UnsupportedOperationException outside() {
        return new UnsupportedOperationException("Receipts are known only to an exchange inside the policy 'once'.");
    }

    @Override
    public void clear() {
        throw new UnsupportedOperationException("Receipts are removed by their retention only.");
    }

    @Override
    public void start() {
        // nothing to start: the transaction is the repository
    }

    @Override
    public void stop() {
        // nothing to stop
    }
}
