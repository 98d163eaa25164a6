package dev.orderflow.operations;

import dev.orderflow.delivery.Restoration;
import dev.orderflow.delivery.Restores;
import dev.orderflow.kafka.TopicScan;
import dev.orderflow.kafka.UnreadableOffsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * What a service said before a rewind stays true: its effects are made again from the events that stand on the topic,
 * before it reads again what led to them.
 */
final class RestoredEffects {

    /** The leaders of two partitions may have two clocks. */
    private static final Duration CLOCKS = Duration.ofMinutes(5);

    private static final int RECORDS_MAX = 1_000;
    private static final int TOLD_MAX = 10;

    private final Map<String, Restores> services;
    private final Map<String, Object> kafka;
    private final String topic;
    private final Duration stalled;
    private final DataSource database;

    /**
     * @param services whose effects can be made again, by name
     * @param topic on which services say what they did
     * @param stalled how long the brokers may give nothing of it
     */
    RestoredEffects(
            Map<String, Restores> services,
            Map<String, Object> kafka,
            String topic,
            Duration stalled,
            DataSource database) {
        this.services = services;
        this.kafka = kafka;
        this.topic = topic;
        this.stalled = stalled;
        this.database = database;
    }

    /**
     * Makes again what the service said since the target of its rewind and what its database has forgotten. What is
     * known already stays as it is, so a second time changes nothing. Not where the target is an offset: that does what was
     * passed, and no copy of the database goes by offsets.
     *
     * @param working told after each thousand records, so that the work may outlast the operation's lease
     * @return what was made again, as the end of a sentence; empty for nothing
     */
    String restore(String service, RewindTarget target, Runnable working) throws Exception {
        Restores restores = services.get(service);
        if (restores == null || target.partition().isPresent()) {
            return "";
        }
        var restoration = new Restoration(database, service, restores);
        List<String> told = new ArrayList<>();
        List<UnreadableOffsets> unread = new ArrayList<>();
        int[] count = {0};
        try (var scan = new TopicScan(kafka, "operations", stalled, unread::add)) {
            var partitions = scan.partitions(topic);
            List<ConsumerRecord<byte[], byte[]>> some = new ArrayList<>(RECORDS_MAX);
            Map<TopicPartition, Long> begins = target.time().isPresent()
                    ? scan.since(target.time().get().minus(CLOCKS), partitions)
                    : scan.begins(partitions);
            scan.read(begins, scan.ends(partitions), kafkaRecord -> {
                some.add(kafkaRecord);
                if (some.size() == RECORDS_MAX) {
                    count[0] += restoration.restore(some, told);
                    some.clear();
                    working.run();
                }
            });
            count[0] += restoration.restore(some, told);
        }
        unread.forEach(range -> told.add("offsets %d to %d of %s cannot be read, so what was said there is decided anew"
                .formatted(range.from(), range.to() - 1, range.partition())));
        return (count[0] == 0 ? "" : "; %d forgotten effects made again, as %s has them".formatted(count[0], topic))
                + told.stream().limit(TOLD_MAX).map(one -> "; " + one).collect(Collectors.joining())
                + (told.size() > TOLD_MAX ? "; and %d more like these".formatted(told.size() - TOLD_MAX) : "");
    }
}
