package dev.orderflow.rehearsal;

import dev.orderflow.check.Aside;
import dev.orderflow.check.Refused;
import dev.orderflow.check.RouteFile;
import dev.orderflow.check.Tree;
import dev.orderflow.delivery.Rehearsal;
import dev.orderflow.delivery.TakesBack;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One version of a service in a context of its own, with the real database on a connection that is always rolled back,
 * and with stands in the place of all else.
 */
final class Play implements AutoCloseable {

    private static final int TRIES = 3;

    private final RouteFile file;
    private final Undone database;
    private final Outgoing outgoing = new Outgoing();
    private final Aside aside;
    private final Rehearsal rehearsal;
    private Optional<Rows> rows = Optional.empty();

    /** @throws Refused when its beans or routes cannot be made */
    Play(RouteFile file, List<RouteFile> shared, Properties settings, Undone database) throws Exception {
        this.file = file;
        this.database = database;
        this.aside = new Aside(
                settings,
                shared,
                true,
                context -> context.getCamelContextExtension().registerEndpointCallback(outgoing));
        try {
            // The registry keeps a bean of each class under one name.
            aside.context().getRegistry().unbind("database");
            aside.context().getRegistry().bind("database", database);
            rehearsal = Rehearsal.in(aside.context(), file.service(), database);
            aside.build(file, Tree.of(file));
        } catch (Exception e) {
            aside.close();
            throw e;
        }
    }

    /** Whether no route of the file acts on orders. */
    boolean isEmpty() {
        return rehearsal.isEmpty();
    }

    Optional<String> eventId(ConsumerRecord<String, byte[]> kafkaRecord) {
        return rehearsal.eventId(kafkaRecord);
    }

    /** What stands in the tables for the order now. */
    Map<String, List<String>> rows(UUID order) throws SQLException {
        begin();
        return rows().read(connection(), order);
    }

    /**
     * Takes the order out of the tables, acts on its records, looks, and rolls back.
     *
     * @param at when each event was acted on before, by its id
     * @throws SQLException when the database is away or a running service holds a row for too long
     * @throws Failed when the version cannot act on the order
     */
    Outcome outcome(UUID order, List<ConsumerRecord<String, byte[]>> records, Map<String, Instant> at)
            throws SQLException {
        for (int tried = 1; ; tried++) {
            try {
                return tryOutcome(order, records, at);
            } catch (Exception e) {
                if (!Rehearsal.isOutage(e)) {
                    throw new Failed(Rehearsal.sentence(e));
                }
                if (tried == TRIES) {
                    throw new SQLException(Rehearsal.sentence(e), e);
                }
            } finally {
                database.rollback();
            }
        }
    }

    private Outcome tryOutcome(UUID order, List<ConsumerRecord<String, byte[]>> records, Map<String, Instant> at)
            throws Exception {
        begin();
        outgoing.taken();
        for (TakesBack bean : aside.context().getRegistry().findByType(TakesBack.class)) {
            bean.takeBack(order);
        }
        rows().delete(connection(), order);
        var said = rehearsal.play(records, at);
        return Outcome.of(said, rows().read(connection(), order), outgoing.taken());
    }

    private void begin() throws SQLException {
        database.begin();
        if (!file.sql().isBlank()) {
            database.execute(file.sql());
        }
    }

    private Rows rows() throws SQLException {
        if (rows.isEmpty()) {
            rows = Optional.of(Rows.of(connection(), file.service()));
        }
        return rows.get();
    }

    private Connection connection() {
        return database.getConnection();
    }

    @Override
    public void close() {
        aside.close();
    }

    /** The version's own fault. */
    static final class Failed extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Failed(String sentence) {
            super(sentence, null, false, false);
        }
    }
}
