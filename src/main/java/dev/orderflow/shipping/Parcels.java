package dev.orderflow.shipping;

import dev.orderflow.events.Event;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.camel.Body;
import org.apache.camel.Header;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Books shipments: one an order, prepared or held. An order and its shortage may come in either order, in one batch or
 * in two; the shipment ends the same.
 */
public class Parcels {

    private static final String HOLD = """
            INSERT INTO shipping.shipment AS s (order_id, state)
            SELECT v.order_id, 'held' FROM unnest(?::uuid[]) v(order_id)
            ON CONFLICT (order_id) DO UPDATE SET state = 'held', at = now()
            RETURNING s.order_id, s.carrier IS NOT NULL""";

    private static final String BOOK = """
            INSERT INTO shipping.shipment AS s (order_id, state, carrier, service_level, label, pieces)
            SELECT v.order_id, 'prepared', v.carrier, v.service_level, v.label, v.pieces
              FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::int4[])
                   v(order_id, carrier, service_level, label, pieces)
            ON CONFLICT (order_id) DO UPDATE
               SET carrier = excluded.carrier, service_level = excluded.service_level,
                   label = excluded.label, pieces = excluded.pieces, at = now()
            RETURNING s.order_id, s.state""";

    private static final String REASON = "stock-short";

    private DataSource dataSource;

    public void setDataSource(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** What the router decided for one event; carrier and service level are empty for a shortage. */
    public record Parcel(Event event, String carrier, String serviceLevel) {}

    /** For the router: the event with the carrier and service level that it chose. */
    public Parcel address(
            @Body Event event, @Header("carrier") String carrier, @Header("serviceLevel") String serviceLevel) {
        boolean chosen = carrier != null && serviceLevel != null;
        if (!chosen && event.type().equals(Event.ORDER_PLACED)) {
            throw new IllegalStateException("The router chose no carrier or no service level.");
        }
        return new Parcel(event, chosen ? carrier : "", chosen ? serviceLevel : "");
    }

    /** @return {@code shipment-prepared} or {@code shipment-held} for each order whose parcel is known */
    public List<Event> book(List<Parcel> parcels) throws SQLException {
        List<Parcel> placed = new ArrayList<>(parcels.size());
        List<UUID> shorts = new ArrayList<>(0);
        for (Parcel parcel : parcels) {
            if (parcel.event().type().equals(Event.ORDER_PLACED)) {
                placed.add(parcel);
            } else {
                shorts.add(parcel.event().orderId());
            }
        }
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            List<Event> said = new ArrayList<>(parcels.size());
            if (!shorts.isEmpty()) {
                hold(connection, shorts, said);
            }
            if (!placed.isEmpty()) {
                book(connection, placed, said);
            }
            return said;
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }

    private static void hold(Connection connection, List<UUID> orders, List<Event> said) throws SQLException {
        try (var insert = connection.prepareStatement(HOLD)) {
            insert.setArray(1, connection.createArrayOf("uuid", orders.toArray()));
            try (var rows = insert.executeQuery()) {
                while (rows.next()) {
                    if (rows.getBoolean(2)) {
                        said.add(held(rows.getObject(1, UUID.class)));
                    }
                }
            }
        }
    }

    private static void book(Connection connection, List<Parcel> placed, List<Event> said) throws SQLException {
        int count = placed.size();
        var orders = new UUID[count];
        var carriers = new String[count];
        var levels = new String[count];
        var labels = new String[count];
        var pieces = new Integer[count];
        Map<UUID, Integer> places = new LinkedHashMap<>(count * 2);
        for (int i = 0; i < count; i++) {
            Parcel parcel = placed.get(i);
            orders[i] = parcel.event().orderId();
            carriers[i] = parcel.carrier();
            levels[i] = parcel.serviceLevel();
            labels[i] = label(orders[i]);
            pieces[i] = parcel.event().order().pieces();
            places.put(orders[i], i);
        }
        try (var insert = connection.prepareStatement(BOOK)) {
            insert.setArray(1, connection.createArrayOf("uuid", orders));
            insert.setArray(2, connection.createArrayOf("text", carriers));
            insert.setArray(3, connection.createArrayOf("text", levels));
            insert.setArray(4, connection.createArrayOf("text", labels));
            insert.setArray(5, connection.createArrayOf("int4", pieces));
            try (var rows = insert.executeQuery()) {
                while (rows.next()) {
                    UUID order = rows.getObject(1, UUID.class);
                    int i = places.get(order);
                    said.add(
                            rows.getString(2).equals("held")
                                    ? held(order)
                                    : prepared(order, carriers[i], levels[i], labels[i], pieces[i]));
                }
            }
        }
    }

    private static Event prepared(UUID order, String carrier, String level, String label, int pieces) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("carrier", carrier);
        data.put("serviceLevel", level);
        data.put("label", label);
        data.put("pieces", pieces);
        return Event.of(order, "shipment-prepared", data);
    }

    private static Event held(UUID order) {
        return Event.of(order, "shipment-held", Map.of("reason", REASON));
    }

    /** Derived from the order, so that a label printed twice is the same label. */
    static String label(UUID order) {
        long mixed = order.getMostSignificantBits() ^ Long.rotateLeft(order.getLeastSignificantBits(), 31);
        return "OF-" + "%016X".formatted(mixed);
    }
}
