package dev.orderflow.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.kafka.KafkaClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class SettingsTest {

    @Test
    void takesTheEnvironmentOverTheFile() {
        // Given
        var environment = Map.of("KAFKA_BROKERS", " b1:9092 ", "ORDER_EVENTS_TOPIC", "facts");

        // When
        var settings = Settings.load(environment, new Properties());

        // Then
        assertThat(settings.text("kafka.brokers")).isEqualTo("b1:9092");
        assertThat(settings.text("order-events.topic")).isEqualTo("facts");
        assertThat(settings.text("orders.topic")).isEqualTo("orders");
    }

    @Test
    void takesASystemPropertyOverTheEnvironment() {
        // Given
        var system = new Properties();
        system.setProperty("kafka.brokers", "b2:9092");

        // When
        var settings = Settings.load(Map.of("KAFKA_BROKERS", "b1:9092"), system);

        // Then
        assertThat(settings.text("kafka.brokers")).isEqualTo("b2:9092");
    }

    @Test
    void tellsWhatIsWrongWithANumber() {
        // Given
        var settings = Settings.load(Map.of("ORDERS_PARTITIONS", "many"), new Properties());

        // When, Then
        assertThatThrownBy(() -> settings.number("orders.partitions"))
                .hasMessage(
                        "Setting 'orders.partitions' must be a whole number of partitions from 1 to 10000, but is 'many'. Set ORDERS_PARTITIONS.");
    }

    @Test
    void refusesAFlagThatIsNeitherTrueNorFalse() {
        var settings = Settings.load(Map.of("DATABASE_MIGRATE", "yes"), new Properties());

        assertThatThrownBy(() -> settings.flag("database.migrate"))
                .hasMessage("Setting 'database.migrate' must be true or false, but is 'yes'. Set DATABASE_MIGRATE.");
    }

    @Test
    void tellsEachFaultAtOnceAndNoSecret() {
        // Given
        var settings = Settings.load(
                Map.of(
                        "DELIVERY_CONSUMERS", "0",
                        "CAMEL_COMPONENT_KAFKA_SESSIONTIMEOUTMS", "abc",
                        "CAMEL_MAIN_SHUTDOWNTIMEOUT", "abc",
                        "LOG_LEVEL", "TRACEE",
                        "DATABASE_URL", "postgresql://shop:sesame@db/orders?password=sesame",
                        "NOTIFICATION_SMTP", "mail.example.com?password=sesame",
                        "DOOR_TOKENS", "shop:orders:sesame",
                        "ORDERS_RETENTIONHOURS", "-1"),
                new Properties());

        // When, Then
        assertThatThrownBy(settings::judged)
                .isInstanceOf(CannotStart.class)
                .hasMessageStartingWith("8 settings are wrong.")
                .hasMessageContaining(
                        "'delivery.consumers' must be a whole number of consumers from 1 to 1000, but is '0'")
                // It is the value of delivery.consumers, where it is told.
                .hasMessageNotContaining("camel.component.kafka.consumersCount")
                .hasMessageContaining("'camel.component.kafka.sessionTimeoutMs' must be a whole number of milliseconds")
                .hasMessageContaining("'camel.main.shutdownTimeout' must be a whole number of seconds")
                .hasMessageContaining(
                        "'log.level' must be OFF, ERROR, WARN, INFO, DEBUG or TRACE, but is 'TRACEE'. Set LOG_LEVEL.")
                .hasMessageContaining(
                        "'database.url' must be jdbc:postgresql://host:port/database, or empty, but is 'postgresql://shop:***@db/orders?password=***'")
                .hasMessageContaining(
                        "'notification.smtp' must be smtp://host:port or smtps://host:port, but its value, which is a secret, is not")
                .hasMessageContaining("An entry of door.tokens must be")
                .hasMessageContaining(
                        "'delivery.receipts.retentionHours' is 336, but must not be shorter than orders.retentionHours, which is -1")
                .hasMessageNotContaining("sesame");
    }

    @Test
    void takesForeverWhereTheReceiptsAreKeptForeverToo() {
        var environment = Map.of("ORDERS_RETENTIONHOURS", "-1", "DELIVERY_RECEIPTS_RETENTIONHOURS", "-1");

        var settings = Settings.load(environment, new Properties()).judged();

        assertThat(settings.number("orders.retentionHours")).isEqualTo(-1);
    }

    @Test
    void judgesWhatAnotherSettingIs() {
        var settings = Settings.load(Map.of("CAMEL_COMPONENT_KAFKA_MAXPOLLRECORDS", "0"), new Properties());

        assertThatThrownBy(settings::judged).hasMessageContaining("'camel.component.kafka.maxPollRecords' must be");
    }

    @Test
    void refusesTimesThatDoNotFitTogether() {
        for (var pair : List.of(
                Map.of("INTAKE_ACKTIMEOUTMS", "60000"),
                Map.of("CAMEL_COMPONENT_KAFKA_HEARTBEATINTERVALMS", "10000"),
                Map.of("DOOR_IDLETIMEOUTMS", "20000"),
                Map.of("OPERATE_LOOKMS", "5000"))) {
            assertThatThrownBy(() -> Settings.load(pair, new Properties()).judged())
                    .hasMessageContaining("but must be below");
        }
        assertThatThrownBy(() -> Settings.load(Map.of("REDRIVE_KEPTHOURS", "719"), new Properties())
                        .judged())
                .hasMessageContaining(
                        "'redrive.keptHours' is 719, but must not be shorter than orders-dlt.retentionHours");
    }

    @Test
    void leavesTheOriginalAloneWhenACopyDiffers() {
        // Given
        var settings = Settings.load(Map.of(), new Properties());

        // When
        var copy = settings.with("kafka.brokers", "b3:9092");

        // Then
        assertThat(copy.text("kafka.brokers")).isEqualTo("b3:9092");
        assertThat(settings.isSet("kafka.brokers")).isFalse();
    }

    @Test
    void passesKafkaSecurityToEveryClient() {
        // Given
        var settings = Settings.load(
                Map.of(
                        "KAFKA_BROKERS",
                        "b1:9093",
                        "KAFKA_SECURITY_PROTOCOL",
                        "SASL_SSL",
                        "KAFKA_SASL_MECHANISM",
                        "SCRAM-SHA-512"),
                new Properties());

        // When
        var properties = KafkaClients.properties(settings);

        // Then
        assertThat(properties)
                .containsOnly(
                        Map.entry("bootstrap.servers", "b1:9093"),
                        Map.entry("security.protocol", "SASL_SSL"),
                        Map.entry("sasl.mechanism", "SCRAM-SHA-512"));
        assertThat(KafkaClients.camel(settings))
                .containsEntry("camel.component.kafka.securityProtocol", "SASL_SSL")
                .hasSize(2);
    }

    @Test
    void saysOfEverySettingWhatItDoes() throws IOException {
        // Given
        List<String> lines = Files.readAllLines(Path.of("src/main/resources/application.properties"));

        // When
        var silent = lines.stream()
                .filter(line -> line.contains("=") && !line.startsWith("#") && !line.startsWith("camel."))
                .filter(line -> !hasSentence(lines, lines.indexOf(line)))
                .toList();

        // Then
        assertThat(silent).isEmpty();
    }

    /** A sentence stands above a setting or above the block of settings that it begins. */
    private static boolean hasSentence(List<String> lines, int setting) {
        int above = setting - 1;
        while (above >= 0 && lines.get(above).contains("=") && !lines.get(above).startsWith("#")) {
            above--;
        }
        return above >= 0 && lines.get(above).startsWith("# ");
    }
}
