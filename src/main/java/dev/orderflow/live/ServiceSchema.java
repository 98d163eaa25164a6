package dev.orderflow.live;

import dev.orderflow.check.RouteFile;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** Runs the SQL file of a service, which makes what is not there yet, before its routes start. */
final class ServiceSchema {

    private final Supplier<Optional<DataSource>> database;
    private final boolean migrate;

    /** @param migrate false where another process, with more rights, brings the schema up to date */
    ServiceSchema(Supplier<Optional<DataSource>> database, boolean migrate) {
        this.database = database;
        this.migrate = migrate;
    }

    void make(RouteFile file) throws SQLException {
        if (file.sql().isBlank() || !migrate) {
            return;
        }
        DataSource pool = database.get()
                .orElseThrow(() -> new IllegalStateException(
                        "There is no bean 'database' to run %s on.".formatted(RouteFile.sqlName(file.name()))));
        try (var connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                // Several processes of a service may start at once, and CREATE ... IF NOT EXISTS does not stand that.
                statement.execute("SELECT pg_advisory_xact_lock(hashtext('orderflow-tables'))");
                statement.execute(file.sql());
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            }
        }
    }
}
