package dev.orderflow.redrive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Types;
import java.time.ZoneOffset;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Keeps dead letters as they arrive: a repeat changes nothing, a later attempt brings its letter back. */
final class DeadLetterStore {

    // The first body and place stay for ever; what a later attempt brings is its cause. A letter that is on its way
    // with a still later attempt stays on its way.
    private static final String KEEP = """
            WITH kept AS (
                INSERT INTO redrive.dead_letter AS d (id, orderflow_id, service, fingerprint, topic, record_partition,
                    record_offset, dlt_partition, dlt_offset, key, headers, body, order_id, event, exception, message,
                    attempt, state, first_parked_at, parked_at)
                VALUES (:id, :orderflowId, :service, :fingerprint, :topic, :partition, :offset, :dltPartition,
                    :dltOffset, :key, :headers::jsonb, :body, :orderId, :event, :exception, :message, :attempt,
                    CASE WHEN :attempt >= :attemptsMax THEN 'quarantined' ELSE 'parked' END, :parkedAt, :parkedAt)
                ON CONFLICT (id) DO UPDATE SET
                    fingerprint = excluded.fingerprint, dlt_partition = excluded.dlt_partition,
                    dlt_offset = excluded.dlt_offset, exception = excluded.exception, message = excluded.message,
                    attempt = excluded.attempt, parked_at = excluded.parked_at, changed_at = now(),
                    state = CASE WHEN excluded.attempt < d.sent THEN d.state ELSE excluded.state END,
                    lease_until = CASE WHEN excluded.attempt < d.sent THEN d.lease_until END
                WHERE d.attempt < excluded.attempt
                RETURNING id, service, attempt, state, message)
            INSERT INTO redrive.history (letter, who, what, attempt, detail)
            SELECT id, service, CASE state WHEN 'quarantined' THEN state ELSE 'parked' END, attempt, message FROM kept""";

    private static final String SET_ASIDE =
            "INSERT INTO redrive.set_aside (dlt_partition, dlt_offset, dlt_timestamp, cause) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final NamedParameterJdbcTemplate jdbc;
    private final TransactionTemplate transaction;
    private final int attemptsMax;

    DeadLetterStore(DataSource database, int attemptsMax) {
        this.jdbc = new NamedParameterJdbcTemplate(database);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        this.attemptsMax = attemptsMax;
    }

    /** All of them, in one transaction. */
    void keep(List<DeadLetter> letters) {
        var rows = letters.stream().map(this::row).toArray(MapSqlParameterSource[]::new);
        transaction.executeWithoutResult(begun -> jdbc.batchUpdate(KEEP, rows));
    }

    /** Notes where a record stands that is no letter, for whatever reason the database has. */
    void setAside(int partition, long offset, long timestamp, String cause) {
        jdbc.getJdbcTemplate().update(SET_ASIDE, partition, offset, timestamp, cause.replace('\0', '\uFFFD'));
    }

    private MapSqlParameterSource row(DeadLetter letter) {
        return new MapSqlParameterSource()
                .addValue("id", letter.id())
                .addValue("orderflowId", letter.orderflowId())
                .addValue("service", letter.service())
                .addValue("fingerprint", letter.fingerprint())
                .addValue("topic", letter.topic())
                .addValue("partition", letter.partition())
                .addValue("offset", letter.offset())
                .addValue("dltPartition", letter.dltPartition())
                .addValue("dltOffset", letter.dltOffset())
                .addValue("key", letter.key(), Types.BINARY)
                .addValue("headers", json(letter))
                .addValue("body", letter.body(), Types.BINARY)
                .addValue("orderId", letter.orderId().orElse(null), Types.OTHER)
                .addValue("event", letter.event().orElse(null), Types.VARCHAR)
                .addValue("exception", letter.exception())
                .addValue("message", letter.message())
                .addValue("attempt", letter.attempt(), Types.SMALLINT)
                .addValue("attemptsMax", attemptsMax, Types.INTEGER)
                .addValue("parkedAt", letter.parkedAt().atOffset(ZoneOffset.UTC), Types.TIMESTAMP_WITH_TIMEZONE);
    }

    private static String json(DeadLetter letter) {
        try {
            return JSON.writeValueAsString(letter.headers());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
