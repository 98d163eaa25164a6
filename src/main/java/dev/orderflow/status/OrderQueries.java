package dev.orderflow.status;

import dev.orderflow.http.Call;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** The questions that are asked of status.orders. An order whose order-placed has not come yet is not there. */
final class OrderQueries {

    /** Every status, in the words of V5__status.sql. */
    static final List<String> STATUSES = List.of("accepted", "in-progress", "completed", "on-hold");

    private static final String CHANGED =
            "SELECT order_id, changed FROM status.orders WHERE order_id = ANY (?) AND placed_at IS NOT NULL";

    // OFFSET 0 keeps each LATERAL a look into an index: a join is planned as a scan of the whole timeline for as long
    // as
    // nothing is known of that table, which is until its first ANALYZE.
    private static final String FIND = """
            SELECT o.order_id, o.status, o.facts, o.changed, o.placed_at, o.body, t.event, t.service, t.at, t.detail, t.route_version
            FROM unnest(?::uuid[]) AS i (order_id)
            CROSS JOIN LATERAL (
                SELECT * FROM status.orders WHERE order_id = i.order_id AND placed_at IS NOT NULL OFFSET 0) o
            CROSS JOIN LATERAL (SELECT * FROM status.timeline WHERE order_id = i.order_id OFFSET 0) t
            ORDER BY o.order_id, t.event <> 'order-placed', t.at, t.event""";

    // One short index scan for each status that is asked for, from the cursor on; at most limit rows of each are read.
    private static final String PAGE = """
            SELECT o.order_id, o.status, o.placed_at, o.customer_id
            FROM unnest(?::text[]) AS s (status) CROSS JOIN LATERAL (
                SELECT order_id, status, placed_at, customer_id FROM status.orders
                WHERE status = s.status COLLATE "C" AND placed_at IS NOT NULL %s
                    AND (placed_at, order_id) < (?::timestamptz, ?::uuid)
                ORDER BY placed_at DESC, order_id DESC LIMIT ?
            ) o
            ORDER BY o.placed_at DESC, o.order_id DESC LIMIT ?""";

    static final String PAGE_OF_ALL = PAGE.formatted("");
    static final String PAGE_OF_CUSTOMER = PAGE.formatted("AND customer_id = ?");

    private static final OrderPlace NEWEST =
            new OrderPlace("infinity", UUID.fromString("ffffffff-ffff-ffff-ffff-ffffffffffff"));

    private final DataSource dataSource;

    OrderQueries(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** A line of a list. */
    record OrderSummary(UUID orderId, String status, Instant placedAt, String customerId) {

        OrderPlace place() {
            return new OrderPlace(placedAt.toString(), orderId);
        }
    }

    /** Where a page ended: the order after which the next one goes on. */
    record OrderPlace(String placedAt, UUID orderId) {

        static OrderPlace parse(String text) {
            String[] parts = text.split(" ");
            return new OrderPlace(Call.time(parts[0]).toString(), UUID.fromString(parts[1]));
        }

        @Override
        public String toString() {
            return placedAt + " " + orderId;
        }
    }

    record OrderFilter(Optional<String> status, Optional<String> customer) {}

    /** How many facts are known of each of these orders. */
    Map<UUID, Integer> changed(Collection<UUID> ids) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(CHANGED)) {
            statement.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
            Map<UUID, Integer> changed = new HashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    changed.put(rows.getObject(1, UUID.class), rows.getInt(2));
                }
            }
            return changed;
        }
    }

    Optional<OrderView> find(UUID id) throws SQLException {
        return Optional.ofNullable(find(List.of(id)).get(id));
    }

    Map<UUID, OrderView> find(Collection<UUID> ids) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
            Map<UUID, OrderView> found = new HashMap<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    UUID id = row.getObject(1, UUID.class);
                    OrderView state = found.get(id);
                    if (state == null) {
                        state = state(id, row);
                        found.put(id, state);
                    }
                    state.timeline()
                            .add(new OrderView.TimelineEntry(
                                    row.getString(7),
                                    row.getString(8),
                                    instant(row, 9),
                                    row.getString(10),
                                    Optional.ofNullable(row.getString(11))));
                }
            }
            return found;
        }
    }

    /** The next {@code limit} orders after {@code after}, newest first. */
    List<OrderSummary> page(OrderFilter filter, Optional<OrderPlace> after, int limit) throws SQLException {
        String sql = filter.customer().isPresent() ? PAGE_OF_CUSTOMER : PAGE_OF_ALL;
        OrderPlace place = after.orElse(NEWEST);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            int at = 1;
            Object[] statuses = filter.status().map(List::of).orElse(STATUSES).toArray();
            statement.setArray(at++, connection.createArrayOf("text", statuses));
            if (filter.customer().isPresent()) {
                statement.setString(at++, filter.customer().get());
            }
            statement.setString(at++, place.placedAt());
            statement.setObject(at++, place.orderId());
            statement.setInt(at++, limit);
            statement.setInt(at, limit);
            List<OrderSummary> lines = new ArrayList<>(limit);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    lines.add(new OrderSummary(
                            row.getObject(1, UUID.class), row.getString(2), instant(row, 3), row.getString(4)));
                }
            }
            return lines;
        }
    }

    private static OrderView state(UUID id, ResultSet row) throws SQLException {
        return new OrderView(
                id,
                row.getString(2),
                row.getInt(3),
                row.getInt(4),
                instant(row, 5),
                row.getString(6),
                new ArrayList<>());
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
