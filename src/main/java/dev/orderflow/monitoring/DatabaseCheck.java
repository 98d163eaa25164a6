package dev.orderflow.monitoring;

import dev.orderflow.database.Database;
import dev.orderflow.database.Migrations;
import dev.orderflow.telemetry.OutageLog;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the database answers, takes writes and has every migration that this build knows, and who holds its locks. */
final class DatabaseCheck implements BackgroundCheck.Look {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseCheck.class);

    /** Between two tries of a wait for a lock nobody waits. */
    private static final Duration LOCK_SEEN = Duration.ofSeconds(8);

    // Our own sessions wait for each other for a moment. What another role's session runs is not shown to everybody;
    // its process id and application are.
    private static final String LOCK = """
            SELECT extract(epoch FROM waits.since)::bigint, holder.pid, holder.usename, holder.application_name,
                   coalesce(extract(epoch FROM clock_timestamp() - holder.xact_start)::bigint, -1)
              FROM (SELECT clock_timestamp() - query_start AS since, unnest(pg_blocking_pids(pid)) AS by
                      FROM pg_stat_activity
                     WHERE application_name = ? AND datname = current_database() AND wait_event_type = 'Lock') waits
              JOIN pg_stat_activity holder ON holder.pid = waits.by
             WHERE waits.since > CASE holder.application_name WHEN ? THEN interval '5 seconds' ELSE interval '0.3 seconds' END
             ORDER BY holder.application_name = ?, waits.since DESC LIMIT 1""";

    private final Supplier<Optional<DataSource>> database;
    private final OutageLog locks = new OutageLog(LOG, "database", LOCK_SEEN, Clock.systemUTC());
    private boolean migrated;
    private volatile String lock = "";
    private volatile Instant lockSeen = Instant.EPOCH;

    /** @param database asked at each look, since a bean of YAML comes with the routes; empty where none is used */
    DatabaseCheck(Supplier<Optional<DataSource>> database) {
        this.database = database;
    }

    /** Who keeps services waiting with a lock, told as long as it lasts. */
    Optional<String> notice() {
        return lock.isEmpty() ? Optional.empty() : Optional.of(lock);
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
            if (isReadOnly(connection)) {
                return Optional.of(
                        "the database takes no writes: its sessions are read-only, as those of a standby are. Look at database.url, and at default_transaction_read_only");
            }
            lookForLocks(connection);
        }
        // A schema does not lose a migration, so that one full look is enough.
        if (!migrated) {
            String missing = Migrations.missing(database);
            migrated = missing.isEmpty();
            return migrated ? Optional.empty() : Optional.of("database is not migrated: it lacks " + missing);
        }
        return Optional.empty();
    }

    private static boolean isReadOnly(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SHOW transaction_read_only")) {
            return row.next() && row.getString(1).equals("on");
        }
    }

    private void lookForLocks(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement(LOCK)) {
            statement.setString(1, Database.APPLICATION);
            statement.setString(2, Database.APPLICATION);
            statement.setString(3, Database.APPLICATION);
            try (var row = statement.executeQuery()) {
                if (row.next()) {
                    lockSeen = Instant.now();
                    lock =
                            "a session of ours waits for a lock that PostgreSQL's process %d holds (user %s, application '%s'%s); end its transaction, or: SELECT pg_terminate_backend(%1$d)"
                                    .formatted(
                                            row.getInt(2),
                                            row.getString(3),
                                            row.getString(4),
                                            row.getLong(5) < 0
                                                    ? ""
                                                    : ", in its transaction for %d s".formatted(row.getLong(5)));
                    locks.fails(Integer.toString(row.getInt(2)), lock);
                } else if (Instant.now().isAfter(lockSeen.plus(LOCK_SEEN))) {
                    lock = "";
                    locks.works();
                }
            }
        }
    }
}
