package dev.orderflow.inventory;

import dev.orderflow.delivery.Compensates;
import dev.orderflow.delivery.Expectation;
import dev.orderflow.delivery.Restores;
import dev.orderflow.events.Event;
import dev.orderflow.events.Order;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Allocates stock: every line of an order or none, in the order in which the orders stand in the topic. Three
 * statements for a batch, whatever its size.
 */
public class Stock implements Compensates, Restores, Expectation.Source {

    // For the audit: what a shortage said is missing must be lines of the order, each wanted as the order wants it and
    // not there.
    private static final String MISSING = """
            NOT coalesce((
                SELECT bool_and(o.lines::jsonb ->> (m ->> 'sku') IS NOT DISTINCT FROM m ->> 'wanted'
                       AND (m ->> 'available')::bigint < (m ->> 'wanted')::bigint)
                  FROM jsonb_path_query(r.outcome::jsonb, '$[*].body.missing[*]') m), false)""";

    static final String SAID_RESERVED = "stock-reserved";
    static final String SAID_SHORT = "stock-short";

    /** Always locked by SKU in ascending order, so that two consumers cannot wait for each other. */
    private static final String LOCK =
            "SELECT sku, on_hand - reserved FROM inventory.stock WHERE sku = ANY(?) ORDER BY sku FOR UPDATE";

    private static final String RESERVE = """
            UPDATE inventory.stock s SET reserved = s.reserved + v.quantity
              FROM unnest(?::text[], ?::int8[]) v(sku, quantity)
             WHERE s.sku = v.sku""";

    private static final String NOTE = """
            INSERT INTO inventory.reservation(order_id, state, lines)
            SELECT v.order_id, v.state, v.lines::jsonb FROM unnest(?::uuid[], ?::text[], ?::text[]) v(order_id, state, lines)""";

    /** What an order keeps, locked like the shelf before it is changed. */
    private static final String KEPT = """
            SELECT s.sku, l.quantity::int8
              FROM inventory.reservation r
             CROSS JOIN LATERAL jsonb_each_text(r.lines) l(sku, quantity)
              JOIN inventory.stock s ON s.sku = l.sku
             WHERE r.order_id = ? AND r.state = 'reserved'
             ORDER BY s.sku FOR UPDATE OF s""";

    /** What was reserved had been there: where the copy has less on hand, it becomes as much as is reserved. */
    private static final String RESERVE_AGAIN = """
            INSERT INTO inventory.stock AS s (sku, on_hand, reserved)
            SELECT v.sku, v.quantity, v.quantity FROM unnest(?::text[], ?::int8[]) v(sku, quantity) ORDER BY v.sku
                ON CONFLICT (sku) DO UPDATE
               SET reserved = s.reserved + excluded.reserved,
                   on_hand = greatest(s.on_hand, s.reserved + excluded.reserved)""";

    private DataSource dataSource;

    public void setDataSource(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** @return for each order, in its order, {@code stock-reserved} or {@code stock-short} with what is missing */
    public List<Event> reserve(List<Event> placed) throws SQLException {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            var shelf = new Shelf(available(connection, placed));
            List<Event> said = new ArrayList<>(placed.size());
            List<Reservation> reservations = new ArrayList<>(placed.size());
            for (Event event : placed) {
                Order order = event.order();
                Event outcome = shelf.allocate(order);
                boolean reserved = outcome.type().equals(SAID_RESERVED);
                said.add(outcome);
                reservations.add(
                        new Reservation(order.orderId(), reserved, reserved ? Lines.json(order.lines()) : "{}"));
            }
            if (!shelf.taken().isEmpty()) {
                take(connection, shelf.taken());
            }
            note(connection, reservations);
            return said;
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }

    @Override
    public void takeBack(UUID orderId) throws SQLException {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try (var select = connection.prepareStatement(KEPT)) {
            select.setObject(1, orderId);
            Map<String, Long> kept = new LinkedHashMap<>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    kept.put(rows.getString(1), -rows.getLong(2));
                }
            }
            if (!kept.isEmpty()) {
                take(connection, kept);
            }
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }

    @Override
    public Optional<String> answers(Event said) {
        boolean restorable =
                said.type().equals(SAID_RESERVED) && !reservedBy(said).isEmpty()
                        || said.type().equals(SAID_SHORT);
        return restorable ? Optional.of(Event.ORDER_PLACED) : Optional.empty();
    }

