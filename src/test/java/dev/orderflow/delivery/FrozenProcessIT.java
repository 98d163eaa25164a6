package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.database.Database;
import dev.orderflow.settings.Settings;
import dev.orderflow.testing.Embedded;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is left locked by a process that froze inside a transaction: SIGSTOP, a lost node, a network that swallows all. */
class FrozenProcessIT {

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS)
    void holdsItsLocksNoLongerThanATransactionMayWait() throws SQLException {
        // Given
        try (var database = new Database()) {
            database.setUrl(Embedded.shared().newDatabase());
            database.setUsername(Embedded.shared().user());
            database.setPassword(Embedded.shared().password());
            database.setTransactionIdleMs(1_000);
            database.start();
            try (var frozen = database.getConnection();
                    var other = database.getConnection()) {
                execute(other, "INSERT INTO inventory.stock(sku, on_hand) VALUES ('A', 10)");
                frozen.setAutoCommit(false);
                execute(frozen, "UPDATE inventory.stock SET reserved = 1");

                // When
                execute(other, "UPDATE inventory.stock SET reserved = 2");

                // Then
                assertThatThrownBy(() -> execute(frozen, "SELECT 1"))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                ended -> assertThat(FailureClassifier.is(ended)).isTrue());
            }
        }
    }

    @Test
    void mayWaitAMinuteWhereNothingElseIsSet() {
        assertThat(Settings.load().number("database.transactionIdleMs")).isEqualTo(60_000);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
