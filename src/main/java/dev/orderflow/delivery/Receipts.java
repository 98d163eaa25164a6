package dev.orderflow.delivery;

import dev.orderflow.events.Event;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * The idempotent receiver: one row for each service and event, written in the transaction of the effect, with what the
 * service said. It is read first and written last, so that a race ends in a rollback and not in a second effect.
 */
final class Receipts {

    private static final String UNIQUE_VIOLATION = "23505";

    private static final String KNOWN = """
            SELECT r.order_id, r.event, r.parked, r.attempt, r.outcome
              FROM delivery.receipts r
             WHERE r.service = ? AND r.order_id = ANY(?)""";

    private static final String INSERT = """
            INSERT INTO delivery.receipts(service, order_id, event, parked, attempt, outcome)
            SELECT ?, v.* FROM unnest(?::uuid[], ?::text[], ?::bool[], ?::int2[], ?::text[]) v""";

    /** Only a later try of a parked event may take its receipt over. */
    private static final String TAKE_OVER = """

            ON CONFLICT (service, order_id, event) DO UPDATE
               SET parked = excluded.parked, attempt = excluded.attempt, outcome = excluded.outcome, at = now()
             WHERE delivery.receipts.parked AND delivery.receipts.attempt < excluded.attempt""";

    /** @param outcome what was said, or the cause of the parking; empty for nothing */
    record Receipt(boolean parked, int attempt, String outcome) {}

    private final DataSource database;
    private final String service;

    Receipts(DataSource database, String service) {
        this.database = database;
        this.service = service;
    }

    /** What is known of these items' events, by event id. */
    Map<String, Receipt> known(List<InboundEvent> items) throws SQLException {
        Connection connection = DataSourceUtils.getConnection(database);
        try (PreparedStatement select = connection.prepareStatement(KNOWN)) {
            select.setString(1, service);
            select.setArray(2, connection.createArrayOf("uuid", orderIds(items)));
            Map<String, Receipt> known = new HashMap<>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    String id = new Event(rows.getObject(1, UUID.class), rows.getString(2), null, null).id();
                    String outcome = rows.getString(5);
                    known.put(id, new Receipt(rows.getBoolean(3), rows.getInt(4), outcome == null ? "" : outcome));
                }
            }
            return known;
        } finally {
            DataSourceUtils.releaseConnection(connection, database);
        }
    }

    /**
     * Writes the receipts of these items with their outcomes.
     *
     * @throws SQLTransientException when another consumer wrote one of them meanwhile; after a rollback it is known
     */
    void write(List<InboundEvent> items, boolean parked) throws SQLException {
        Connection connection = DataSourceUtils.getConnection(database);
        boolean takeOver = items.stream().anyMatch(item -> item.attempt > 1);
        try (PreparedStatement insert = connection.prepareStatement(takeOver ? INSERT + TAKE_OVER : INSERT)) {
            int count = items.size();
            var events = new String[count];
            var parkings = new Boolean[count];
            var attempts = new Short[count];
            var outcomes = new String[count];
            for (int i = 0; i < count; i++) {
                InboundEvent item = items.get(i);
                events[i] = item.event.type();
                parkings[i] = parked;
                attempts[i] = (short) item.attempt;
                outcomes[i] = item.outcome.isEmpty() ? null : item.outcome;
            }
            insert.setString(1, service);
            insert.setArray(2, connection.createArrayOf("uuid", orderIds(items)));
            insert.setArray(3, connection.createArrayOf("text", events));
            insert.setArray(4, connection.createArrayOf("bool", parkings));
            insert.setArray(5, connection.createArrayOf("int2", attempts));
            insert.setArray(6, connection.createArrayOf("text", outcomes));
            if (insert.executeUpdate() != count) {
                throw race(null);
            }
        } catch (SQLException e) {
            throw UNIQUE_VIOLATION.equals(e.getSQLState()) ? race(e) : e;
        } finally {
            DataSourceUtils.releaseConnection(connection, database);
        }
    }

    private static SQLTransientException race(SQLException cause) {
        return new SQLTransientException(
                "another consumer acted on some of these events meanwhile; they are repeats now", "40001", cause);
    }

    private static UUID[] orderIds(List<InboundEvent> items) {
        var ids = new UUID[items.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = items.get(i).event.orderId();
        }
        return ids;
    }
}
