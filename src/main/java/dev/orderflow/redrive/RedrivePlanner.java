package dev.orderflow.redrive;

import dev.orderflow.redrive.RedrivePlan.PlanStep;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Says what a redrive would do, and makes it a job. */
final class RedrivePlanner {

    private static final int STEPS_MAX = 100;

    /** One rule for the dry run and for the job. A letter without a topic of ours came from somebody else. */
    private static final String ACTIONS = """
            WITH planned AS (
                SELECT d.id, d.orderflow_id, d.service, d.topic, d.attempt, d.state, d.dlt_partition, d.dlt_offset,
                       greatest(d.attempt, d.sent) AS tries,
                       CASE WHEN d.topic NOT IN (:topics) THEN 'skip'
                            WHEN :override AND d.state IN ('parked', 'quarantined') THEN 'redrive'
                            WHEN :override AND d.state = 'redriven' AND d.lease_until IS NULL THEN 'redrive'
                            WHEN d.state = 'parked' AND d.attempt >= :attemptsMax THEN 'quarantine'
                            WHEN d.state = 'parked' THEN 'redrive'
                            ELSE 'skip' END AS action
                  FROM redrive.dead_letter d WHERE %s)
            """;

    private static final String COUNT = "SELECT action, count(*) AS letters FROM planned GROUP BY action";

    private static final String FIRST = """
            SELECT id, orderflow_id, service, topic, attempt, action,
                   CASE WHEN action <> 'skip' THEN ''
                        WHEN topic NOT IN (:topics) THEN 'its original topic is none of ours'
                        WHEN state = 'quarantined' THEN 'it is quarantined, and only override moves it'
                        WHEN state = 'redriven' THEN 'it is on its way already'
                        ELSE 'it is home already' END AS reason
              FROM planned ORDER BY dlt_partition, dlt_offset LIMIT :limit""";

    private static final String ITEMS = """
            INSERT INTO redrive.job_item (job, n, letter, tries)
            SELECT :job, row_number() OVER (ORDER BY dlt_partition, dlt_offset), id, tries
              FROM planned WHERE action = 'redrive'""";

    private static final String QUARANTINE = """
            , moved AS (
                UPDATE redrive.dead_letter d SET state = 'quarantined', changed_at = now()
                  FROM planned p WHERE p.action = 'quarantine' AND d.id = p.id AND d.state = 'parked'
                RETURNING d.id, d.attempt)
            INSERT INTO redrive.history (letter, who, what, attempt, detail)
            SELECT id, :who, 'quarantined', attempt, 'it had ' || attempt || ' tries of ' || :attemptsMax FROM moved""";

    private static final String JOB = """
            INSERT INTO redrive.job (id, who, rate, override, corrected)
            VALUES (:job, :who, :rate, :override, :corrected)""";

    private final NamedParameterJdbcTemplate jdbc;
    private final TransactionTemplate transaction;
    private final List<String> topics;

    RedrivePlanner(DataSource database, List<String> topics) {
        this.jdbc = new NamedParameterJdbcTemplate(database);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        this.topics = topics;
    }

    /** Changes nothing. */
    RedrivePlan dryRun(RedriveCommand command) {
        var parameters = parameters(command);
        String actions = ACTIONS.formatted(command.selection().condition());
        long[] counts = new long[3];
        jdbc.query(actions + COUNT, parameters, row -> {
            counts[List.of("redrive", "quarantine", "skip").indexOf(row.getString("action"))] = row.getLong("letters");
        });
        List<PlanStep> first = jdbc.query(actions + FIRST, parameters, RedrivePlanner::step);
        return new RedrivePlan(counts[0], counts[1], counts[2], first, Optional.empty());
    }

    /** Quarantines what had its last try, and leaves the rest to the background, as a job. */
    RedrivePlan run(RedriveCommand command, String who) {
        return transaction.execute(begun -> {
            RedrivePlan plan = dryRun(command);
            UUID job = UUID.randomUUID();
            var parameters = parameters(command)
                    .addValue("job", job)
                    .addValue("who", who)
                    .addValue("rate", command.ratePerSecond())
                    .addValue("corrected", command.corrected().orElse(null), Types.BINARY);
            String actions = ACTIONS.formatted(command.selection().condition());
            jdbc.update(JOB, parameters);
            int redriven = jdbc.update(actions + ITEMS, parameters);
            int quarantined = jdbc.update(actions + QUARANTINE, parameters);
            return new RedrivePlan(redriven, quarantined, plan.skip(), plan.first(), Optional.of(job));
        });
    }

    private MapSqlParameterSource parameters(RedriveCommand command) {
        return command.selection()
                .put(new MapSqlParameterSource()
                        .addValue("topics", topics)
                        .addValue("override", command.override())
                        .addValue("attemptsMax", command.maxAttempts())
                        .addValue("limit", STEPS_MAX));
    }

    private static PlanStep step(ResultSet row, int number) throws SQLException {
        return new PlanStep(
                row.getString("id"),
                row.getString("orderflow_id"),
                row.getString("service"),
                row.getString("topic"),
                row.getInt("attempt"),
                row.getString("action"),
                row.getString("reason"));
    }
}
