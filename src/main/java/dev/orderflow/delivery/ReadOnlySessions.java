package dev.orderflow.delivery;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * Throws connections away whose server takes no writes: after a failover the pool still has those to the old primary,
 * and each would fail for as long as it lives.
 */
final class ReadOnlySessions implements SQLExceptionOverride {

    /** SQLState {@code read_only_sql_transaction}. */
    static final String READ_ONLY = "25006";

    private final HikariDataSource pool;

    ReadOnlySessions(HikariDataSource pool) {
        this.pool = pool;
    }

    /** The others of the pool are of the same server: each of them would cost a batch its next try. */
    @java.lang.Override
    public Override adjudicate(SQLException failure) {
        if (!READ_ONLY.equals(failure.getSQLState())) {
            return Override.CONTINUE_EVICT;
        }
        var connections = pool.getHikariPoolMXBean();
        if (connections != null) {
            connections.softEvictConnections();
        }
        return Override.MUST_EVICT;
    }
}
