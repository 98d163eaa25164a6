package dev.orderflow.audit;

import dev.orderflow.audit.Findings.Offence;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Holds the ledger against the services' tables, within one snapshot of the database. */
final class Reconciliation {

    // A letter's id says its event, or the place of a record that could not be read, with the record's timestamp behind
    // it in letters of this version. Of an order that stands in the topic more than once, the first record counts.
    private static final String PREPARE = """
            ANALYZE audit_placed; ANALYZE audit_event; ANALYZE audit_committed;
            CREATE TEMP TABLE audit_order AS
                SELECT DISTINCT ON (order_id) * FROM audit_placed ORDER BY order_id, tail, part, off;
            CREATE TEMP TABLE audit_known_letter AS
                SELECT id, service, %1$s AS place, max(attempt) AS attempt FROM (
                    SELECT id, service, attempt FROM audit_letter
                    UNION ALL SELECT orderflow_id, service, attempt FROM redrive.dead_letter) l
                 GROUP BY id, service;
            ANALYZE audit_order; ANALYZE audit_known_letter; ANALYZE audit_redriven;""".formatted(place("id"));

    private static final String SERVICES = """
            WITH RECURSIVE s AS (
                (SELECT service FROM delivery.receipts ORDER BY service LIMIT 1)
                UNION ALL
                SELECT (SELECT r.service FROM delivery.receipts r WHERE r.service > s.service ORDER BY 1 LIMIT 1)
                  FROM s WHERE s.service IS NOT NULL)
            SELECT service FROM s WHERE service IS NOT NULL""";

    // An order that could not be read and was corrected is an order of the one service that it went back to.
    private static final String PLACED = """
            SELECT count(*) AS accepted,
                   count(*) FILTER (WHERE fate = 'done') AS done,
                   count(*) FILTER (WHERE fate = 'parked') AS parked,
                   count(*) FILTER (WHERE fate = 'in flight') AS in_flight,
                   count(*) FILTER (WHERE fate = 'skipped') AS skipped,
                   count(*) FILTER (WHERE fate = 'lost') AS lost,
                   count(*) FILTER (WHERE wrong) AS wrong,
                   count(*) FILTER (WHERE twice) AS twice,
                   (array_agg(order_id::text) FILTER (WHERE fate = 'lost'))[1\\:20] AS lost_ids,
                   (array_agg(order_id::text) FILTER (WHERE wrong))[1\\:20] AS wrong_ids,
                   (array_agg(order_id::text) FILTER (WHERE twice))[1\\:20] AS twice_ids
              FROM (
                SELECT o.order_id,
                       CASE WHEN r.order_id IS NOT NULL AND NOT r.parked
                                 THEN CASE WHEN %2$s THEN 'done' ELSE 'lost' END
                            WHEN r.parked AND l.id IS NOT NULL THEN 'parked'
                            WHEN o.off >= coalesce(c.off, 0) THEN 'in flight'
                            WHEN s.service IS NOT NULL THEN 'skipped'
                            ELSE 'lost' END AS fate,
                       coalesce(NOT r.parked AND (%3$s), false) AS wrong,
                       coalesce(%2$s AND (r.order_id IS NULL OR r.parked OR l.attempt >= r.attempt), false) AS twice
                  FROM (
                    SELECT p.order_id, p.part, p.off, coalesce(d.lines, p.lines) AS lines,
                           coalesce(d.pieces, p.pieces) AS pieces, coalesce(d.customer, p.customer) AS customer,
                           d.letter
                      FROM audit_order p LEFT JOIN audit_corrected d ON d.order_id = p.order_id
                     WHERE NOT p.tail
                    UNION ALL
                    SELECT d.order_id, d.part, d.off, d.lines, d.pieces, d.customer, d.letter FROM audit_corrected d
                     WHERE NOT EXISTS (SELECT FROM audit_order p WHERE p.order_id = d.order_id)) o
                  LEFT JOIN delivery.receipts r
                    ON r.service = :service AND r.order_id = o.order_id AND r.event = 'order-placed'
                  %1$s
                  LEFT JOIN audit_committed c ON c.service = :service AND c.topic = :orders AND c.part = o.part
                  LEFT JOIN LATERAL (SELECT g.service FROM delivery.gap g
                                      WHERE g.kind = 'skipped' AND g.over_at IS NULL AND g.service = :service AND g.topic = :orders
                                        AND g.record_partition = o.part
                                        AND o.off >= g.from_offset AND o.off < g.to_offset LIMIT 1) s ON true
                  LEFT JOIN audit_known_letter l
                    ON l.service = :service
                   AND l.id = coalesce(o.letter, :service || '/' || o.order_id || '/order-placed')) judged""";

