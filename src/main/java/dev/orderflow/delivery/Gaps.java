package dev.orderflow.delivery;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/** The gaps that were noticed, kept in the database, so that a restart forgets none before somebody has looked at it. */
public final class Gaps {

    private static final Logger LOG = LoggerFactory.getLogger(Gaps.class);

    // Two look for commits of others, each from where it last saw one of ours: the same jump is noted once.
    private static final String NOTE = """
            INSERT INTO delivery.gap (service, topic, record_partition, from_offset, to_offset, kind, closed_by, closed_at)
            SELECT n.*, CASE WHEN n.closed_by IS NOT NULL THEN now() END FROM (VALUES (?, ?, ?, ?::bigint, ?::bigint, ?, ?::text))
                   AS n (service, topic, record_partition, from_offset, to_offset, kind, closed_by)
             WHERE n.kind <> 'foreign-commit' OR NOT EXISTS (
                   SELECT FROM delivery.gap g
                    WHERE g.service = n.service AND g.topic = n.topic AND g.record_partition = n.record_partition
                      AND g.kind = n.kind AND g.to_offset = n.to_offset AND g.closed_at IS NULL)
                ON CONFLICT (service, topic, record_partition, from_offset, to_offset, kind) DO UPDATE SET over_at = NULL
                WHERE delivery.gap.over_at IS NOT NULL""";

    private static final String OPEN = """
            SELECT service, topic, record_partition, from_offset, to_offset, kind FROM delivery.gap
             WHERE closed_at IS NULL AND service = ANY(?) ORDER BY at""";

    private static final String CLOSE = """
            UPDATE delivery.gap SET closed_at = now(), closed_by = ?
             WHERE closed_at IS NULL AND service = ? AND topic = ? AND record_partition = ?
               AND least(from_offset, to_offset) >= ? AND greatest(from_offset, to_offset) <= ?""";

    private static final String END_SKIPS = """
            UPDATE delivery.gap SET over_at = now()
             WHERE kind = 'skipped' AND over_at IS NULL AND service = ? AND topic = ? AND record_partition = ?""";

    private static final String MARK = """
            INSERT INTO delivery.marked VALUES (?, ?, ?, ?)
                ON CONFLICT (service, topic, record_partition) DO UPDATE SET next_offset = excluded.next_offset""";

    private static final String MARKED =
            "SELECT topic, record_partition, next_offset FROM delivery.marked WHERE service = ?";

    private final JdbcTemplate jdbc;

    public Gaps(DataSource database) {
        jdbc = new JdbcTemplate(database);
    }

    /** Keeps an open gap, and tells it; the same again changes nothing. */
    public void note(Gap gap) {
        if (insert(gap, null) > 0) {
            LOG.warn("{}: {}", gap.service(), gap.sentence());
        }
    }

    /** Keeps one that an operator made, which nobody has to look at. */
    public void skipped(Gap gap, String who) {
        insert(gap, who);
    }

    private int insert(Gap gap, String closedBy) {
        var partition = gap.partition();
        return jdbc.update(
                NOTE,
                gap.service(),
                partition.topic(),
                partition.partition(),
                gap.from(),
                gap.to(),
                gap.kind().word(),
                closedBy);
    }

    /** The records that were skipped there are gone, and others may come to stand at their offsets. */
    void endSkips(String service, TopicPartition partition) {
        jdbc.update(END_SKIPS, service, partition.topic(), partition.partition());
    }

    /** Those of some services that nobody has looked at, the oldest first. */
    public List<Gap> open(Collection<String> services) {
        return jdbc.query(OPEN, (row, n) -> gap(row), (Object) services.toArray(String[]::new));
    }

    private static Gap gap(ResultSet row) throws SQLException {
        return new Gap(
                row.getString(1),
                new TopicPartition(row.getString(2), row.getInt(3)),
                row.getLong(4),
                row.getLong(5),
                Gap.Kind.of(row.getString(6)));
    }

    /**
     * Somebody has looked at, or has done again, what lies between these offsets.
     *
     * @param to behind the last one
     * @return how many gaps that were
     */
    public int close(String service, TopicPartition partition, long from, long to, String who) {
        return jdbc.update(CLOSE, who, service, partition.topic(), partition.partition(), from, to);
    }

    /** A commit of the group was seen that carries our mark. */
    public void mark(String service, TopicPartition partition, long offset) {
        jdbc.update(MARK, service, partition.topic(), partition.partition(), offset);
    }

    /** Where each partition stood when a commit with our mark was seen last. */
    public Map<TopicPartition, Long> marked(String service) {
        Map<TopicPartition, Long> marked = new HashMap<>();
        jdbc.query(
                MARKED,
                row -> {
                    marked.put(new TopicPartition(row.getString(1), row.getInt(2)), row.getLong(3));
                },
                service);
        return marked;
    }
}
