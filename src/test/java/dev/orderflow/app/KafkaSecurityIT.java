package dev.orderflow.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.orderflow.settings.CannotStart;
import dev.orderflow.testing.CapturedLog;
import dev.orderflow.testing.Embedded;
import dev.orderflow.testing.RunningApp;
import dev.orderflow.testing.SecureBroker;
import dev.orderflow.testing.Topics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Brokers that speak TLS and ask for a password: the settings reach every client, and no secret reaches a log. */
class KafkaSecurityIT {

    private static final String PASSWORD = "br0ker-secret";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    static Path folder;

    private SecureBroker broker;
    private CapturedLog log;

    @BeforeEach
    void open() throws Exception {
        broker = new SecureBroker(folder.resolve("broker-" + System.nanoTime()), "orderflow", PASSWORD);
        log = new CapturedLog();
    }

    @AfterEach
    void close() {
        log.close();
        broker.close();
    }

    @Test
    void takesAnOrderFromIntakeToInventory() throws Exception {
        // Given
        try (var app = RunningApp.start(settings(PASSWORD, SecureBroker.STORE_PASSWORD));
                var topics = new Topics(broker.innerAddress())) {
            // When
            var answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(app.url() + "/orders"))
                                    .header("Content-Type", "application/json")
                                    .POST(BodyPublishers.ofString("""
                                            {"customer":{"id":"c-1","email":"ada@example.org"},
                                             "shipTo":{"name":"Ada","street":"Main St 1","city":"Berlin","postalCode":"10115","country":"DE"},
                                             "currency":"EUR","lines":[{"sku":"mug-blue","quantity":1,"unitPrice":"12.50"}]}"""))
                                    .build(),
                            BodyHandlers.ofString());

            // Then
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            await().atMost(LIMIT).until(() -> topics.readAll("order-events").size() == 1);
            var said = topics.readAll("order-events").get(0);
            assertThat(Topics.header(said, "ce_type")).isEqualTo("dev.orderflow.stock-reserved.v1");
            assertThat(answer.body()).contains(said.key());
        }
        assertNoSecret();
    }

    @Test
    void saysInASentenceThatThePasswordIsWrong() {
        var failure = catchThrowableOfType(
                CannotStart.class, () -> RunningApp.start(settings("wr0ng-secret", SecureBroker.STORE_PASSWORD)));

        assertThat(failure)
                .hasMessageStartingWith("The brokers do not let this process in: Authentication failed")
                .hasMessageContaining("kafka.sasl")
                .hasMessageNotContaining("secret");
        assertNoSecret();
    }

    @Test
    void saysInASentenceThatTheTrustStoreDoesNotOpen() {
        var failure =
                catchThrowableOfType(CannotStart.class, () -> RunningApp.start(settings(PASSWORD, "wr0ng-secret")));

        assertThat(failure)
                .hasMessageStartingWith("No Kafka client can be made: Failed to load SSL keystore")
                .hasMessageContaining("password was incorrect")
                .hasMessageContaining("kafka.ssl")
                .hasMessageNotContaining("secret");
        assertNoSecret();
    }

    @Test
    void saysInASentenceThatTheBrokersCertificateIsNotTrusted() {
        var settings = settings(PASSWORD, SecureBroker.STORE_PASSWORD);
        settings.keySet().removeIf(key -> key.startsWith("kafka.ssl."));

        var failure = catchThrowableOfType(CannotStart.class, () -> RunningApp.start(settings));

        assertThat(failure)
                .hasMessageStartingWith("The brokers do not let this process in: SSL handshake failed")
                .hasMessageContaining("kafka.ssl");
        assertNoSecret();
    }

    private Map<String, String> settings(String password, String storePassword) {
        Map<String, String> settings = new HashMap<>();
        settings.put("kafka.brokers", broker.address());
        settings.put("database.url", Embedded.shared().newDatabase());
        settings.put("orderflow.services", "intake,inventory");
        settings.put("inventory.seed", "true");
        settings.put("kafka.security.protocol", "SASL_SSL");
        settings.put("kafka.sasl.mechanism", "SCRAM-SHA-512");
        settings.put(
                "kafka.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"orderflow\" password=\"%s\";"
                        .formatted(password));
        settings.put("kafka.ssl.truststore.location", broker.trust().toString());
        settings.put("kafka.ssl.truststore.password", storePassword);
        settings.put("kafka.ssl.truststore.type", "PKCS12");
        return settings;
    }

    private void assertNoSecret() {
        assertThat(log.text()).doesNotContain("-secret");
    }
}
