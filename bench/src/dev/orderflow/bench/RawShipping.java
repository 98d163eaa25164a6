package dev.orderflow.bench;

import dev.orderflow.events.Order;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;

/** Books a shipment an order; the choice of the carrier is two ifs. */
final class RawShipping implements RawWork {

    private static final String BOOK = """
            INSERT INTO shipping.shipment AS s (order_id, state, carrier, service_level, label, pieces)
            SELECT v.order_id, 'prepared', v.carrier, v.service_level, v.label, v.pieces
              FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::int4[])
                   v(order_id, carrier, service_level, label, pieces)
            ON CONFLICT (order_id) DO UPDATE
               SET carrier = excluded.carrier, service_level = excluded.service_level,
                   label = excluded.label, pieces = excluded.pieces, at = now()
            RETURNING s.order_id, s.state""";

    @Override
    public String service() {
        return "shipping";
    }

    @Override
    public String says() {
        return "shipment-prepared";
    }

    @Override
    public Map<UUID, String> act(Connection connection, Collection<Order> orders) throws SQLException {
        var ids = new ArrayList<UUID>(orders.size());
        var carriers = new ArrayList<String>(orders.size());
        var levels = new ArrayList<String>(orders.size());
        var labels = new ArrayList<String>(orders.size());
        var pieces = new ArrayList<Integer>(orders.size());
        for (Order order : orders) {
            ids.add(order.orderId());
            carriers.add(carrier(order));
            levels.add(level(order));
            labels.add(label(order.orderId()));
            pieces.add(order.pieces());
        }
        try (var insert = connection.prepareStatement(BOOK)) {
            RawWork.bind(insert, 1, "uuid", ids);
            RawWork.bind(insert, 2, "text", carriers);
            RawWork.bind(insert, 3, "text", levels);
            RawWork.bind(insert, 4, "text", labels);
            RawWork.bind(insert, 5, "int4", pieces);
            try (var rows = insert.executeQuery()) {
                while (rows.next()) {
                    if (!rows.getString(2).equals("prepared")) {
                        throw new IllegalStateException("The bench has no shortages.");
                    }
                }
            }
        }
        return RawWork.said(
                orders,
                order -> "\"carrier\":\"" + carrier(order) + "\",\"serviceLevel\":\"" + level(order) + "\",\"label\":\""
                        + label(order.orderId()) + "\",\"pieces\":" + order.pieces());
    }

    private static String carrier(Order order) {
        return order.pieces() > 100
                ? "northway-freight"
                : order.shipTo().country().equals("DE") ? "swift-post" : "world-parcel";
    }

    private static String level(Order order) {
        return order.pieces() > 100 ? "pallet" : order.shipTo().country().equals("DE") ? "next-day" : "tracked";
    }

    private static String label(UUID id) {
        long mixed = id.getMostSignificantBits() ^ Long.rotateLeft(id.getLeastSignificantBits(), 31);
        return "OF-" + HexFormat.of().withUpperCase().toHexDigits(mixed);
    }
}
