package dev.orderflow.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MisspeltVariablesTest {

    @ParameterizedTest
    @CsvSource({
        "KAFKA_BROKER, KAFKA_BROKERS",
        "DATABASE_URI, DATABASE_URL",
        "DELIVERY_RETRY_DELAY_MS_MAX, DELIVERY_RETRYDELAYMSMAX",
        "CAMEL_COMPONENT_KAFKA_SESSION_TIMEOUT_MS, CAMEL_COMPONENT_KAFKA_SESSIONTIMEOUTMS",
        "ORDER_EVENTS_TOPICS, ORDER_EVENTS_TOPIC",
        "LOG_LEVL, LOG_LEVEL",
        "ODERFLOW_HTTP_PORT, ORDERFLOW_HTTP_PORT",
    })
    void guessesWhichOneWasMeant(String set, String meant) {
        assertThat(MisspeltVariables.in(Map.of(set, "sesame")))
                .containsExactly(
                        "%s is set, but is no setting and changes nothing; did you mean %s?".formatted(set, meant));
    }

    @Test
    void tellsOneThatIsNearToNothing() {
        assertThat(MisspeltVariables.in(Map.of("DELIVERY_SPEED", "9")))
                .containsExactly(
                        "DELIVERY_SPEED is set, but is no setting and changes nothing; application.properties has them all");
    }

    @Test
    void saysNothingOfSettings() {
        var environment = SettingLimits.rows().stream()
                .collect(java.util.stream.Collectors.toMap(row -> Settings.variable(row.key()), Setting::key));

        assertThat(MisspeltVariables.in(environment)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ORDERFLOW_SERVICE_HOST, 10.0.0.1",
        "ORDERFLOW_INTAKE_SERVICE_PORT, 8080",
        "ORDERFLOW_INTAKE_SERVICE_PORT_HTTP, 8080",
        "KAFKA_PORT, tcp://10.0.0.1:9092",
        "KAFKA_PORT_9092_TCP, tcp://10.0.0.1:9092",
        "DATABASE_PORT_5432_TCP_ADDR, 10.0.0.1",
        "DATABASE_PORT_5432_TCP_PROTO, tcp",
    })
    void passesWhatKubernetesSetsForServices(String set, String value) {
        assertThat(MisspeltVariables.in(Map.of(set, value))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "PATH, x",
        "CI_URL, x",
        "LOG_DIR, x",
        "HOME, x",
        "KUBERNETES_SERVICE_HOST, x",
        "JAVA_OPTS, x",
        "KAFKA, x"
    })
    void saysNothingOfOthers(String set, String value) {
        assertThat(MisspeltVariables.in(Map.of(set, value))).isEmpty();
    }

    @Test
    void tellsAPortThatAPersonSet() {
        assertThat(MisspeltVariables.in(Map.of("KAFKA_PORT", "9092"))).hasSize(1);
    }
}
