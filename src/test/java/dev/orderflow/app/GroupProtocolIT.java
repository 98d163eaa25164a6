package dev.orderflow.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orderflow.settings.CannotStart;
import dev.orderflow.testing.Embedded;
import dev.orderflow.testing.RunningApp;
import dev.orderflow.testing.Shop;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.common.GroupType;
import org.junit.jupiter.api.Test;

/** Every consumer group by the protocol that the setting names, and a sentence where the brokers do not have it. */
class GroupProtocolIT {

    private static final Map<String, String> CONSUMER = Map.of("kafka.group.protocol", "consumer");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    void isConsumerForEveryGroupWhereTheSettingSaysSo() throws Exception {
        // Given
        try (var app = RunningApp.start(Embedded.settings().with("delivery.consumers", "3"), CONSUMER);
                var shop = Shop.of(app).stocked();
                var admin =
                        Admin.create(Map.of("bootstrap.servers", app.settings().text("kafka.brokers")))) {

            // When
            shop.order(5);

            // Then
            shop.await("mails", 5, "SELECT count(*) FROM notification.mail");
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(types(admin))
                            .isEqualTo(Map.of(
                                    "inventory", GroupType.CONSUMER,
                                    "notification", GroupType.CONSUMER,
                                    "redrive", GroupType.CONSUMER,
                                    "shipping", GroupType.CONSUMER,
                                    "status", GroupType.CONSUMER)));
            await().atMost(LIMIT).until(() -> health(app), Optional.empty()::equals);
            // Each partition has its consumer already: a member that gets none is ready too.
            try (var other = RunningApp.start(
                    app.settings(), Map.of("orderflow.services", "inventory", "delivery.consumers", "1"))) {
                await().atMost(LIMIT).until(() -> health(other), Optional.empty()::equals);
            }
        }
    }

    @Test
    void isRefusedInASentenceWhereTheBrokersDoNotHaveIt() throws Exception {
        try (var app = RunningApp.start(Embedded.settings(), CONSUMER);
                var admin =
                        Admin.create(Map.of("bootstrap.servers", app.settings().text("kafka.brokers")))) {
            // Given
            await().atMost(LIMIT).until(() -> health(app), Optional.empty()::equals);

            // When
            admin.updateFeatures(
                            Map.of("group.version", new FeatureUpdate((short) 0, UpgradeType.SAFE_DOWNGRADE)),
                            new UpdateFeaturesOptions())
                    .all()
                    .get();

            // Then
            await().atMost(LIMIT)
                    .untilAsserted(
                            () -> assertThat(health(app))
                                    .hasValueSatisfying(
                                            trouble -> assertThat(trouble)
                                                    .contains(
                                                            "kafka.group.protocol is consumer, but the brokers do not have that protocol: their feature group.version is")));
            assertThatThrownBy(() -> RunningApp.start(app.settings(), Map.of()))
                    .isInstanceOf(CannotStart.class)
                    .hasMessageStartingWith("kafka.group.protocol is consumer")
                    .hasMessageContaining("Set KAFKA_GROUP_PROTOCOL=classic");
        }
    }

    @Test
    void isClassicOrConsumerAndNothingElse() {
        assertThatThrownBy(() -> RunningApp.start(Map.of("kafka.group.protocol", "CONSUMER")))
                .isInstanceOf(CannotStart.class)
                .hasMessage(
                        "Setting 'kafka.group.protocol' must be classic or consumer, but is 'CONSUMER'. Set KAFKA_GROUP_PROTOCOL.");
    }

    private static Map<String, GroupType> types(Admin admin) throws Exception {
        return admin.listGroups().all().get().stream()
                .collect(Collectors.toMap(
                        group -> group.groupId(), group -> group.type().orElse(GroupType.UNKNOWN)));
    }

    /** What readiness has to say; empty when it is UP. */
    private static Optional<String> health(RunningApp app) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(app.managementUrl() + "/observe/health/ready"))
                .build();
        var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        return answer.statusCode() == 200
                ? Optional.empty()
                : Optional.of(new ObjectMapper().readTree(answer.body()).toString());
    }
}
