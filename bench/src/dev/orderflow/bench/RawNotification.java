package dev.orderflow.bench;

import dev.orderflow.events.Order;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;

/** Writes a mail for each order as a file, beside and then renamed, and notes them in one statement. */
final class RawNotification implements RawWork {

    private static final String NOTE =
            "INSERT INTO notification.mail(order_id, kind, message_id) SELECT v.id, 'confirmation', v.m FROM unnest(?::uuid[], ?::text[]) v(id, m)";

    private final Path folder;

    RawNotification(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String service() {
        return "notification";
    }

    @Override
    public String says() {
        return "customer-notified";
    }

    @Override
    public Map<UUID, String> act(Connection connection, Collection<Order> orders) throws SQLException, IOException {
        for (Order order : orders) {
            var beside = folder.resolve(".writing-" + order.orderId());
            Files.writeString(beside, mail(order));
            Files.move(beside, folder.resolve(order.orderId() + ".eml"), StandardCopyOption.REPLACE_EXISTING);
        }
        try (var insert = connection.prepareStatement(NOTE)) {
            var ids = orders.stream().map(Order::orderId).toList();
            RawWork.bind(insert, 1, "uuid", ids);
            RawWork.bind(
                    insert,
                    2,
                    "text",
                    ids.stream().map(RawNotification::messageId).toList());
            insert.executeUpdate();
        }
        return RawWork.said(orders, order -> "\"messageId\":\"" + messageId(order.orderId()) + '"');
    }

    private static String messageId(UUID id) {
        return "<confirmation." + id + "@orderflow.example>";
    }

    private static String mail(Order order) {
        return "Message-ID: " + messageId(order.orderId()) + "\r\nDate: Sat, 31 Jan 2026 08:00:00 +0000\r\n"
                + "From: orders@orderflow.example\r\nTo: " + order.customer().email() + "\r\nSubject: Your order "
                + order.orderId() + "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n"
                + "Thank you for your order " + order.orderId()
                + ".\r\n\r\nWe have it, and tell you when it is on its way.";
    }
}
