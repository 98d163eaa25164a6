package dev.orderflow.rehearsal;

import dev.orderflow.check.RouteFile;
import dev.orderflow.check.RouteFileRefused;
import dev.orderflow.check.SandboxContext;
import dev.orderflow.check.YamlTree;
import dev.orderflow.delivery.Compensates;
import dev.orderflow.delivery.RehearsalDelivery;
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
final class RehearsalRun implements AutoCloseable {

    private static final int TRIES = 3;

    private final RouteFile file;
    private final RollbackOnlyDataSource database;
    private final RecordingEndpoints outgoing = new RecordingEndpoints();
    private final SandboxContext aside;
    private final RehearsalDelivery rehearsal;
    private Optional<OrderRows> rows = Optional.empty();

    /** @throws RouteFileRefused when its beans or routes cannot be made */
    RehearsalRun(RouteFile file, List<RouteFile> shared, Properties settings, RollbackOnlyDataSource database)
            throws Exception {
        this.file = file;
        this.database = database;
        this.aside = new SandboxContext(
                settings,
                shared,
                true,
                context -> context.getCamelContextExtension().registerEndpointCallback(outgoing));
        try {
            // The registry keeps a bean of each class under one name.
            aside.context().getRegistry().unbind("database");
            aside.context().getRegistry().bind("database", database);
            rehearsal = RehearsalDelivery.in(aside.context(), file.service(), database);
            aside.build(file, YamlTree.of(file));
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
     * @throws OrderFailed when the version cannot act on the order
     */
    RehearsalOutcome outcome(UUID order, List<ConsumerRecord<String, byte[]>> records, Map<String, Instant> at)
            throws SQLException {
        for (int tried = 1; ; tried++) {
            try {
                return tryOutcome(order, records, at);
            } catch (Exception e) {
                if (!RehearsalDelivery.isOutage(e)) {
                    throw new OrderFailed(RehearsalDelivery.sentence(e));
                }
                if (tried == TRIES) {
                    throw new SQLException(RehearsalDelivery.sentence(e), e);
                }
            } finally {
                database.rollback();
            }
        }
    }

    private RehearsalOutcome tryOutcome(
            UUID order, List<ConsumerRecord<String, byte[]>> records, Map<String, Instant> at) throws Exception {
        begin();
        outgoing.taken();
        for (Compensates bean : aside.context().getRegistry().findByType(Compensates.class)) {
            bean.takeBack(order);
        }
        rows().delete(connection(), order);
        var said = rehearsal.play(records, at);
        return RehearsalOutcome.of(said, rows().read(connection(), order), outgoing.taken());
    }

    private void begin() throws SQLException {
        database.begin();
        if (!file.sql().isBlank()) {
            database.execute(file.sql());
        }
    }

    private OrderRows rows() throws SQLException {
        if (rows.isEmpty()) {
            rows = Optional.of(OrderRows.of(connection(), file.service()));
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
    static final class OrderFailed extends RuntimeException {

        private static final long serialVersionUID = 1L;

        OrderFailed(String sentence) {
            super(sentence, null, false, false);
        }
    }
}
