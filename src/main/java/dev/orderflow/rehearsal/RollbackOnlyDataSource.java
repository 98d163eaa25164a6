package dev.orderflow.rehearsal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * One connection for all who ask, whose work is always rolled back. Whoever closes or commits it does nothing, and a
 * COMMIT that reaches the database is refused there: each transaction begins by breaking a deferred constraint.
 */
final class RollbackOnlyDataSource extends AbstractDataSource implements AutoCloseable {

    // Tables of this session only; they end with it.
    private static final String CONSTRAINT = """
            CREATE TEMP TABLE orderflow_allowed (n int PRIMARY KEY);
            CREATE TEMP TABLE orderflow_rehearsal (
                n int CONSTRAINT a_rehearsal_is_never_committed REFERENCES orderflow_allowed
                  DEFERRABLE INITIALLY DEFERRED)""";

    private final Connection real;
    private final Connection shown;
    private final int lockWaitMs;

    /** @param lockWaitMs how long a statement may wait for a row that a running service holds */
    RollbackOnlyDataSource(Connection real, int lockWaitMs) throws SQLException {
        this.real = real;
        this.lockWaitMs = lockWaitMs;
        this.shown = (Connection) Proxy.newProxyInstance(
                RollbackOnlyDataSource.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "close", "commit", "setAutoCommit", "abort" -> {
                            return null;
                        }
                        default -> {
                            try {
                                return method.invoke(real, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        }
                    }
                });
        real.setAutoCommit(true);
        execute(CONSTRAINT);
        real.setAutoCommit(false);
    }

    /** Ends what was begun, and begins anew. */
    void begin() throws SQLException {
        real.rollback();
        execute("INSERT INTO orderflow_rehearsal VALUES (1); SET LOCAL lock_timeout = " + lockWaitMs);
    }

    void rollback() throws SQLException {
        real.rollback();
    }

    void execute(String sql) throws SQLException {
        try (var statement = real.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public Connection getConnection() {
        return shown;
    }

    @Override
    public Connection getConnection(String user, String password) {
        return shown;
    }

    @Override
    public void close() throws SQLException {
        try {
            real.rollback();
        } finally {
            real.close();
        }
    }
}
