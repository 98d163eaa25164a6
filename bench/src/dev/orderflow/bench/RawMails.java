package dev.orderflow.bench;

import dev.orderflow.events.Order;
import jakarta.mail.internet.MailDateFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Writes a mail for each order, to the byte as the product does, hands all of a batch over, and notes them in one statement. */
final class RawMails implements RawWork {

    static final String FROM = "orders@orderflow.example";

    private static final String NOTE =
            "INSERT INTO notification.mail(order_id, kind, message_id) SELECT v.id, 'confirmation', v.m FROM unnest(?::uuid[], ?::text[]) v(id, m)";

    /** One mail, ready to go out. */
    record Mail(UUID order, String to, byte[] text) {}

    /** Where mails go; returns when all of them are there. */
    interface HandOver {
        void all(List<Mail> mails) throws IOException;
    }

    private final HandOver handOver;
    private final MailDateFormat dates = new MailDateFormat();
    private Instant second = Instant.EPOCH;
    private String date = "";

    RawMails(HandOver handOver) {
        this.handOver = handOver;
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
        var mails = new ArrayList<Mail>(orders.size());
        var ids = new ArrayList<UUID>(orders.size());
        var messageIds = new ArrayList<String>(orders.size());
        for (Order order : orders) {
            String messageId = messageId(order.orderId());
            mails.add(new Mail(order.orderId(), order.customer().email(), text(order)));
            ids.add(order.orderId());
            messageIds.add(messageId);
        }
        handOver.all(mails);
        try (var insert = connection.prepareStatement(NOTE)) {
            RawWork.bind(insert, 1, "uuid", ids);
            RawWork.bind(insert, 2, "text", messageIds);
            insert.executeUpdate();
        }
        return RawWork.said(orders, order -> "\"messageId\":\"" + messageId(order.orderId()) + '"');
    }

    private static String messageId(UUID order) {
        return "<confirmation." + order + "@orderflow.example>";
    }

    /** The mail as it is on the wire. */
    byte[] text(Order order) {
        return ("Date: " + date(order.placedAt()) + "\r\nFrom: " + FROM + "\r\nTo: "
                        + order.customer().email() + "\r\nMessage-ID: " + messageId(order.orderId())
                        + "\r\nSubject: Your order "
                        + order.orderId()
                        + "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
                        + "Thank you for your order " + order.orderId()
                        + ".\r\n\r\nWe have it, and tell you when it is on its way.")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Orders of one second share the text. */
    private synchronized String date(Instant time) {
        var of = time.truncatedTo(ChronoUnit.SECONDS);
        if (!of.equals(second)) {
            second = of;
            date = dates.format(Date.from(of));
        }
        return date;
    }
}
