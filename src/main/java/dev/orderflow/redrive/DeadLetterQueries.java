package dev.orderflow.redrive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orderflow.events.Times;
import dev.orderflow.http.Call;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/** What operators see of the letters and the jobs, as the JSON of openapi.json. */
final class DeadLetterQueries {

    private static final int GROUPS_MAX = 200;

    private static final String PAGE = """
            SELECT d.* FROM redrive.dead_letter d
             WHERE %s AND (d.parked_at, d.id) < (:afterTime, :afterId)
             ORDER BY d.parked_at DESC, d.id DESC LIMIT :limit""";

    private static final String GROUPS = """
            SELECT d.service, d.fingerprint, count(*) AS letters,
                   count(*) FILTER (WHERE d.state = 'parked') AS parked,
                   count(*) FILTER (WHERE d.state = 'redriven') AS redriven,
                   count(*) FILTER (WHERE d.state = 'quarantined') AS quarantined,
                   count(*) FILTER (WHERE d.state = 'home') AS home,
                   min(d.first_parked_at) AS first_at, max(d.parked_at) AS last_at,
                   (array_agg(d.message ORDER BY d.parked_at DESC))[1] AS example
              FROM redrive.dead_letter d WHERE %s
             GROUP BY d.service, d.fingerprint
             ORDER BY parked DESC, letters DESC, d.service, d.fingerprint LIMIT :limit""";

    private static final String HISTORY =
            "SELECT at, who, what, attempt, job, detail FROM redrive.history WHERE letter = :id ORDER BY n";

    private static final String JOB = """
            SELECT j.id, j.who, j.at, j.rate, j.state, j.ended_at, count(i.n) AS letters,
                   count(*) FILTER (WHERE i.state IN ('waiting', 'claimed')) AS waiting,
                   count(*) FILTER (WHERE i.state = 'appended') AS appended,
                   count(*) FILTER (WHERE i.state = 'passed') AS passed,
                   count(*) FILTER (WHERE i.state = 'appended' AND d.state = 'home') AS home,
                   count(*) FILTER (WHERE i.state = 'appended' AND d.attempt > i.tries) AS parked_again
              FROM redrive.job j
              LEFT JOIN redrive.job_item i ON i.job = j.id
              LEFT JOIN redrive.dead_letter d ON d.id = i.letter
             WHERE j.id = :id GROUP BY j.id""";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final NamedParameterJdbcTemplate jdbc;

    DeadLetterQueries(DataSource database) {
        this.jdbc = new NamedParameterJdbcTemplate(database);
    }

    /** Where a page ended. */
    record LetterPlace(Instant time, String id) {

        static final LetterPlace NEWEST = new LetterPlace(Instant.parse("9999-12-31T00:00:00Z"), "");

        static LetterPlace parse(String text) {
            String[] parts = text.split(" ");
            return new LetterPlace(Call.time(parts[0]), parts[1]);
        }

        @Override
        public String toString() {
            return time + " " + id;
        }
    }

    record LetterPage(ArrayNode letters, Optional<LetterPlace> next) {}

    /** Newest first. */
    LetterPage page(DeadLetterFilter selection, LetterPlace after, int limit) {
        var parameters = selection.put(new MapSqlParameterSource()
                .addValue("afterTime", after.time().atOffset(ZoneOffset.UTC))
                .addValue("afterId", after.id())
                // One row more than the page tells whether there is a next one.
                .addValue("limit", limit + 1));
        List<Row> rows = jdbc.query(PAGE.formatted(selection.condition()), parameters, DeadLetterQueries::row);
        ArrayNode letters = JSON.createArrayNode();
        rows.stream().limit(limit).forEach(row -> letters.add(row.json()));
        return new LetterPage(
                letters, rows.size() > limit ? Optional.of(rows.get(limit - 1).place()) : Optional.empty());
    }

    private record Row(ObjectNode json, LetterPlace place) {}

    private static Row row(ResultSet row, int number) throws SQLException {
        return new Row(line(row), new LetterPlace(instant(row, "parked_at"), row.getString("id")));
    }

