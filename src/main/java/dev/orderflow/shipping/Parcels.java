package dev.orderflow.shipping;

import dev.orderflow.delivery.Expectation;
import dev.orderflow.delivery.Restores;
import dev.orderflow.events.Event;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.camel.Body;
import org.apache.camel.Header;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Books shipments: one an order, prepared or held. An order and its shortage may come in either order, in one batch or
 * in two; the shipment ends the same.
 */
public class Parcels implements Restores, Expectation.Source {

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

    private static final String SAID_PREPARED = "shipment-prepared";
    private static final String SAID_HELD = "shipment-held";
    private static final String CARRIER = "carrier";
    private static final String SERVICE_LEVEL = "serviceLevel";
    private static final String LABEL = "label";
    private static final String PIECES = "pieces";

    private DataSource dataSource;

    public void setDataSource(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** What the router decided for one event; carrier and service level are empty for a shortage. */
    public record Parcel(Event event, String carrier, String serviceLevel) {}

    /** For the router: the event with the carrier and service level that it chose. */
    public Parcel address(
            @Body Event event, @Header(CARRIER) String carrier, @Header(SERVICE_LEVEL) String serviceLevel) {
        boolean chosen = carrier != null && serviceLevel != null;
        if (!chosen && event.type().equals(Event.ORDER_PLACED)) {
            throw new IllegalStateException("The router chose no carrier or no service level.");
        }
        return new Parcel(event, chosen ? carrier : "", chosen ? serviceLevel : "");
    }

    /** @return {@code shipment-prepared} or {@code shipment-held} for each order whose parcel is known */
    public List<Event> book(List<Parcel> parcels) throws SQLException {
        List<Booking> placed = new ArrayList<>(parcels.size());
        List<UUID> shorts = new ArrayList<>(0);
        for (Parcel parcel : parcels) {
            if (parcel.event().type().equals(Event.ORDER_PLACED)) {
                placed.add(Booking.of(parcel));
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

    /** What is written of a prepared shipment. */
    private record Booking(UUID order, String carrier, String serviceLevel, String label, int pieces) {

        static Booking of(Parcel parcel) {
            UUID order = parcel.event().orderId();
            return new Booking(
                    order,
                    parcel.carrier(),
                    parcel.serviceLevel(),
                    Parcels.label(order),
                    parcel.event().order().pieces());
        }

        /** From {@link #prepared}; nothing where a member is missing. */
        static Optional<Booking> of(Event said) {
            return said.data() instanceof Map<?, ?> data
                            && data.get(CARRIER) instanceof String carrier
                            && data.get(SERVICE_LEVEL) instanceof String level
                            && data.get(LABEL) instanceof String label
                            && data.get(PIECES) instanceof Integer pieces
                    ? Optional.of(new Booking(said.orderId(), carrier, level, label, pieces))
                    : Optional.empty();
        }

        Event prepared() {
            Map<String, Object> data = new LinkedHashMap<>();
            data.put(CARRIER, carrier);
            data.put(SERVICE_LEVEL, serviceLevel);
            data.put(LABEL, label);
            data.put(PIECES, pieces);
            return Event.of(order, SAID_PREPARED, data);
        }
    }

    private static void book(Connection connection, List<Booking> bookings, List<Event> said) throws SQLException {
        int count = bookings.size();
        var orders = new UUID[count];
        var carriers = new String[count];
        var levels = new String[count];
        var labels = new String[count];
        var pieces = new Integer[count];
        Map<UUID, Booking> byOrder = new HashMap<>(count * 2);
        for (int i = 0; i < count; i++) {
            Booking booking = bookings.get(i);
            orders[i] = booking.order();
            carriers[i] = booking.carrier();
            levels[i] = booking.serviceLevel();
            labels[i] = booking.label();
            pieces[i] = booking.pieces();
            byOrder.put(orders[i], booking);
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
                    said.add(
                            rows.getString(2).equals("held")
                                    ? held(order)
                                    : byOrder.get(order).prepared());
                }
            }
        }
    }

    /** That it was held answers an order or a shortage, whichever came later. */
    @Override
    public Optional<String> answers(Event said) {
        if (said.type().equals(SAID_PREPARED)) {
            return Booking.of(said).map(booking -> Event.ORDER_PLACED);
        }
        return said.type().equals(SAID_HELD) ? Optional.of(SOME) : Optional.empty();
    }

    @Override
    public List<String> restore(Connection connection, List<Event> said) throws SQLException {
        List<Booking> prepared = new ArrayList<>(said.size());
        List<UUID> held = new ArrayList<>(0);
        for (Event event : said) {
            Booking.of(event).ifPresentOrElse(prepared::add, () -> held.add(event.orderId()));
        }
        if (!prepared.isEmpty()) {
            book(connection, prepared, new ArrayList<>(prepared.size()));
        }
        if (!held.isEmpty()) {
            hold(connection, held, new ArrayList<>(held.size()));
        }
        return List.of();
    }

    private static Event held(UUID order) {
        return Event.of(order, SAID_HELD, Map.of("reason", REASON));
    }

    /** Derived from the order, so that a label printed twice is the same label. */
    static String label(UUID order) {
        long mixed = order.getMostSignificantBits() ^ Long.rotateLeft(order.getLeastSignificantBits(), 31);
        return "OF-" + "%016X".formatted(mixed);
    }

    @Override
    public Expectation expectation() {
        return new Expectation(
                "shipping",
                Optional.of("shipping.shipment e ON e.order_id = o.order_id AND e.carrier IS NOT NULL"),
                "e.pieces <> o.pieces",
                Optional.of("SELECT order_id, at FROM shipping.shipment"),
                List.of("stock-short"));
    }
}
