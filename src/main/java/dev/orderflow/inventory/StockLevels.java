package dev.orderflow.inventory;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Stock as clients list and set it; orders reserve it through {@link Stock}. */
final class StockLevels {

    private static final String PAGE =
            "SELECT sku, on_hand, reserved FROM inventory.stock WHERE sku > ? ORDER BY sku LIMIT ?";
    private static final String FIND = "SELECT sku, on_hand, reserved FROM inventory.stock WHERE sku = ?";

    // A row that this inserts was never locked or updated, so its xmax is 0.
    private static final String SET = """
            INSERT INTO inventory.stock AS s (sku, on_hand) VALUES (?, ?)
            ON CONFLICT (sku) DO UPDATE SET on_hand = excluded.on_hand WHERE s.reserved <= excluded.on_hand
            RETURNING sku, on_hand, reserved, xmax = 0""";

    private final DataSource dataSource;

    StockLevels(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** What became of a setting of stock. */
    sealed interface Outcome permits Added, Changed, Reserved {}

    record Added(StockItem item) implements Outcome {}

    record Changed(StockItem item) implements Outcome {}

    /** Nothing was set: more than that is reserved. */
    record Reserved(StockItem item) implements Outcome {}

    List<StockItem> page(String after, int limit) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(PAGE)) {
            statement.setString(1, after);
            statement.setInt(2, limit);
            List<StockItem> items = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    items.add(item(row));
                }
            }
            return items;
        }
    }

    Optional<StockItem> find(String sku) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return find(connection, sku);
        }
    }

    Outcome set(String sku, long onHand) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(SET)) {
            statement.setString(1, sku);
            statement.setLong(2, onHand);
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    return row.getBoolean(4) ? new Added(item(row)) : new Changed(item(row));
                }
            }
            return new Reserved(find(connection, sku)
                    .orElseThrow(() -> new SQLException("The stock of '" + sku + "' went away meanwhile.")));
        }
    }

    private static Optional<StockItem> find(Connection connection, String sku) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setString(1, sku);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(item(row)) : Optional.empty();
            }
        }
    }

    private static StockItem item(ResultSet row) throws SQLException {
        return new StockItem(row.getString(1), row.getLong(2), row.getLong(3));
    }
}
