package dev.orderflow.rehearsal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The rows that a service keeps of an order: those of the tables in its schema that have an {@code order_id}. Times and
 * counted numbers are left out, since they differ whenever something is done again.
 */
final class OrderRows {

    private static final String COLUMNS = """
            SELECT c.table_name, c.column_name
              FROM information_schema.columns c
              JOIN information_schema.tables t USING (table_schema, table_name)
             WHERE c.table_schema = ? AND t.table_type = 'BASE TABLE'
               AND c.data_type NOT LIKE 'timestamp%' AND c.data_type NOT LIKE 'time %'
               AND c.is_identity = 'NO' AND coalesce(c.column_default, '') NOT LIKE 'nextval(%'
               AND EXISTS (SELECT FROM information_schema.columns k
                            WHERE k.table_schema = c.table_schema AND k.table_name = c.table_name
                              AND k.column_name = 'order_id' AND k.data_type = 'uuid')
             ORDER BY c.table_name, c.ordinal_position""";

    private final String schema;
    private final Map<String, List<String>> tables = new LinkedHashMap<>();

    private OrderRows(String schema) {
        this.schema = schema;
    }

    static OrderRows of(Connection connection, String schema) throws SQLException {
        var rows = new OrderRows(schema);
        try (var select = connection.prepareStatement(COLUMNS)) {
            select.setString(1, schema);
            try (var found = select.executeQuery()) {
                while (found.next()) {
                    rows.tables
                            .computeIfAbsent(found.getString(1), table -> new ArrayList<>())
                            .add(found.getString(2));
                }
            }
        }
        return rows;
    }

    /** Each row as a JSON object, by its table; sorted, since rows have no order. */
    Map<String, List<String>> read(Connection connection, UUID order) throws SQLException {
        Map<String, List<String>> read = new LinkedHashMap<>();
        for (var table : tables.entrySet()) {
            var members = table.getValue().stream()
                    .filter(column -> !column.equals("order_id"))
                    .map(column -> "t." + quoted(column))
                    .toList();
            String sql = members.isEmpty()
                    ? "SELECT '{}' FROM %s t WHERE t.order_id = ?".formatted(name(table.getKey()))
                    : "SELECT row_to_json((SELECT r FROM (SELECT %s) r))::text FROM %s t WHERE t.order_id = ? ORDER BY 1"
                            .formatted(String.join(", ", members), name(table.getKey()));
            List<String> rows = new ArrayList<>();
            try (var select = connection.prepareStatement(sql)) {
                select.setObject(1, order);
                try (var found = select.executeQuery()) {
                    while (found.next()) {
                        rows.add(found.getString(1));
                    }
                }
            }
            read.put(schema + "." + table.getKey(), rows);
        }
        return read;
    }

    void delete(Connection connection, UUID order) throws SQLException {
        for (String table : tables.keySet()) {
            try (var delete = connection.prepareStatement("DELETE FROM %s WHERE order_id = ?".formatted(name(table)))) {
                delete.setObject(1, order);
                delete.executeUpdate();
            }
        }
    }

    private String name(String table) {
        return quoted(schema) + "." + quoted(table);
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