    // What the service acted on: of several redrives, the one that its receipt counts.
    private static final String CORRECTED = """
            DROP TABLE IF EXISTS audit_corrected;
            CREATE TEMP TABLE audit_corrected AS
                SELECT DISTINCT ON (d.order_id) d.* FROM audit_redriven d
                  LEFT JOIN delivery.receipts r
                    ON r.service = d.service AND r.order_id = d.order_id AND r.event = 'order-placed'
                 WHERE d.service = '%s' AND d.lines IS NOT NULL AND NOT d.tail
                 ORDER BY d.order_id, d.attempt = r.attempt DESC NULLS LAST, d.attempt DESC;
            ANALYZE audit_corrected;""";

    private static final String UNREADABLE = """
            SELECT count(*) AS accepted,
                   count(*) FILTER (WHERE fate = 'parked') AS parked,
                   count(*) FILTER (WHERE fate = 'in flight') AS in_flight,
                   count(*) FILTER (WHERE fate = 'skipped') AS skipped,
                   count(*) FILTER (WHERE fate = 'lost') AS lost,
                   (array_agg(place) FILTER (WHERE fate = 'lost'))[1\\:20] AS lost_ids
              FROM (
                SELECT u.place, CASE WHEN EXISTS (SELECT FROM audit_known_letter l WHERE l.service = :service
                                                   AND l.place = :service || '/' || u.place) THEN 'parked'
                                     WHEN u.off >= coalesce(c.off, 0) THEN 'in flight'
                                     WHEN EXISTS (SELECT FROM delivery.gap g
                                                   WHERE g.kind = 'skipped' AND g.over_at IS NULL AND g.service = :service AND g.topic = :orders
                                                     AND g.record_partition = u.part
                                                     AND u.off >= g.from_offset AND u.off < g.to_offset) THEN 'skipped'
                                     ELSE 'lost' END AS fate
                  FROM (SELECT part, off, :orders || '-' || part || '@' || off AS place
                          FROM audit_unreadable WHERE NOT tail) u
                  LEFT JOIN audit_committed c ON c.service = :service AND c.topic = :orders AND c.part = u.part
                 WHERE NOT EXISTS (SELECT FROM audit_corrected d WHERE %s = :service || '/' || u.place)) judged""".formatted(place("d.letter"));

    private static final String HEARD = """
            SELECT count(*) AS lost, (array_agg(id))[1\\:20] AS lost_ids
              FROM (
                SELECT DISTINCT e.order_id || '/' || e.event AS id
                  FROM audit_event e
                  LEFT JOIN delivery.receipts r
                    ON r.service = :service AND r.order_id = e.order_id AND r.event = e.event
                  JOIN audit_committed c
                    ON c.service = :service AND c.topic = :events AND c.part = e.part AND c.off > e.off
                 WHERE e.event IN (:hears) AND r.order_id IS NULL
                   AND NOT EXISTS (SELECT FROM audit_known_letter l WHERE l.service = :service
                        AND l.place = :service || '/' || :events || '-' || e.part || '@' || e.off)) missing""";

    private static final String REDRIVEN = """
            SELECT count(DISTINCT d.letter) AS redriven,
                   count(*) FILTER (WHERE missing) AS lost, (array_agg(d.letter) FILTER (WHERE missing))[1\\:20] AS lost_ids
              FROM (
                SELECT d.letter, d.off < coalesce(c.off, 0) AND l.id IS NULL
                       AND NOT coalesce(NOT r.parked OR r.attempt >= d.attempt, false) AS missing
                  FROM audit_redriven d
                  LEFT JOIN audit_committed c ON c.service = d.service AND c.topic = d.topic AND c.part = d.part
                  LEFT JOIN delivery.receipts r
                    ON r.service = d.service AND r.order_id = d.order_id AND r.event = d.event
                  LEFT JOIN audit_known_letter l ON l.id = d.letter AND l.attempt >= d.attempt
                 WHERE d.service = :service AND NOT d.tail) d""";

