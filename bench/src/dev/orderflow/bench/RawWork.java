package dev.orderflow.bench;

import dev.orderflow.events.Order;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** What a service does with orders in a transaction, written by hand: the same statements as the product's. */
interface RawWork {

    String service();

    /** Type of the event that it says of each order; empty for none. */
    String says();

    /** Does it, and gives the body of what is said of each order. */
    Map<UUID, String> act(Connection connection, Collection<Order> orders) throws Exception;

    static RawWork of(String service) {
        return switch (service) {
            case "inventory" -> new RawInventory();
            case "shipping" -> new RawShipping();
            case "notification" -> new RawMails(new MailFolder(Path.of("target", "bench-mail", "raw")));
            case "status" -> new RawStatus();
            default -> throw new IllegalArgumentException("There is no raw '" + service + "'.");
        };
    }

    /** The bodies, made of the members behind the order's id. */
    static Map<UUID, String> said(Collection<Order> orders, Function<Order, String> members) {
        var said = new LinkedHashMap<UUID, String>(orders.size() * 2);
        for (Order order : orders) {
            said.put(order.orderId(), "{\"orderId\":\"" + order.orderId() + "\"," + members.apply(order) + '}');
        }
        return said;
    }

    /** Binds a column as an array of its type. */
    static void bind(PreparedStatement statement, int at, String type, List<?> values) throws SQLException {
        statement.setArray(at, statement.getConnection().createArrayOf(type, values.toArray()));
    }
}
