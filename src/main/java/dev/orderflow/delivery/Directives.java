package dev.orderflow.delivery;

import dev.orderflow.telemetry.DaemonThreads;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What operators want of the services, as the database has it: who stands still, which offsets are skipped, which causes
 * are parked past the cap. Read once a second; in an outage of the database what was read last holds.
 */
final class Directives {

    private static final Logger LOG = LoggerFactory.getLogger(Directives.class);
    private static final long READ_MS = 1_000;

    private static final String PAUSED = "SELECT DISTINCT service FROM delivery.paused";
    // Not for ever: the next one who appends rubbish is somebody else.
    private static final String ALLOWED =
            "SELECT service, fingerprint FROM delivery.allowed WHERE at > now() - interval '1 hour'";
    private static final String SKIPPED =
            "SELECT service, topic, record_partition, from_offset, to_offset FROM delivery.gap WHERE kind = 'skipped' AND over_at IS NULL";

    /** @param to behind the last one */
    record OffsetRange(long from, long to) {

        boolean holds(long offset) {
            return offset >= from && offset < to;
        }
    }

    private record PartitionOffset(String service, TopicPartition partition) {}

    private record Read(Set<String> paused, Set<String> allowed, Map<PartitionOffset, List<OffsetRange>> skipped) {}

    private final JdbcTemplate jdbc;
    private volatile Read now;

    private Directives(DataSource database) {
        jdbc = new JdbcTemplate(database);
    }

    /** Reads them, and goes on reading in the background. */
    static Directives of(DataSource database) {
        var directives = new Directives(database);
        directives.read();
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("directives"));
        thread.scheduleWithFixedDelay(directives::readAgain, READ_MS, READ_MS, TimeUnit.MILLISECONDS);
        return directives;
    }

    private void readAgain() {
        try {
            read();
        } catch (RuntimeException e) {
            LOG.debug("directives: not read", e);
        }
    }

    /** Who stands still before what is skipped: a skip ends its pause once its offsets are here. */
    void read() {
        Set<String> paused = new HashSet<>(jdbc.queryForList(PAUSED, String.class));
        Map<PartitionOffset, List<OffsetRange>> skipped = new HashMap<>();
        jdbc.query(SKIPPED, row -> {
            var partition = new TopicPartition(row.getString(2), row.getInt(3));
            skipped.computeIfAbsent(new PartitionOffset(row.getString(1), partition), place -> new ArrayList<>())
                    .add(new OffsetRange(row.getLong(4), row.getLong(5)));
        });
        now = new Read(
                paused,
                new HashSet<>(jdbc.query(ALLOWED, (row, n) -> row.getString(1) + ' ' + row.getString(2))),
                skipped);
    }

    boolean isPaused(String service) {
        return now.paused().contains(service);
    }

    boolean allows(String service, String fingerprint) {
        return now.allowed().contains(service + ' ' + fingerprint);
    }

    boolean skips(String service) {
        return !now.skipped().isEmpty()
                && now.skipped().keySet().stream()
                        .anyMatch(place -> place.service().equals(service));
    }

    List<OffsetRange> skipped(String service, TopicPartition partition) {
        return now.skipped().getOrDefault(new PartitionOffset(service, partition), List.of());
    }

    /** Without what an operator wants passed. */
    @SuppressWarnings("unchecked")
    ConsumerRecords<?, ?> unskipped(String service, ConsumerRecords<?, ?> records) {
        Map<TopicPartition, List<ConsumerRecord<Object, Object>>> left = new LinkedHashMap<>();
        for (TopicPartition partition : records.partitions()) {
            var ranges = skipped(service, partition);
            List<ConsumerRecord<Object, Object>> kept = new ArrayList<>();
            for (var one : records.records(partition)) {
                if (ranges.stream().noneMatch(range -> range.holds(one.offset()))) {
                    kept.add((ConsumerRecord<Object, Object>) one);
                }
            }
            if (!kept.isEmpty()) {
                left.put(partition, kept);
            }
        }
        return new ConsumerRecords<>(left, records.nextOffsets());
    }
}
