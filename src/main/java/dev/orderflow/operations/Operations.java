package dev.orderflow.operations;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orderflow.events.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What operators had services do: the trail in the database, and what of it still holds. */
final class Operations {

    /** An operation that is not ended. */
    record RunningOperation(UUID id, String who, OperationCommand command) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String BEGIN = """
            INSERT INTO delivery.operation (id, who, operation, service, arguments, state, ended_at, lease_until)
            VALUES (?, ?, ?, ?, ?::jsonb, ?, CASE WHEN ? = 'done' THEN now() END, now())""";

    // Of those of one service one at a time, the oldest first.
    private static final String CLAIM = """
            UPDATE delivery.operation SET lease_until = now() + interval '30 seconds'
             WHERE id = (SELECT o.id FROM delivery.operation o
                          WHERE o.state = 'running' AND (o.lease_until < now() OR o.id = ?)
                            AND NOT EXISTS (SELECT FROM delivery.operation b
                                             WHERE b.state = 'running' AND b.service = o.service AND b.n < o.n)
                          ORDER BY o.n LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING id, who, arguments""";

    private static final String SHOWN =
            "SELECT id, at, who, operation, service, arguments, state, result, ended_at FROM delivery.operation";

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;

    Operations(DataSource database) {
        this.jdbc = new JdbcTemplate(database);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
    }

    /** One that holds at once, with its note in one transaction. */
    UUID done(OperationCommand command, String who) {
        UUID id = UUID.randomUUID();
        transaction.executeWithoutResult(begun -> {
            switch (command.operation()) {
                case "pause" -> pause(command.service(), "operator", who);
                case "resume" -> go(command.service(), "operator");
                default ->
                    jdbc.update(
                            "INSERT INTO delivery.allowed (service, fingerprint, who) VALUES (?, ?, ?) ON CONFLICT (service, fingerprint) DO UPDATE SET at = now(), who = excluded.who",
                            command.service(),
                            command.fingerprint(),
                            who);
            }
            insert(id, command, who, "done");
        });
        return id;
    }

    /** One that works in the background. */
    UUID begun(OperationCommand command, String who) {
        UUID id = UUID.randomUUID();
        insert(id, command, who, "running");
        return id;
    }

    private void insert(UUID id, OperationCommand command, String who, String state) {
        jdbc.update(BEGIN, id, who, command.operation(), command.service(), text(command), state, state);
    }

    void pause(String service, String cause, String who) {
        jdbc.update(
                "INSERT INTO delivery.paused (service, cause, who) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                service,
                cause,
                who);
    }

    void go(String service, String cause) {
        jdbc.update("DELETE FROM delivery.paused WHERE service = ? AND cause = ?", service, cause);
    }

    /** Where the group stands as a commit of ours, so that nobody takes it for somebody else's. */
    void stands(String service, String topic, int partition, long offset) {
        jdbc.update(
                "INSERT INTO delivery.marked VALUES (?, ?, ?, ?) ON CONFLICT (service, topic, record_partition) DO UPDATE SET next_offset = excluded.next_offset",
                service,
                topic,
                partition,
                offset);
    }

    /** Whether a service has a letter of this cause. */
    boolean hasParked(String service, String fingerprint) {
        return !jdbc.queryForList(
                        "SELECT 1 FROM redrive.dead_letter WHERE service = ? AND fingerprint = ? LIMIT 1",
                        service,
                        fingerprint)
                .isEmpty();
    }

    /** Those whose commits were seen. */
    boolean hasCommitted(String service) {
        return !jdbc.queryForList("SELECT 1 FROM delivery.marked WHERE service = ? LIMIT 1", service)
                .isEmpty();
    }

    /** What a service reads: the topics of all, and those of its own where its commits were seen. */
    Set<String> topics(String service, List<String> ofAll) {
        Set<String> topics = new HashSet<>(ofAll);
        topics.addAll(jdbc.queryForList(
                "SELECT DISTINCT topic FROM delivery.marked WHERE service = ?", String.class, service));
        return topics;
    }

    /** One to work at: that of this id, or any whose process is gone. */
    Optional<RunningOperation> claim(UUID id) {
        return jdbc
                .query(
                        CLAIM,
                        (row, n) -> new RunningOperation(
                                row.getObject(1, UUID.class), row.getString(2), command(row.getString(3))),
                        id)
                .stream()
                .findFirst();
    }

    void renew(UUID id) {
        jdbc.update("UPDATE delivery.operation SET lease_until = now() + interval '30 seconds' WHERE id = ?", id);
    }

    void end(UUID id, String state, String result) {
        jdbc.update(
                "UPDATE delivery.operation SET state = ?, result = ?, ended_at = now() WHERE id = ? AND state = 'running'",
                state,
                result,
                id);
    }

    Optional<ObjectNode> find(UUID id) {
        return jdbc.query(SHOWN + " WHERE id = ?", (row, n) -> json(row), id).stream()
                .findFirst();
    }

    /** The newest first, and which services stand still. */
    ObjectNode list(int limit) {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode paused = json.putArray("paused");
        jdbc.query("SELECT service, who, at FROM delivery.paused ORDER BY service, cause", row -> {
            paused.addObject()
                    .put("service", row.getString(1))
                    .put("who", row.getString(2))
                    .put("since", time(row, 3));
        });
        ArrayNode operations = json.putArray("operations");
        List<ObjectNode> found = jdbc.query(SHOWN + " ORDER BY n DESC LIMIT ?", (row, n) -> json(row), limit);
        operations.addAll(found);
        return json;
    }

    private static ObjectNode json(ResultSet row) throws SQLException {
        ObjectNode json = JSON.createObjectNode();
        json.put("id", row.getString(1));
        json.put("at", time(row, 2));
        json.put("who", row.getString(3));
        json.put("operation", row.getString(4));
        json.put("service", row.getString(5));
        json.set("arguments", arguments(row.getString(6)));
        json.put("state", row.getString(7));
        json.put("result", row.getString(8));
        if (row.getObject(9) != null) {
            json.put("endedAt", time(row, 9));
        }
        return json;
    }

    private static String time(ResultSet row, int column) throws SQLException {
        return Times.text(row.getObject(column, OffsetDateTime.class).toInstant());
    }

    /** Of the arguments only those of the operation: its name and service stand beside them. */
    private static JsonNode arguments(String text) {
        try {
            return ((ObjectNode) JSON.readTree(text)).without(List.of("operation", "service", "dryRun"));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static OperationCommand command(String text) {
        try {
            return JSON.readValue(text, OperationCommand.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An operation's arguments are damaged.", e);
        }
    }

    private static String text(OperationCommand command) {
        ObjectNode json = JSON.valueToTree(command);
        json.properties().removeIf(member -> member.getValue().isNull());
        return json.toString();
    }
}
