package dev.orderflow.bench;

import dev.orderflow.events.Order;
import dev.orderflow.events.OrderWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Notes that an order was placed, in its timeline and in its state. */
final class RawStatus implements RawWork {

    private static final String TIMELINE = """
            INSERT INTO status.timeline (order_id, event, service, at, detail)
            SELECT e.order_id, 'order-placed', 'intake', e.at, '{}'
            FROM unnest(?::uuid[], ?::timestamptz[]) AS e (order_id, at)
            ORDER BY e.order_id
            ON CONFLICT (order_id, event) DO NOTHING""";
    private static final String ORDERS = """
            INSERT INTO status.orders AS o (order_id, facts, customer_id, placed_at, body)
            SELECT n.order_id, n.facts, n.customer_id, n.placed_at, n.body::json
            FROM unnest(?::uuid[], ?::int[], ?::text[], ?::timestamptz[], ?::text[])
                AS n (order_id, facts, customer_id, placed_at, body)
            ORDER BY n.order_id
            ON CONFLICT (order_id) DO UPDATE SET
                facts = o.facts | excluded.facts,
                customer_id = coalesce(o.customer_id, excluded.customer_id),
                placed_at = coalesce(o.placed_at, excluded.placed_at),
                body = coalesce(o.body, excluded.body)
            WHERE (o.facts | excluded.facts) <> o.facts""";

    @Override
    public String service() {
        return "status";
    }

    @Override
    public String says() {
        return "";
    }

    @Override
    public Map<UUID, String> act(Connection connection, Collection<Order> orders) throws SQLException {
        var ids = new ArrayList<UUID>(orders.size());
        var customers = new ArrayList<String>(orders.size());
        var times = new ArrayList<String>(orders.size());
        var bodies = new ArrayList<String>(orders.size());
        for (Order order : orders) {
            ids.add(order.orderId());
            customers.add(order.customer().id());
            times.add(order.placedAt().toString());
            bodies.add(new String(OrderWriter.bytes(order), StandardCharsets.UTF_8));
        }
        try (var timeline = connection.prepareStatement(TIMELINE)) {
            RawWork.bind(timeline, 1, "uuid", ids);
            RawWork.bind(timeline, 2, "timestamptz", times);
            timeline.executeUpdate();
        }
        orders(connection, ids, Collections.nCopies(ids.size(), 1), customers, times, bodies);
        return Map.of();
    }

    /** Adds facts to orders; customer, time and body are null where the order itself is not among them. */
    static void orders(
            Connection connection,
            List<UUID> ids,
            List<Integer> facts,
            List<String> customers,
            List<String> times,
            List<String> bodies)
            throws SQLException {
        try (var states = connection.prepareStatement(ORDERS)) {
            RawWork.bind(states, 1, "uuid", ids);
            RawWork.bind(states, 2, "int4", facts);
            RawWork.bind(states, 3, "text", customers);
            RawWork.bind(states, 4, "timestamptz", times);
            RawWork.bind(states, 5, "text", bodies);
            states.executeUpdate();
        }
    }
}
