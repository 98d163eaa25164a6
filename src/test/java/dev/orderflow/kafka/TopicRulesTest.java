package dev.orderflow.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.settings.Settings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TopicRulesTest {

    private final TopicRules rules = TopicRules.of(Settings.load());
    private final Map<String, TopicRules.Found> found = new HashMap<>();

    @BeforeEach
    void createWhatIsWanted() {
        rules.wanted(3)
                .forEach(topic -> found.put(
                        topic.name(),
                        new TopicRules.Found(topic.numPartitions(), topic.replicationFactor(), topic.configs())));
    }

    @Test
    void isContentWithTheTopicsThatItWouldCreate() {
        assertThat(broken(3)).isEmpty();
    }

    @Test
    void advisesAgainstTimesThatRetentionRemovesAtOnce() {
        assertThat(rules.advice(found)).isEmpty();
        Map<String, String> anyTime = Map.of(
                "message.timestamp.type",
                "CreateTime",
                "message.timestamp.before.max.ms",
                Long.toString(Long.MAX_VALUE));
        change("orders", 3, 3, anyTime);
        assertThat(broken(3)).isEmpty();
        assertThat(rules.advice(found))
                .singleElement()
                .asString()
                .startsWith("topic orders takes records whose timestamp is older than its retention.ms")
                .endsWith("--entity-name orders --add-config message.timestamp.type=LogAppendTime");
        change(
                "orders",
                3,
                3,
                Map.of("message.timestamp.type", "CreateTime", "message.timestamp.before.max.ms", "3600000"));
        assertThat(rules.advice(found)).isEmpty();
    }

    @Test
    void wantsThreeReplicasWhereThereAreThreeBrokers() {
        assertThat(rules.wanted(1)).allMatch(topic -> topic.replicationFactor() == 1);
        assertThat(rules.wanted(2)).allMatch(topic -> topic.replicationFactor() == 2);
        assertThat(rules.wanted(5)).allMatch(topic -> topic.replicationFactor() == 3);
        change("orders", 3, 2, Map.of());
        assertThat(broken(3))
                .containsExactly("topic orders has 2 replicas of a partition, but 3 are wanted on 3 brokers");
        assertThat(broken(2)).isEmpty();
    }

    @Test
    void refusesAMissingTopic() {
        found.remove("orders-dlt");
        assertThat(broken(3))
                .containsExactly(
                        "topic orders-dlt is missing: create it with 3 partitions, or set topics.create to true");
    }

    @Test
    void refusesFewerPartitionsAndAdvisesOnMore() {
        change("orders", 2, 3, Map.of());
        change("order-events", 6, 3, Map.of());
        assertThat(broken(3))
                .containsExactly(
                        "topic orders has 2 partitions, but orders.partitions is 3: raise them, or set it to 2");
        assertThat(rules.advice(found))
                .containsExactly(
                        "topic order-events has 6 partitions, but orders.partitions is 3: set it to 6, so that a topic that is made again has as many");
    }

    @Test
    void refusesOneInSyncReplicaOnThreeBrokers() {
        change("orders", 3, 3, Map.of("min.insync.replicas", "1"));
        assertThat(broken(3))
                .containsExactly(
                        "topic orders has min.insync.replicas 1, but 2 is wanted: one broker's loss could lose an order");
    }

    @Test
    void refusesCompaction() {
        change("orders", 3, 3, Map.of("cleanup.policy", "compact,delete"));
        assertThat(broken(3))
                .containsExactly(
                        "topic orders has cleanup.policy compact,delete, but delete is wanted: compaction keeps one record an order");
    }

    @Test
    void refusesUncleanElections() {
        change("orders", 3, 3, Map.of("unclean.leader.election.enable", "true"));
        assertThat(broken(3))
                .containsExactly("topic orders has unclean.leader.election.enable on: a kept order could be lost");
    }

    @Test
    void refusesRecordsThatOutliveTheirReceipts() {
        change("orders", 3, 3, Map.of("retention.ms", "-1"));
        change("order-events", 3, 3, Map.of("retention.ms", "864000000"));
        assertThat(broken(3))
                .containsExactly(
                        "topic orders keeps records forever, but orders.retentionHours is 168: receipts could go before them",
                        "topic order-events keeps records 240 hours, but orders.retentionHours is 168: receipts could go before them");
    }

    @Test
    void keepsRecordsForeverWhereTheSettingSaysSo() {
        // Given
        var forever = TopicRules.of(
                Settings.load().with("orders.retentionHours", "-1").with("orders-dlt.retentionHours", "-1"));

        // When
        var wanted = forever.wanted(1);

        // Then
        assertThat(wanted).allMatch(topic -> topic.configs().get("retention.ms").equals("-1"));
        change("orders", 3, 3, Map.of("retention.ms", "-1"));
        assertThat(forever.broken(found, 3)).isEmpty();
    }

    @Test
    void refusesDeadLettersThatCannotHoldARecord() {
        change("orders-dlt", 3, 3, Map.of("max.message.bytes", "1048588"));
        assertThat(broken(3))
                .containsExactly(
                        "topic orders-dlt has max.message.bytes 1048588, but a record may have 1048588 and its dead letter more");
    }

    private List<String> broken(int brokers) {
        return rules.broken(found, brokers);
    }

    private void change(String topic, int partitions, int replication, Map<String, String> config) {
        var changed = new HashMap<>(found.get(topic).config());
        changed.putAll(config);
        found.put(topic, new TopicRules.Found(partitions, replication, changed));
    }
}
