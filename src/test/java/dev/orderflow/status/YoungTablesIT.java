package dev.orderflow.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.database.Database;
import dev.orderflow.testing.StartedRestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Tables that were empty when they were first asked, and were never analyzed since: a new installation's first minute. */
class YoungTablesIT {

    private static final int ORDERS = 20_000;
    private static final int RUNS_BEFORE_A_PLAN_IS_KEPT = 10;

    private static final String FILL = """
            WITH orders AS (
                INSERT INTO status.orders (order_id, customer_id, placed_at, facts, body)
                SELECT gen_random_uuid(), 'c-' || n, now(), 3, '{}' FROM generate_series(1, %d) AS n RETURNING order_id)
            INSERT INTO status.timeline (order_id, event, service, at, detail)
            SELECT order_id, event, 'inventory', now(), '{}'
            FROM orders CROSS JOIN unnest(ARRAY['order-placed', 'stock-reserved']) AS event""".formatted(ORDERS);

    @Test
    void ordersAreLookedUpByTheirIdsAlone() throws Exception {
        try (Database database = StartedRestServer.database();
                Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            var states = new OrderQueries(new SingleConnectionDataSource(connection, true));
            statement.execute("ALTER TABLE status.orders SET (autovacuum_enabled = false)");
            statement.execute("ALTER TABLE status.timeline SET (autovacuum_enabled = false)");
            UUID nobody = UUID.randomUUID();
            for (int run = 0; run < RUNS_BEFORE_A_PLAN_IS_KEPT; run++) {
                assertThat(states.find(nobody)).isEmpty();
                assertThat(states.changed(List.of(nobody))).isEmpty();
            }
            statement.execute(FILL);
            Set<UUID> ids = someOrders(statement);
            long before = wholeReads(statement);

            assertThat(states.find(ids)).containsOnlyKeys(ids);
            assertThat(states.changed(ids)).containsOnlyKeys(ids);

            assertThat(wholeReads(statement)).isEqualTo(before);
        }
    }

    private static Set<UUID> someOrders(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT order_id FROM status.orders LIMIT 25")) {
            Set<UUID> ids = new HashSet<>();
            while (row.next()) {
                ids.add(row.getObject(1, UUID.class));
            }
            return ids;
        }
    }

    /** How often a table of status was read from end to end. */
    private static long wholeReads(Statement statement) throws SQLException {
        statement.execute("SELECT pg_stat_force_next_flush()");
        try (ResultSet row =
                statement.executeQuery("SELECT sum(seq_scan) FROM pg_stat_user_tables WHERE schemaname = 'status'")) {
            row.next();
            return row.getLong(1);
        }
    }
}
