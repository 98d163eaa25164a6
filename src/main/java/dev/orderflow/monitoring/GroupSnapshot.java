package dev.orderflow.monitoring;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * What the brokers know of a service's consumer group.
 *
 * @param committed where it goes on, and who said so
 */
record GroupSnapshot(
        String group, Map<TopicPartition, OffsetAndMetadata> committed, ConsumerGroupDescription description) {

    static GroupSnapshot read(Admin admin, String group) throws ExecutionException, InterruptedException {
        var asked = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata();
        var described =
                admin.describeConsumerGroups(Set.of(group)).describedGroups().get(group);
        var committed = new HashMap<>(asked.get());
        committed.values().removeIf(offset -> offset == null);
        return new GroupSnapshot(group, committed, described.get());
    }

    /** The partitions that its members have now. */
    Set<TopicPartition> assigned() {
        return description.members().stream()
                .flatMap(member -> member.assignment().topicPartitions().stream())
                .collect(Collectors.toSet());
    }
}
