package dev.orderflow.database;

import dev.orderflow.telemetry.Causes;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.internal.exception.FlywaySqlException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The schema of every service, in versions. Flyway holds a lock, so processes may start at the same time. */
public final class Migrations {

    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);
    private static final long PAUSE_MS = 500;

    private final Flyway flyway;

    Migrations(DataSource database) {
        flyway = Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(database)
                .defaultSchema("delivery")
                .table("schema_history")
                .createSchemas(true)
                .locations("classpath:db/migration")
                .load();
    }

    /** The migrations that a database lacks, comma separated; empty when it is up to date. */
    public static String missing(DataSource database) {
        return Arrays.stream(new Migrations(database).flyway.info().pending())
                .map(MigrationInfo::getScript)
                .collect(Collectors.joining(", "));
    }

    void apply(boolean migrate, long waitMs) {
        long until = System.nanoTime() + waitMs * 1_000_000;
        for (boolean told = false; ; told = true) {
            try {
                if (migrate) {
                    var result = flyway.migrate();
                    if (result.migrationsExecuted > 0) {
                        LOG.info("database: schema brought to version {}", result.targetSchemaVersion);
                    }
                } else {
                    flyway.validate();
                }
                return;
            } catch (FlywaySqlException e) {
                if (isPooler(e)) {
                    throw new IllegalStateException(
                            "The database is reached through a pooler that mixes sessions, such as PgBouncer in transaction mode: %s. Add prepareThreshold=0 to database.url (jdbc:postgresql://host:port/database?prepareThreshold=0)."
                                    .formatted(Causes.sentence(e)),
                            e);
                }
                if (!SqlErrors.isPassing(e) || System.nanoTime() > until) {
                    throw new IllegalStateException(
                            "The database cannot be used: %s. Check database.url, database.user and database.password."
                                    .formatted(Causes.sentence(e)),
                            e);
                }
                if (!told) {
                    LOG.warn("database: not there yet, trying for {} s: {}", waitMs / 1000, Causes.sentence(e));
                }
                pause();
            } catch (FlywayException e) {
                throw new IllegalStateException(
                        "The database schema is not the one that this version needs: %s".formatted(e.getMessage()), e);
            }
        }
    }

    /** A prepared statement that is not there, or is there already: of somebody else's session. */
    private static boolean isPooler(Throwable failure) {
        return Causes.root(failure) instanceof SQLException sql
                && ("26000".equals(sql.getSQLState()) || "42P05".equals(sql.getSQLState()));
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for the database.", e);
        }
    }
}