    @Override
    public List<String> restore(Connection connection, List<Event> said) throws SQLException {
        Map<String, Long> taken = new TreeMap<>();
        List<Reservation> reservations = new ArrayList<>(said.size());
        for (Event event : said) {
            Map<String, Long> lines = reservedBy(event);
            lines.forEach((sku, quantity) -> taken.merge(sku, quantity, Long::sum));
            reservations.add(new Reservation(event.orderId(), event.type().equals(SAID_RESERVED), Lines.json(lines)));
        }
        note(connection, reservations);
        if (taken.isEmpty()) {
            return List.of();
        }
        Map<String, Long> available = available(connection, taken.keySet());
        try (var reserve = connection.prepareStatement(RESERVE_AGAIN)) {
            reserve.setArray(1, connection.createArrayOf("text", taken.keySet().toArray()));
            reserve.setArray(2, connection.createArrayOf("int8", taken.values().toArray()));
            reserve.executeUpdate();
        }
        List<String> raised = new ArrayList<>(0);
        taken.forEach((sku, quantity) -> {
            long missing = quantity - available.getOrDefault(sku, 0L);
            if (missing > 0) {
                raised.add("on hand of sku '%s' was raised by %d, to what was reserved of it".formatted(sku, missing));
            }
        });
        return raised;
    }

    /** The lines of a {@code stock-reserved}; empty where it has none that can be read. */
    private static Map<String, Long> reservedBy(Event said) {
        Map<String, Long> lines = new LinkedHashMap<>();
        if (said.data() instanceof Map<?, ?> data && data.get("lines") instanceof List<?> list) {
            for (Object one : list) {
                if (!(one instanceof Map<?, ?> line
                        && line.get("sku") instanceof String sku
                        && line.get("quantity") instanceof Number quantity)) {
                    return Map.of();
                }
                lines.merge(sku, quantity.longValue(), Long::sum);
            }
        }
        return lines;
    }

    private static Map<String, Long> available(Connection connection, List<Event> placed) throws SQLException {
        Set<String> named = new HashSet<>(placed.size() * 2);
        for (Event event : placed) {
            for (var line : event.order().lines()) {
                named.add(line.sku());
            }
        }
        return available(connection, named);
    }

    private static Map<String, Long> available(Connection connection, Set<String> named) throws SQLException {
        String[] skus = named.toArray(String[]::new);
        try (var select = connection.prepareStatement(LOCK)) {
            select.setArray(1, connection.createArrayOf("text", skus));
            Map<String, Long> available = new HashMap<>(skus.length * 2);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    available.put(rows.getString(1), rows.getLong(2));
                }
            }
            return available;
        }
    }

    private static void take(Connection connection, Map<String, Long> taken) throws SQLException {
        try (var update = connection.prepareStatement(RESERVE)) {
            update.setArray(1, connection.createArrayOf("text", taken.keySet().toArray()));
            update.setArray(2, connection.createArrayOf("int8", taken.values().toArray()));
            if (update.executeUpdate() != taken.size()) {
                throw new IllegalStateException("A stock row that was locked is gone.");
            }
        }
    }

    /** What an order keeps: its lines, or nothing where it is short. */
    private record Reservation(UUID order, boolean reserved, String lines) {}

    private static void note(Connection connection, List<Reservation> reservations) throws SQLException {
        int count = reservations.size();
        var orders = new UUID[count];
        var states = new String[count];
        var lines = new String[count];
        for (int i = 0; i < count; i++) {
            Reservation one = reservations.get(i);
            orders[i] = one.order();
            states[i] = one.reserved() ? "reserved" : "short";
            lines[i] = one.lines();
        }
        try (var insert = connection.prepareStatement(NOTE)) {
            insert.setArray(1, connection.createArrayOf("uuid", orders));
            insert.setArray(2, connection.createArrayOf("text", states));
            insert.setArray(3, connection.createArrayOf("text", lines));
            insert.executeUpdate();
        }
    }

    @Override
    public Expectation expectation() {
        return new Expectation(
                "inventory",
                Optional.of("inventory.reservation e ON e.order_id = o.order_id"),
                "CASE e.state WHEN 'reserved' THEN e.lines::text <> o.lines WHEN 'short' THEN e.lines <> '{}' OR %s END"
                        .formatted(MISSING),
                Optional.of("SELECT order_id, at FROM inventory.reservation"),
                List.of());
    }
}
