package dev.orderflow.operate;

import dev.orderflow.delivery.Migrations;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** Whether the database answers and has every migration that this build knows. */
final class DatabaseLook implements Watch.Look {

    private final Supplier<Optional<DataSource>> database;
    private boolean migrated;

    /** @param database asked at each look, since a bean of YAML comes with the routes; empty where none is used */
    DatabaseLook(Supplier<Optional<DataSource>> database) {
        this.database = database;
    }

    @Override
    public Optional<String> look() throws SQLException {
        Optional<DataSource> now = database.get();
        return now.isEmpty() ? Optional.empty() : look(now.get());
    }

    private Optional<String> look(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection()) {
            if (!connection.isValid(1)) {
                throw new SQLException("the connection is not valid");
            }
        }
        // A schema does not lose a migration, so that one full look is enough.
        if (!migrated) {
            String missing = Migrations.missing(database);
            migrated = missing.isEmpty();
            return migrated ? Optional.empty() : Optional.of("database is not migrated: it lacks " + missing);
        }
        return Optional.empty();
    }
}
