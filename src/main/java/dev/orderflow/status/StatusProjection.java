package dev.orderflow.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orderflow.delivery.Expectation;
import dev.orderflow.events.Event;
import dev.orderflow.events.Order;
import dev.orderflow.events.OrderWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Writes what happened to orders, two statements a batch, in the transaction of the policy around it. Each statement
 * adds and never overwrites, so that every order of the events, and every repeat, ends the same.
 */
public class StatusProjection implements Expectation.Source {

    // Rows are written in the order of their keys: two consumers that meet then wait, and never deadlock.
    private static final String TIMELINE = """
            INSERT INTO status.timeline (order_id, event, service, at, detail, route_version)
            SELECT e.order_id, e.event, e.service, e.at, e.detail::json, e.route_version
            FROM unnest(?::uuid[], ?::text[], ?::text[], ?::timestamptz[], ?::text[], ?::text[])
                AS e (order_id, event, service, at, detail, route_version)
            ORDER BY e.order_id, e.event
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

    private static final ObjectMapper JSON = new ObjectMapper();

    private DataSource dataSource;

    public void setDataSource(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Notes events of any number of orders, in any order. */
    public void note(List<Event> events) throws SQLException, JsonProcessingException {
        if (events.isEmpty()) {
            return;
        }
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            timeline(connection, events);
            orders(connection, events);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }

    private static void timeline(Connection connection, List<Event> events)
            throws SQLException, JsonProcessingException {
        int size = events.size();
        var ids = new UUID[size];
        var names = new String[size];
        var services = new String[size];
        var times = new String[size];
        var details = new String[size];
        var versions = new String[size];
        for (int i = 0; i < size; i++) {
            Event event = events.get(i);
            ids[i] = event.orderId();
            names[i] = event.type();
            services[i] = Fact.of(event.type()).service();
            times[i] = event.time().toString();
            versions[i] = event.routeVersion().isEmpty() ? null : event.routeVersion();
            // The order itself is the body beside the timeline; it is not kept twice.
            details[i] = event.data() instanceof Map<?, ?> data ? JSON.writeValueAsString(data) : "{}";
        }
        try (PreparedStatement statement = connection.prepareStatement(TIMELINE)) {
            statement.setArray(1, connection.createArrayOf("uuid", ids));
            statement.setArray(2, connection.createArrayOf("text", names));
            statement.setArray(3, connection.createArrayOf("text", services));
            statement.setArray(4, connection.createArrayOf("timestamptz", times));
            statement.setArray(5, connection.createArrayOf("text", details));
            statement.setArray(6, connection.createArrayOf("text", versions));
            statement.executeUpdate();
        }
    }

    private static void orders(Connection connection, List<Event> events) throws SQLException {
        Map<UUID, Integer> facts = new TreeMap<>();
        Map<UUID, Order> placed = new TreeMap<>();
        for (Event event : events) {
            facts.merge(event.orderId(), Fact.of(event.type()).bit(), (a, b) -> a | b);
            if (event.type().equals(Event.ORDER_PLACED)) {
                placed.put(event.orderId(), event.order());
            }
        }
        UUID[] ids = facts.keySet().toArray(UUID[]::new);
        var customers = new String[ids.length];
        var times = new String[ids.length];
        var bodies = new String[ids.length];
        for (int i = 0; i < ids.length; i++) {
            Order order = placed.get(ids[i]);
            if (order != null) {
                customers[i] = order.customer().id();
                // Microseconds are what the column holds; the driver would round, and pages are ordered by this.
                times[i] = order.placedAt().truncatedTo(ChronoUnit.MICROS).toString();
                bodies[i] = new String(OrderWriter.bytes(order), StandardCharsets.UTF_8);
            }
        }
        try (PreparedStatement statement = connection.prepareStatement(ORDERS)) {
            statement.setArray(1, connection.createArrayOf("uuid", ids));
            statement.setArray(
                    2, connection.createArrayOf("int4", facts.values().toArray()));
            statement.setArray(3, connection.createArrayOf("text", customers));
            statement.setArray(4, connection.createArrayOf("timestamptz", times));
            statement.setArray(5, connection.createArrayOf("text", bodies));
            statement.executeUpdate();
        }
    }

    @Override
    public Expectation expectation() {
        return new Expectation(
                "status",
                Optional.of("status.orders e ON e.order_id = o.order_id AND e.placed_at IS NOT NULL"),
                "e.customer_id <> o.customer",
                Optional.empty(),
                Arrays.stream(Fact.values())
                        .filter(fact -> fact != Fact.ORDER_PLACED)
                        .map(Fact::event)
                        .toList());
    }
}
