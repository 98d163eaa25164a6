package dev.orderflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
                        "Setting 'orders.partitions' must be a whole number from 1 to 100, but is 'many'. Set it, or ORDERS_PARTITIONS in the environment.");
    }

    @Test
    void refusesANumberBeyondItsLimits() {
        var settings = Settings.load(Map.of("ORDERS_PARTITIONS", "0"), new Properties());

        assertThatThrownBy(() -> settings.number("orders.partitions")).hasMessageContaining("but is '0'");
    }

    @Test
    void refusesAFlagThatIsNeitherTrueNorFalse() {
        var settings = Settings.load(Map.of("DATABASE_MIGRATE", "yes"), new Properties());

        assertThatThrownBy(() -> settings.flag("database.migrate"))
                .hasMessage("Setting 'database.migrate' must be true or false, but is 'yes'.");
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
