package dev.orderflow.audit;

import dev.orderflow.audit.Findings.Offence;
import dev.orderflow.delivery.Expectation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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

    private static final String PREPARE = sql("prepare").formatted(place("id"));
    private static final String SERVICES = sql("services");
    private static final String PLACED = sql("placed");
    private static final String CORRECTED = sql("corrected");
    private static final String UNREADABLE = sql("unreadable").formatted(place("d.letter"));
    private static final String HEARD = sql("heard");
    private static final String REDRIVEN = sql("redriven");
    private static final String UNSEEN = sql("unseen");
    private static final String EFFECTS = sql("effects");
    private static final String RECEIPTS =
            "SELECT order_id, at FROM delivery.receipts WHERE service = :service AND event = 'order-placed'";

    private static final String SAID_TWICE = sql("said-twice");
    private static final String STOCK = sql("stock");

    /** The resource {@code audit/NAME.sql}. */
    private static String sql(String name) {
        try (var resource = Reconciliation.class.getResourceAsStream("/audit/" + name + ".sql")) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of a letter's id, without the timestamp. */
    private static String place(String id) {
        return "regexp_replace(%s, '@(\\d+)/-*\\d+$', '@\\1')".formatted(id);
    }

    private final NamedParameterJdbcTemplate jdbc;
    private final Map<String, Object> topics;
    private final Instant since;
    private final List<Expectation> expected = Expectation.told();

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
        List<String> services =
                new ArrayList<>(expected.stream().map(Expectation::service).toList());
        added.stream().filter(service -> !services.contains(service)).forEach(services::add);
        jdbc.queryForList(SERVICES, Map.of(), String.class).stream()
                .filter(service -> !services.contains(service))
                .forEach(services::add);
        return services;
    }

    Findings of(String service) {
        var effects = jdbc.queryForObject(EFFECTS, Map.of("service", service), String.class);
        return of(expected.stream()
                .filter(one -> one.service().equals(service))
                .findFirst()
                .orElseGet(() -> Expectation.ofReceipts(service, Optional.ofNullable(effects))));
    }

    private Findings of(Expectation expectation) {
        var found = new Findings(expectation.service());
        var parameters = new MapSqlParameterSource(topics)
                .addValue("service", expectation.service())
                .addValue("since", Timestamp.from(since));
        jdbc.getJdbcTemplate().execute(CORRECTED.formatted(expectation.service().replace("'", "''")));
        jdbc.query(PLACED.formatted(expectation.join(), expectation.there(), expectation.wrong()), parameters, row -> {
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
        if (!expectation.hears().isEmpty()) {
            jdbc.query(HEARD, parameters.addValue("hears", expectation.hears()), row -> {
                found.add(Offence.LOST, row.getLong("lost"), ids(row, "lost_ids"));
            });
        }
        String effects = expectation
                .unseen()
                .map(select -> RECEIPTS + " UNION ALL " + select)
                .orElse(RECEIPTS);
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
