package dev.orderflow.database;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * Throws connections away whose server takes no writes: after a failover the pool still has those to the old primary,
 * and each would fail for as long as it lives.
 */
final class ReadOnlySessions implements SQLExceptionOverride {

    private final HikariDataSource pool;

    ReadOnlySessions(HikariDataSource pool) {
        this.pool = pool;
    }

    /** The others of the pool are of the same server: each of them would cost a batch its next try. */
    @java.lang.Override
    public Override adjudicate(SQLException failure) {
        if (!SqlErrors.READ_ONLY.equals(failure.getSQLState())) {
            return Override.CONTINUE_EVICT;
        }
        var connections = pool.getHikariPoolMXBean();
        if (connections != null) {
            connections.softEvictConnections();
        }
        return Override.MUST_EVICT;
    }
}
