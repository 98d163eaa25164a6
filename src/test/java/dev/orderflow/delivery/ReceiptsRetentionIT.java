package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.database.Database;
import dev.orderflow.testing.Embedded;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReceiptsRetentionIT {

    @Test
    void removesOnlyWhatIsOlder() throws SQLException {
        // Given
        try (var database = new Database()) {
            database.setUrl(Embedded.shared().newDatabase());
            database.setUsername(Embedded.shared().user());
            database.setPassword(Embedded.shared().password());
            database.start();
            try (var connection = database.getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("""
                        INSERT INTO delivery.receipts(service, order_id, event, at)
                        SELECT 'inventory', gen_random_uuid(), 'order-placed', now() - make_interval(hours => n % 20)
                          FROM generate_series(1, 25000) n""");

                // When
                retention(database, 10, 10).removeOld();

                // Then
                try (var rows = statement.executeQuery("SELECT count(*), max(now() - at) FROM delivery.receipts")) {
                    rows.next();
                    assertThat(rows.getLong(1)).isEqualTo(12_500);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"167, 168", "300, -1"})
    void refusesToForgetBeforeTheTopicDoes(int hours, int topicHours) {
        assertThatThrownBy(() -> retention(null, hours, topicHours).check())
                .hasMessageContaining("could outlive its receipt");
    }

    @ParameterizedTest
    @CsvSource({"168, 168", "-1, 168", "-1, -1"})
    void takesWhatIsLongEnough(int hours, int topicHours) {
        assertThatCode(() -> retention(null, hours, topicHours).check()).doesNotThrowAnyException();
    }

    private static ReceiptsRetention retention(Database database, int hours, int topicHours) {
        var retention = new ReceiptsRetention();
        retention.setDataSource(database);
        retention.setHours(hours);
        retention.setTopicHours(topicHours);
        return retention;
    }
}
