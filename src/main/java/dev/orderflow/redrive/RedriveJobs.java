package dev.orderflow.redrive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/**
 * The steps of a redrive in the database. A letter is claimed before its append, by one conditional update, so that of
 * two people one redrives it; a claim whose append nobody saw acknowledged is appended again when its lease is over,
 * which the receivers drop where it was a repeat.
 */
final class RedriveJobs {

    private static final String OWN = """
            UPDATE redrive.job SET owner = :owner, lease_until = now() + :lease * interval '1 ms'
             WHERE state = 'running' AND (owner = :owner OR lease_until IS NULL OR lease_until < now())
            RETURNING id, rate""";

    private static final String ORIGINAL = """
            d.id, d.orderflow_id, d.service, d.topic, d.record_partition, d.key, d.headers,
                coalesce(d.corrected, d.body) AS body, d.sent, d.job""";

    // One statement is one snapshot: what it claims, notes and passes over belongs together.
    private static final String CLAIM = """
            WITH due AS (
                SELECT i.n, i.letter, i.tries, j.override, j.corrected, j.who
                  FROM redrive.job_item i JOIN redrive.job j ON j.id = i.job
                 WHERE i.job = :job AND i.state = 'waiting' ORDER BY i.n LIMIT :max),
            claimed AS (
                UPDATE redrive.dead_letter d
                   SET state = 'redriven', sent = due.tries + 1, job = :job, changed_at = now(),
                       lease_until = now() + :lease * interval '1 ms',
                       corrected = coalesce(due.corrected, d.corrected)
                  FROM due
                 WHERE d.id = due.letter AND greatest(d.attempt, d.sent) = due.tries
                   AND (d.state = 'parked' OR due.override AND d.state IN ('quarantined', 'redriven'))
                RETURNING due.n, due.who, due.corrected IS NOT NULL AS changed, %s),
            noted AS (
                INSERT INTO redrive.history (letter, who, what, attempt, job, detail)
                SELECT id, who, 'redriven', sent, job, CASE WHEN changed THEN 'with a corrected body' ELSE '' END
                  FROM claimed),
            moved AS (
                UPDATE redrive.job_item i SET state = CASE WHEN c.n IS NULL THEN 'passed' ELSE 'claimed' END
                  FROM due LEFT JOIN claimed c ON c.n = due.n WHERE i.job = :job AND i.n = due.n)
            SELECT * FROM claimed ORDER BY n""".formatted(ORIGINAL);

    private static final String CLAIM_AGAIN = """
            UPDATE redrive.dead_letter d SET lease_until = now() + :lease * interval '1 ms'
             WHERE d.id IN (
                SELECT id FROM redrive.dead_letter WHERE state = 'redriven' AND lease_until < now()
                 ORDER BY lease_until LIMIT :max FOR UPDATE SKIP LOCKED)
            RETURNING %s""".formatted(ORIGINAL);

    private static final String ACKNOWLEDGED = """
            WITH letter AS (
                UPDATE redrive.dead_letter SET lease_until = NULL
                 WHERE id = :id AND state = 'redriven' AND sent = :attempt)
            UPDATE redrive.job_item SET state = 'appended' WHERE job = :job AND letter = :id AND state = 'claimed'""";

    // A letter that came back or came home was appended, though a crash kept us from seeing the acknowledgement.
    private static final String SEEN = """
            UPDATE redrive.job_item i SET state = 'appended'
              FROM redrive.dead_letter d
             WHERE i.job = :job AND i.state = 'claimed' AND d.id = i.letter
               AND NOT (d.state = 'redriven' AND d.job = i.job AND d.lease_until IS NOT NULL)""";

    private static final String END = """
            UPDATE redrive.job SET state = 'done', ended_at = now()
             WHERE id = :job AND NOT EXISTS (
                SELECT FROM redrive.job_item WHERE job = :job AND state IN ('waiting', 'claimed'))""";

