package dev.orderflow.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.settings.CannotStart;
import dev.orderflow.testing.Embedded;
import dev.orderflow.testing.OldKafka;
import dev.orderflow.testing.RunningApp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.common.GroupType;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A short drill on a broker of each older version, in a JVM with that version's class path: orders, dead letters and
 * their redrive, a rebalance, and kills of a process, of the broker and of the database. Where the broker has the group
 * protocol {@code consumer}, all processes go over to it half way, under load, and the faults come again.
 */
@EnabledIfSystemProperty(named = OldKafka.VERSIONS, matches = ".+", disabledReason = "./mvnw -Pbrokers verify runs it.")
class OldBrokersIT {

    /** The second has what a rebalance and the loss of the first leave work for. */
    private static final Map<String, String> ROLES = Map.of(Stage.FRONT, "*", "second", "inventory,shipping");

    private static final List<String> FAULTS = List.of("SERVICE_KILLED", "REBALANCE+LEADER_KILLED");
    private static final List<String> FAULTS_ON_CONSUMER =
            List.of("SERVICE_KILLED", "REBALANCE+LEADER_KILLED", "DATABASE_KILLED+HALTED");

    static List<String> versions() {
        return OldKafka.versions();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void losesNothingAndDoesNothingTwice(String version) {
        var seed = Plan.newSeed();
        var strikes = new ArrayList<>(Plan.of(seed, FAULTS).strikes());
        boolean hasConsumer = !version.startsWith("3.");
        if (hasConsumer) {
            strikes.addAll(Plan.of(seed, FAULTS_ON_CONSUMER).strikes());
        }
        try (var stage = Stage.start(1, OldKafka.classPath(version), ROLES, Map.of())) {
            if (!hasConsumer) {
                saysThatTheBrokersDoNotHaveTheProtocol(stage);
            }
            Drill.play(stage, new Plan(seed, strikes), 25, 0, strike -> {
                if (hasConsumer && strike == FAULTS.size()) {
                    stage.change("kafka.group.protocol", "consumer");
                }
            });
            assertThat(types(stage)).containsOnly(hasConsumer ? GroupType.CONSUMER : GroupType.CLASSIC);
        }
    }

    private static void saysThatTheBrokersDoNotHaveTheProtocol(Stage stage) {
        var settings = Embedded.settings()
                .with("kafka.brokers", stage.cluster.direct())
                .with("database.url", "jdbc:postgresql://127.0.0.1:1/never-asked");
        assertThatThrownBy(() -> RunningApp.start(settings, Map.of("kafka.group.protocol", "consumer")))
                .isInstanceOf(CannotStart.class)
                .hasMessageStartingWith(
                        "kafka.group.protocol is consumer, but the brokers do not have that protocol: their feature group.version is not set");
    }

    /** The protocols of all groups. */
    private static Set<GroupType> types(Stage stage) {
        try {
            return stage.cluster.admin().listGroups().all().get().stream()
                    .map(group -> group.type().orElse(GroupType.UNKNOWN))
                    .collect(Collectors.toSet());
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
