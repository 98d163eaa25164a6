package dev.orderflow.notification;

import dev.orderflow.events.Event;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.util.StreamProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Date;
import java.util.Map;
import java.util.Properties;
import javax.sql.DataSource;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Writes the mails and keeps account of them. A mail's Message-ID derives from order and kind (RFC 5322, 3.6.4), so
 * that one which is sent again after a crash is recognised as the same.
 */
public class Mails {

    static {
        // By default Jakarta Mail searches every jar for its streams, twice with each mail that is written.
        String streams = StreamProvider.class.getName();
        if (System.getProperty(streams) == null) {
            System.setProperty(streams, StreamProvider.provider().getClass().getName());
        }
    }

    private static final String NOTE = "INSERT INTO notification.mail(order_id, kind, message_id) VALUES (?, ?, ?)";

    private DataSource dataSource;
    private String from = "";
    private String domain = "";

    public void setDataSource(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** The sender's address; its domain stands in each Message-ID. */
    public void setFrom(String from) {
        this.from = from;
        this.domain = from.substring(from.lastIndexOf('@') + 1).replaceAll("[^A-Za-z0-9.-]", "");
    }

    /** Whom the event is for: a shortage names the customer too, so that it needs no order. */
    public String recipient(@Body Event event) {
        if (event.type().equals(Event.ORDER_PLACED)) {
            return event.order().customer().email();
        }
        if (event.data() instanceof Map<?, ?> data
                && data.get("customer") instanceof Map<?, ?> customer
                && customer.get("email") instanceof String email) {
            return email;
        }
        throw new IllegalArgumentException(
                "The %s event names no customer.email, so nobody can be told.".formatted(event.type()));
    }

    /** The mail of an event: the text is the body, subject and recipient are headers that the route has set. */
    public MimeMessage compose(
            @ExchangeProperty("event") Event event,
            @Body String text,
            @Header("subject") String subject,
            @Header("to") String to)
            throws MessagingException {
        var mail = new WithOurId(messageId(event));
        mail.setFrom(new InternetAddress(from, true));
        mail.setRecipient(MimeMessage.RecipientType.TO, MailAddress.wire(to));
        mail.setSubject(subject, "UTF-8");
        mail.setText(text, "UTF-8");
        mail.setSentDate(Date.from(event.time()));
        mail.saveChanges();
        return mail;
    }

    /** The mail as an {@code .eml} file has it. */
    public byte[] bytes(@Body MimeMessage mail) throws MessagingException, IOException {
        var bytes = new ByteArrayOutputStream();
        mail.writeTo(bytes);
        return bytes.toByteArray();
    }

    /** Notes in the transaction that the mail went out. */
    public Event sent(@ExchangeProperty("event") Event event) throws SQLException {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try (var insert = connection.prepareStatement(NOTE)) {
            insert.setObject(1, event.orderId());
            insert.setString(2, kind(event));
            insert.setString(3, messageId(event));
            insert.executeUpdate();
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
        String said = kind(event).equals("shortage") ? "shortage-notified" : "customer-notified";
        return Event.of(event.orderId(), said, Map.of("messageId", messageId(event)));
    }

    private static String kind(Event event) {
        return event.type().equals(Event.ORDER_PLACED) ? "confirmation" : "shortage";
    }

    private String messageId(Event event) {
        return "<" + kind(event) + "." + event.orderId() + "@" + domain + ">";
    }

    /** Keeps our Message-ID, which Jakarta Mail would make anew at each save. */
    private static final class WithOurId extends MimeMessage {

        /** One for all: making a session searches every jar for files of providers, which took most of a mail's time. */
        private static final Session SESSION = Session.getInstance(new Properties());

        private final String id;

        WithOurId(String id) {
            super(SESSION);
            this.id = id;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", id);
        }
    }
}