    private static final String HOME = """
            WITH home AS (
                UPDATE redrive.dead_letter d SET state = 'home', changed_at = now()
                  FROM delivery.receipts r
                 WHERE d.state = 'redriven' AND d.lease_until IS NULL AND NOT r.parked
                   AND r.service = d.service AND r.order_id = d.order_id AND r.event = d.event
                RETURNING d.id, d.service, d.sent, d.job)
            INSERT INTO redrive.history (letter, who, what, attempt, job)
            SELECT id, service, 'home', sent, job FROM home""";

    private static final String FORGET = """
            DELETE FROM redrive.dead_letter
             WHERE state = 'home' AND changed_at < now() - :hours * interval '1 hour'""";

    private static final String FORGET_JOBS = """
            DELETE FROM redrive.job j
             WHERE state = 'done' AND ended_at < now() - :hours * interval '1 hour'""";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};

    private final NamedParameterJdbcTemplate jdbc;
    private final long leaseMs;

    RedriveJobs(DataSource database, long leaseMs) {
        this.jdbc = new NamedParameterJdbcTemplate(database);
        this.leaseMs = leaseMs;
    }

    /** The jobs that this process works at, with their rates; those of a process that is gone become ours. */
    Map<UUID, Integer> own(UUID owner) {
        return jdbc.query(OWN, parameters().addValue("owner", owner), RedriveJobs::job).stream()
                .collect(Collectors.toMap(Job::id, Job::rate));
    }

    private record Job(UUID id, int rate) {}

    /** Claims the next letters of a job, and passes over those that somebody else moved meanwhile. */
    List<RedriveRecord> claim(UUID job, int max) {
        return jdbc.query(CLAIM, parameters().addValue("job", job).addValue("max", max), RedriveJobs::original);
    }

    /** Letters whose claim is over and whose append nobody acknowledged. */
    List<RedriveRecord> claimAgain(int max) {
        return jdbc.query(CLAIM_AGAIN, parameters().addValue("max", max), RedriveJobs::original);
    }

    void acknowledged(List<RedriveRecord> originals) {
        jdbc.batchUpdate(
                ACKNOWLEDGED,
                originals.stream()
                        .map(original -> new MapSqlParameterSource("id", original.id())
                                .addValue("attempt", original.attempt())
                                .addValue("job", original.job()))
                        .toArray(MapSqlParameterSource[]::new));
    }

    /** Ends a job when nothing of it is left to append. */
    void end(UUID job) {
        jdbc.update(SEEN, new MapSqlParameterSource("job", job));
        jdbc.update(END, new MapSqlParameterSource("job", job));
    }

    /** Letters whose service has acted on them, by its receipts. */
    int home() {
        return jdbc.update(HOME, Map.of());
    }

    /** Letters that are home longer than this, with their history, and jobs that ended before. */
    int forget(int hours) {
        jdbc.update(FORGET_JOBS, Map.of("hours", hours));
        return jdbc.update(FORGET, Map.of("hours", hours));
    }

    private MapSqlParameterSource parameters() {
        return new MapSqlParameterSource("lease", leaseMs);
    }

    private static Job job(ResultSet row, int number) throws SQLException {
        return new Job(row.getObject("id", UUID.class), row.getInt("rate"));
    }

    private static RedriveRecord original(ResultSet row, int number) throws SQLException {
        return new RedriveRecord(
                row.getString("id"),
                row.getString("orderflow_id"),
                row.getString("service"),
                row.getString("topic"),
                row.getInt("record_partition"),
                row.getBytes("key"),
                headers(row.getString("headers")),
                row.getBytes("body"),
                row.getInt("sent"),
                row.getObject("job", UUID.class));
    }

    static Map<String, String> headers(String json) {
        try {
            return JSON.readValue(json, HEADERS);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The headers of a dead letter are damaged.", e);
        }
    }
}