    ArrayNode groups(DeadLetterFilter selection) {
        ArrayNode groups = JSON.createArrayNode();
        jdbc.query(
                GROUPS.formatted(selection.condition()),
                selection.put(new MapSqlParameterSource("limit", GROUPS_MAX)),
                row -> {
                    ObjectNode group = groups.addObject();
                    group.put("service", row.getString("service"));
                    group.put("fingerprint", row.getString("fingerprint"));
                    group.put("example", row.getString("example"));
                    for (String count : List.of("letters", "parked", "redriven", "quarantined", "home")) {
                        group.put(count, row.getLong(count));
                    }
                    group.put("firstAt", Times.text(instant(row, "first_at")));
                    group.put("lastAt", Times.text(instant(row, "last_at")));
                });
        return groups;
    }

    Optional<ObjectNode> find(String id) {
        var found = jdbc.query(
                "SELECT d.* FROM redrive.dead_letter d WHERE id = :id", Map.of("id", id), DeadLetterQueries::whole);
        found.forEach(letter -> letter.set("history", history(id)));
        return found.stream().findFirst();
    }

    Optional<ObjectNode> job(UUID id) {
        return jdbc.query(JOB, Map.of("id", id), DeadLetterQueries::jobRow).stream()
                .findFirst();
    }

    private ArrayNode history(String id) {
        ArrayNode history = JSON.createArrayNode();
        jdbc.query(HISTORY, Map.of("id", id), row -> {
            ObjectNode entry = history.addObject();
            entry.put("at", Times.text(instant(row, "at")));
            entry.put("who", row.getString("who"));
            entry.put("what", row.getString("what"));
            entry.put("attempt", row.getInt("attempt"));
            if (row.getString("job") != null) {
                entry.put("job", row.getString("job"));
            }
            if (!row.getString("detail").isEmpty()) {
                entry.put("detail", row.getString("detail"));
            }
        });
        return history;
    }

    private static ObjectNode line(ResultSet row) throws SQLException {
        ObjectNode letter = JSON.createObjectNode();
        letter.put("id", row.getString("id"));
        letter.put("orderflowId", row.getString("orderflow_id"));
        letter.put("service", row.getString("service"));
        letter.put("fingerprint", row.getString("fingerprint"));
        letter.put("state", row.getString("state"));
        letter.put("attempts", row.getInt("attempt"));
        letter.putObject("error").put("exception", row.getString("exception")).put("message", row.getString("message"));
        letter.putObject("original")
                .put("topic", row.getString("topic"))
                .put("partition", row.getInt("record_partition"))
                .put("offset", row.getLong("record_offset"));
        letter.putObject("deadLetter")
                .put("partition", row.getInt("dlt_partition"))
                .put("offset", row.getLong("dlt_offset"));
        if (row.getString("order_id") != null) {
            letter.put("orderId", row.getString("order_id"));
        }
        letter.put("firstParkedAt", Times.text(instant(row, "first_parked_at")));
        letter.put("parkedAt", Times.text(instant(row, "parked_at")));
        return letter;
    }

    private static ObjectNode whole(ResultSet row, int number) throws SQLException {
        ObjectNode letter = line(row);
        bytes(letter, "key", row.getBytes("key"));
        try {
            letter.set("headers", JSON.readTree(row.getString("headers")));
        } catch (JsonProcessingException e) {
            throw new SQLException("The headers of a dead letter are damaged.", e);
        }
        bytes(letter, "body", row.getBytes("body"));
        bytes(letter, "corrected", row.getBytes("corrected"));
        return letter;
    }

    /** As text, or in base64 under another name where the bytes are no UTF-8; nothing where there are none. */
    private static void bytes(ObjectNode letter, String name, byte[] bytes) {
        if (bytes == null) {
            return;
        }
        try {
            letter.put(
                    name,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
        } catch (CharacterCodingException e) {
            letter.put(name + "Base64", Base64.getEncoder().encodeToString(bytes));
        }
    }

    private static ObjectNode jobRow(ResultSet row, int number) throws SQLException {
        ObjectNode job = JSON.createObjectNode();
        job.put("job", row.getString("id"));
        job.put("who", row.getString("who"));
        job.put("state", row.getString("state"));
        job.put("at", Times.text(instant(row, "at")));
        if (row.getObject("ended_at") != null) {
            job.put("endedAt", Times.text(instant(row, "ended_at")));
        }
        job.put("ratePerSecond", row.getInt("rate"));
        job.put("letters", row.getLong("letters"));
        job.put("waiting", row.getLong("waiting"));
        job.put("appended", row.getLong("appended"));
        job.put("passedOver", row.getLong("passed"));
        job.put("home", row.getLong("home"));
        job.put("parkedAgain", row.getLong("parked_again"));
        return job;
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