    // What was placed before the oldest record that is left may have left the topic, however late it was done.
    // Clocks and appends may differ by a moment. Where status passed orders, nobody knows when those were placed.
    private static final String UNSEEN = """
            SELECT count(DISTINCT e.order_id) AS unseen, (array_agg(DISTINCT e.order_id::text))[1\\:20] AS unseen_ids
              FROM (%s) e
             WHERE e.at >= :since
               AND NOT EXISTS (SELECT FROM audit_order o WHERE o.order_id = e.order_id)
               AND NOT EXISTS (SELECT FROM status.orders p WHERE p.order_id = e.order_id
                                  AND p.placed_at < CAST(:since AS timestamptz) + interval '1 second')
               AND (EXISTS (SELECT FROM status.orders p WHERE p.order_id = e.order_id AND p.placed_at IS NOT NULL)
                    OR NOT EXISTS (SELECT FROM delivery.gap g WHERE g.service = 'status' AND g.topic = :orders))
               AND NOT EXISTS (
                    SELECT FROM audit_redriven d WHERE d.service = :service AND d.order_id = e.order_id)""";

    // Of what an added service wrote the time is not known: it is judged only where nothing has left the topic.
    private static final String EFFECTS = """
            SELECT string_agg(format('SELECT order_id, timestamptz ''epoch'' AS at FROM %I.%I', table_schema, table_name),
                              ' UNION ALL ' ORDER BY table_name)
              FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
             WHERE table_schema = :service AND column_name = 'order_id' AND udt_name = 'uuid'
               AND table_type = 'BASE TABLE'""";

    private static final String RECEIPTS =
            "SELECT order_id, at FROM delivery.receipts WHERE service = :service AND event = 'order-placed'";

    private static final String SAID_TWICE = """
            SELECT service, count(*) AS twice, (array_agg(order_id || '/' || event))[1\\:20] AS twice_ids
              FROM (
                SELECT order_id, event, min(service) AS service FROM audit_event
                 GROUP BY order_id, event HAVING min(hash) <> max(hash)) e
             GROUP BY service""";

    private static final String STOCK = """
            SELECT coalesce(s.sku, q.sku) AS sku, coalesce(s.reserved, 0) AS reserved, coalesce(q.quantity, 0) AS orders
              FROM inventory.stock s
              FULL JOIN (
                SELECT l.key COLLATE "C" AS sku, sum(l.value::bigint) AS quantity
                  FROM inventory.reservation r, jsonb_each_text(r.lines) l WHERE r.state = 'reserved' GROUP BY 1) q
                ON q.sku = s.sku""";

    /** Of a letter's id, without the timestamp. */
    private static String place(String id) {
        return "regexp_replace(%s, '@(\\d+)/-*\\d+$', '@\\1')".formatted(id);
    }

    private final NamedParameterJdbcTemplate jdbc;
    private final Map<String, Object> topics;
    private final Instant since;

    /** @param since effects before it are not asked for their order, which may have left the topic */
    Reconciliation(Connection connection, String orders, String events, Instant since) {
        this.jdbc = new NamedParameterJdbcTemplate(new SingleConnectionDataSource(connection, true));
        this.topics = Map.of("orders", orders, "events", events);
        this.since = since;
    }

    void prepare() {
        jdbc.getJdbcTemplate().execute(PREPARE);
    }

    /** @param added services of this process, which may have no receipt at all */
    List<String> services(Collection<String> added) {
        List<String> services = new ArrayList<>(
                Expectation.known().stream().map(Expectation::service).toList());
        added.stream().filter(service -> !services.contains(service)).forEach(services::add);
        jdbc.queryForList(SERVICES, Map.of(), String.class).stream()
                .filter(service -> !services.contains(service))
                .forEach(services::add);
        return services;
    }

