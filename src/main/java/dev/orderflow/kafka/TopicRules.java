package dev.orderflow.kafka;

import dev.orderflow.settings.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.TopicConfig;

/** What the promises ask of the topics, and what is wrong with those that were found. */
record TopicRules(
        String orders, String events, String dead, int partitions, long retentionMs, long deadMs, int bytesMax) {

    private static final long FOREVER = -1;
    private static final String APPENDED = "LogAppendTime";

    /** As the broker tells it; the replication is the smallest of all partitions. */
    record Found(int partitions, int replication, Map<String, String> config) {

        static Found of(TopicDescription topic, Config config) {
            var values = new LinkedHashMap<String, String>();
            config.entries().forEach(entry -> values.put(entry.name(), entry.value()));
            int replication = topic.partitions().stream()
                    .mapToInt(partition -> partition.replicas().size())
                    .min()
                    .orElse(0);
            return new Found(topic.partitions().size(), replication, values);
        }

        private long number(String name) {
            return Long.parseLong(config.getOrDefault(name, "0"));
        }
    }

    static TopicRules of(Settings settings) {
        return new TopicRules(
                settings.text("orders.topic"),
                settings.text("order-events.topic"),
                settings.text("orders-dlt.topic"),
                settings.number("orders.partitions"),
                millis(settings.number("orders.retentionHours")),
                millis(settings.number("orders-dlt.retentionHours")),
                settings.number("orders.recordBytesMax"));
    }

    /** Kafka's way to say forever is ours: -1. */
    private static long millis(int hours) {
        return hours < 0 ? FOREVER : TimeUnit.HOURS.toMillis(hours);
    }

    List<String> topics() {
        return List.of(orders, events, dead);
    }

    /** The topics to create on a cluster of so many brokers. */
    List<NewTopic> wanted(int brokers) {
        return topics().stream().map(topic -> wanted(topic, brokers)).toList();
    }

    private NewTopic wanted(String topic, int brokers) {
        boolean isDead = topic.equals(dead);
        var config = new LinkedHashMap<String, String>();
        config.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        config.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(isDead ? deadMs : retentionMs));
        config.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(isDead ? 2 * bytesMax : bytesMax));
        config.put(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");
        config.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, APPENDED);
        config.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, brokers >= 3 ? "2" : "1");
        return new NewTopic(topic, partitions, (short) Math.min(3, brokers)).configs(config);
    }

    /** A sentence for each thing that breaks a promise; none when the topics are as promised. */
    List<String> broken(Map<String, Found> found, int brokers) {
        var sentences = new ArrayList<String>();
        for (String topic : topics()) {
            if (found.containsKey(topic)) {
                broken(topic, found.get(topic), brokers, sentences);
            } else {
                sentences.add("topic %s is missing: create it with %d partitions, or set topics.create to true"
                        .formatted(topic, partitions));
            }
        }
        if (found.containsKey(orders) && found.containsKey(events) && found.containsKey(dead)) {
            sizes(found, sentences);
        }
        return sentences;
    }

    /** A sentence for each thing that only somebody else's mistake would turn into a loss. */
    List<String> advice(Map<String, Found> found) {
        var sentences = new ArrayList<String>();
        topics().stream()
                .filter(topic -> found.containsKey(topic) && found.get(topic).partitions() > partitions)
                .forEach(topic -> sentences.add(
                        "topic %s has %d partitions, but orders.partitions is %d: set it to %2$d, so that a topic that is made again has as many"
                                .formatted(topic, found.get(topic).partitions(), partitions)));
        topics().stream()
                .filter(topic -> found.containsKey(topic) && takesOldTimes(found.get(topic)))
                .forEach(topic -> sentences.add(
                        "topic %1$s takes records whose timestamp is older than its retention.ms, and removes them at once: a producer with a wrong clock, or a copy of old records, would lose them. Let retention count from their append: kafka-configs.sh --alter --entity-type topics --entity-name %1$s --add-config message.timestamp.type=LogAppendTime"
                                .formatted(topic)));
        return sentences;
    }

    private static boolean takesOldTimes(Found found) {
        long kept = found.number(TopicConfig.RETENTION_MS_CONFIG);
        return kept >= 0
                && !APPENDED.equals(found.config().get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG))
                && found.number(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG) > kept;
    }

    private void broken(String topic, Found found, int brokers, List<String> sentences) {
        if (found.partitions() < partitions) {
            sentences.add("topic %s has %d partitions, but orders.partitions is %d: raise them, or set it to %2$d"
                    .formatted(topic, found.partitions(), partitions));
        }
        if (brokers >= 3 && found.replication() < 3) {
            sentences.add("topic %s has %d replicas of a partition, but 3 are wanted on %d brokers"
                    .formatted(topic, found.replication(), brokers));
        }
        if (brokers >= 3 && found.number(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG) < 2) {
            sentences.add("topic %s has min.insync.replicas %d, but 2 is wanted: one broker's loss could lose an order"
                    .formatted(topic, found.number(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG)));
        }
        String cleanup = found.config().get(TopicConfig.CLEANUP_POLICY_CONFIG);
        if (!TopicConfig.CLEANUP_POLICY_DELETE.equals(cleanup)) {
            sentences.add("topic %s has cleanup.policy %s, but delete is wanted: compaction keeps one record an order"
                    .formatted(topic, cleanup));
        }
        if ("true".equals(found.config().get(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG))) {
            sentences.add(
                    "topic %s has unclean.leader.election.enable on: a kept order could be lost".formatted(topic));
        }
        kept(topic, found.number(TopicConfig.RETENTION_MS_CONFIG), sentences);
    }

    /** Receipts are removed by this setting, and must not go before the records whose repeats they tell. */
    private void kept(String topic, long ms, List<String> sentences) {
        if (!topic.equals(dead) && retentionMs >= 0 && (ms < 0 || ms > retentionMs)) {
            sentences.add("topic %s keeps records %s, but orders.retentionHours is %d: receipts could go before them"
                    .formatted(
                            topic,
                            ms < 0 ? "forever" : TimeUnit.MILLISECONDS.toHours(ms) + " hours",
                            TimeUnit.MILLISECONDS.toHours(retentionMs)));
        }
    }

    private void sizes(Map<String, Found> found, List<String> sentences) {
        long record = Math.max(
                found.get(orders).number(TopicConfig.MAX_MESSAGE_BYTES_CONFIG),
                found.get(events).number(TopicConfig.MAX_MESSAGE_BYTES_CONFIG));
        long letter = found.get(dead).number(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        if (letter <= record) {
            sentences.add("topic %s has max.message.bytes %d, but a record may have %d and its dead letter more"
                    .formatted(dead, letter, record));
        }
    }
}
