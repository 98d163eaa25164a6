package dev.orderflow.bench;

import dev.orderflow.events.Order;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Reserves stock: locks the rows, takes, and notes. */
final class RawInventory implements RawWork {

    private static final String LOCK =
            "SELECT sku, on_hand - reserved FROM inventory.stock WHERE sku = ANY(?) ORDER BY sku FOR UPDATE";
    private static final String RESERVE =
            "UPDATE inventory.stock s SET reserved = s.reserved + v.q FROM unnest(?::text[], ?::int8[]) v(sku, q) WHERE s.sku = v.sku";
    private static final String NOTE =
            "INSERT INTO inventory.reservation(order_id, state, lines) SELECT v.id, 'reserved', v.l::jsonb FROM unnest(?::uuid[], ?::text[]) v(id, l)";

    @Override
    public String service() {
        return "inventory";
    }

    @Override
    public String says() {
        return "stock-reserved";
    }

    @Override
    public Map<UUID, String> act(Connection connection, Collection<Order> orders) throws SQLException {
        reserve(connection, orders);
        var ids = new ArrayList<UUID>(orders.size());
        var notes = new ArrayList<String>(orders.size());
        for (Order order : orders) {
            var note = new StringBuilder("{");
            for (var line : order.lines()) {
                note.append(note.length() > 1 ? ",\"" : "\"")
                        .append(line.sku())
                        .append("\":")
                        .append(line.quantity());
            }
            ids.add(order.orderId());
            notes.add(note.append('}').toString());
        }
        try (var insert = connection.prepareStatement(NOTE)) {
            RawWork.bind(insert, 1, "uuid", ids);
            RawWork.bind(insert, 2, "text", notes);
            insert.executeUpdate();
        }
        return RawWork.said(orders, RawInventory::lines);
    }

    private static String lines(Order order) {
        var lines = new StringBuilder("\"lines\":[");
        for (var line : order.lines()) {
            lines.append(line == order.lines().get(0) ? "" : ",")
                    .append("{\"sku\":\"")
                    .append(line.sku());
            lines.append("\",\"quantity\":").append(line.quantity()).append('}');
        }
        return lines.append(']').toString();
    }

    private static void reserve(Connection connection, Collection<Order> orders) throws SQLException {
        var wanted = new TreeMap<String, Long>();
        orders.forEach(order ->
                order.lines().forEach(line -> wanted.merge(line.sku(), (long) line.quantity(), Long::sum)));
        try (var lock = connection.prepareStatement(LOCK)) {
            RawWork.bind(lock, 1, "text", List.copyOf(wanted.keySet()));
            try (var rows = lock.executeQuery()) {
                while (rows.next()) {
                    if (rows.getLong(2) < wanted.get(rows.getString(1))) {
                        throw new IllegalStateException("The bench's stock is used up.");
                    }
                }
            }
        }
        try (var update = connection.prepareStatement(RESERVE)) {
            RawWork.bind(update, 1, "text", List.copyOf(wanted.keySet()));
            RawWork.bind(update, 2, "int8", List.copyOf(wanted.values()));
            update.executeUpdate();
        }
    }
}