    Findings of(String service) {
        var effects = jdbc.queryForObject(EFFECTS, Map.of("service", service), String.class);
        return of(Expectation.of(service, Optional.ofNullable(effects)));
    }

    private Findings of(Expectation duty) {
        var found = new Findings(duty.service());
        var parameters = new MapSqlParameterSource(topics)
                .addValue("service", duty.service())
                .addValue("since", Timestamp.from(since));
        jdbc.getJdbcTemplate().execute(CORRECTED.formatted(duty.service().replace("'", "''")));
        jdbc.query(PLACED.formatted(duty.join(), duty.there(), duty.wrong()), parameters, row -> {
            found.accepted += row.getLong("accepted");
            found.done += row.getLong("done");
            found.parked += row.getLong("parked");
            found.inFlight += row.getLong("in_flight");
            found.skipped += row.getLong("skipped");
            found.add(Offence.LOST, row.getLong("lost"), ids(row, "lost_ids"));
            found.add(Offence.WRONG, row.getLong("wrong"), ids(row, "wrong_ids"));
            found.add(Offence.DUPLICATED, row.getLong("twice"), ids(row, "twice_ids"));
        });
        jdbc.query(UNREADABLE, parameters, row -> {
            found.accepted += row.getLong("accepted");
            found.parked += row.getLong("parked");
            found.inFlight += row.getLong("in_flight");
            found.skipped += row.getLong("skipped");
            found.add(Offence.LOST, row.getLong("lost"), ids(row, "lost_ids"));
        });
        jdbc.query(REDRIVEN, parameters, row -> {
            found.redriven = row.getLong("redriven");
            found.add(Offence.LOST, row.getLong("lost"), ids(row, "lost_ids"));
        });
        if (!duty.hears().isEmpty()) {
            jdbc.query(HEARD, parameters.addValue("hears", duty.hears()), row -> {
                found.add(Offence.LOST, row.getLong("lost"), ids(row, "lost_ids"));
            });
        }
        String effects =
                duty.unseen().map(select -> RECEIPTS + " UNION ALL " + select).orElse(RECEIPTS);
        jdbc.query(UNSEEN.formatted(effects), parameters, row -> {
            found.add(Offence.UNSEEN, row.getLong("unseen"), ids(row, "unseen_ids"));
        });
        return found;
    }

    /** What the services' groups passed without their work, and skips; the newest first. */
    List<PassedOffsets> passed() {
        return jdbc.query(
                "SELECT service, topic, record_partition, from_offset, to_offset, kind, at, closed_by FROM delivery.gap ORDER BY at DESC LIMIT "
                        + PassedOffsets.MAX,
                (row, n) -> new PassedOffsets(
                        row.getString(1),
                        row.getString(2),
                        row.getInt(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getString(6),
                        row.getObject(7, OffsetDateTime.class).toInstant(),
                        Optional.ofNullable(row.getString(8))));
    }

    /** The same event with another content: its service acted twice. */
    void saidTwice(List<Findings> findings) {
        jdbc.query(SAID_TWICE, Map.of(), row -> {
            String service = row.getString("service");
            for (Findings found : findings) {
                if (found.service.equals(service)) {
                    found.add(Offence.DUPLICATED, row.getLong("twice"), ids(row, "twice_ids"));
                }
            }
        });
    }

    /** @param differing the skus whose reserved stock is not the sum of their reservations */
    record StockCheck(long reserved, long reservations, List<String> differing) {}

    StockCheck stock() {
        long[] sums = new long[2];
        List<String> differing = new ArrayList<>();
        jdbc.query(STOCK, Map.of(), row -> {
            sums[0] += row.getLong("reserved");
            sums[1] += row.getLong("orders");
            if (row.getLong("reserved") != row.getLong("orders") && differing.size() < Findings.OFFENDERS_MAX) {
                differing.add("%s: %,d reserved, %,d by orders"
                        .formatted(row.getString("sku"), row.getLong("reserved"), row.getLong("orders")));
            }
        });
        return new StockCheck(sums[0], sums[1], differing);
    }

    private static List<String> ids(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        return array == null ? List.of() : List.of((String[]) array.getArray());
    }
}
