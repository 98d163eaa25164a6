package dev.orderflow.delivery;

import com.zaxxer.hikari.HikariDataSource;
import dev.orderflow.database.Database;
import dev.orderflow.telemetry.Causes;
import java.nio.file.FileSystemException;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.apache.camel.component.file.GenericFileOperationFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/** Whom an outage is an outage of: "Connection refused" alone does not say by whom. */
public final class Awaited {

    private static final int CAUSES_MAX = 20;

    private final String database;
    private final String brokers;

    /** @param brokers their bootstrap addresses */
    public Awaited(DataSource database, String brokers) {
        this.database = ("the database "
                        + (database instanceof HikariDataSource pool ? Database.address(pool.getJdbcUrl()) : ""))
                .strip();
        this.brokers = "the brokers " + brokers;
    }

    /** Such as {@code the database db:5432}; empty where nobody can tell. */
    String whom(Throwable failure) {
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth < CAUSES_MAX; cause = cause.getCause(), depth++) {
            if (cause instanceof SQLException) {
                return database;
            }
            if (cause instanceof KafkaException) {
                return brokers;
            }
            String whom = FailureClassifier.whom(cause);
            if (!whom.isEmpty()) {
                return whom;
            }
            if (cause instanceof FileSystemException || cause instanceof GenericFileOperationFailedException) {
                return "the file system";
            }
        }
        return "";
    }

    /** Whom and why, in one line: {@code the database db:5432: Connection refused}. */
    public String sentence(Throwable failure) {
        if (Causes.root(failure) instanceof TopicAuthorizationException refused) {
            return "its user may not write to topic %s: grant it Write and Describe there"
                    .formatted(String.join(", ", refused.unauthorizedTopics()));
        }
        if (Causes.root(failure) instanceof GroupAuthorizationException refused) {
            return "its user may not use consumer group %s: grant it Read there".formatted(refused.groupId());
        }
        String whom = whom(failure);
        String why = Causes.sentence(failure);
        return whom.isEmpty() ? why : whom + ": " + why;
    }
}
