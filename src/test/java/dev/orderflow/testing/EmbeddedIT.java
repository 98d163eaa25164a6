package dev.orderflow.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The fixture itself. */
class EmbeddedIT {

    @Test
    void appendsReadsAndCountsLag() {
        // Given
        var embedded = Embedded.shared();
        embedded.createTopics(3, "fixture");
        try (var topics = new Topics(embedded.brokers())) {

            // When
            topics.append("fixture", "a", "hello", Map.of("ce_id", "x"));

            // Then
            var records = topics.readAll("fixture");
            assertThat(records).hasSize(1);
            assertThat(Topics.text(records.get(0))).isEqualTo("hello");
            assertThat(Topics.header(records.get(0), "ce_id")).isEqualTo("x");
            assertThat(topics.lag("nobody", "fixture")).isEqualTo(1);
        }
    }

    @Test
    void givesAnEmptyDatabase() throws Exception {
        // Given
        var embedded = Embedded.shared();

        // When
        String url = embedded.newDatabase();

        // Then
        try (var pool = embedded.dataSource(url);
                var connection = pool.getConnection();
                var settings = connection.createStatement().executeQuery("SHOW synchronous_commit")) {
            settings.next();
            assertThat(settings.getString(1)).isEqualTo("on");
        }
    }
}
