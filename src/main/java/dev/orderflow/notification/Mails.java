package dev.orderflow.notification;

import dev.orderflow.delivery.Expectation;
import dev.orderflow.delivery.Restores;
import dev.orderflow.events.Event;
import dev.orderflow.events.MailAddress;
import dev.orderflow.events.MailAddress.NoMailAddressException;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Writes the mails and keeps account of them. A mail's Message-ID derives from order and kind (RFC 5322, 3.6.4), so
 * that one which is sent again after a crash is recognised as the same.
 */
public class Mails implements Restores, Expectation.Source {

    static {
        // By default Jakarta Mail searches every jar for its streams, twice with each mail that is written.
        String streams = StreamProvider.class.getName();
        if (System.getProperty(streams) == null) {
            System.setProperty(streams, StreamProvider.provider().getClass().getName());
        }
    }

    private static final String NOTE =
            "INSERT INTO notification.mail(order_id, kind, message_id, unreachable) VALUES (?, ?, ?, ?)";

    private static final String CONFIRMATION = "confirmation";
    private static final String SHORTAGE = "shortage";
    private static final String SAID_CONFIRMATION = "customer-notified";
    private static final String SAID_SHORTAGE = "shortage-notified";
    private static final String SAID_UNREACHABLE = "customer-unreachable";
    private static final String SAID_UNREACHABLE_FOR_SHORTAGE = "shortage-unreachable";
    private static final String MESSAGE_ID = "messageId";
    private static final String REASON = "reason";

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

    /**
     * The mail of an event: the text is the body, subject and recipient are headers that the route has set.
     *
     * @throws UnreachableRecipientException when no mail can go to the recipient
     */
    public MimeMessage compose(
            @ExchangeProperty("event") Event event,
            @Body String text,
            @Header("subject") String subject,
            @Header("to") String to)
            throws MessagingException {
        MailAddress recipient = address(to);
        var mail = new WithOurId(messageId(event), recipient.isAscii() ? WithOurId.ASCII : WithOurId.UTF8);
        mail.setFrom(new InternetAddress(from, true));
        mail.setHeader("To", recipient.wire());
        mail.setSubject(oneLine(subject), "UTF-8");
        mail.setText(text.replaceAll("\\R", "\r\n"), "UTF-8");
        mail.setSentDate(Date.from(event.time()));
        mail.saveChanges();
        return mail;
    }

    private static MailAddress address(String text) throws UnreachableRecipientException {
        try {
            return MailAddress.of(text);
        } catch (NoMailAddressException e) {
            throw new UnreachableRecipientException(e.getMessage());
        }
    }

    /** A subject may hold what a customer wrote. */
    private static String oneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]+", " ");
    }

    /** The mail as an {@code .eml} file has it. */
    public byte[] bytes(@Body MimeMessage mail) throws MessagingException, IOException {
        var bytes = new ByteArrayOutputStream();
        mail.writeTo(bytes);
        return bytes.toByteArray();
    }

    /**
     * Notes in the transaction that no mail can reach the customer: the outcome of the order, which holds up no other.
     *
     * @throws Exception the failure, where it says nothing of the recipient
     */
    public Event unreachable(
            @ExchangeProperty("event") Event event, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure)
            throws Exception {
        String reason = MailFailure.ofRecipient(failure).orElse("");
        if (reason.isEmpty()) {
            throw failure;
        }
        note(event, reason);
        return Event.of(
                event.orderId(),
                kind(event).equals(SHORTAGE) ? SAID_UNREACHABLE_FOR_SHORTAGE : SAID_UNREACHABLE,
                Map.of(REASON, reason));
    }

    /** Notes in the transaction that the mail went out. */
    public Event sent(@ExchangeProperty("event") Event event) throws SQLException {
        note(event, null);
        return Event.of(
                event.orderId(),
                kind(event).equals(SHORTAGE) ? SAID_SHORTAGE : SAID_CONFIRMATION,
                Map.of(MESSAGE_ID, messageId(event)));
    }

    @Override
    public Optional<String> answers(Event said) {
        boolean whole = said.data() instanceof Map<?, ?> data
                && (data.get(MESSAGE_ID) instanceof String || data.get(REASON) instanceof String);
        return !whole
                ? Optional.empty()
                : switch (said.type()) {
                    case SAID_CONFIRMATION, SAID_UNREACHABLE -> Optional.of(Event.ORDER_PLACED);
                    case SAID_SHORTAGE, SAID_UNREACHABLE_FOR_SHORTAGE -> Optional.of("stock-short");
                    default -> Optional.empty();
                };
    }

    /** A mail that went out is not sent again, nor is one that cannot. */
    @Override
    public List<String> restore(Connection connection, List<Event> said) throws SQLException {
        for (Event event : said) {
            boolean shortage =
                    event.type().equals(SAID_SHORTAGE) || event.type().equals(SAID_UNREACHABLE_FOR_SHORTAGE);
            String kind = shortage ? SHORTAGE : CONFIRMATION;
            var data = (Map<?, ?>) event.data();
            note(
                    connection,
                    event.orderId(),
                    kind,
                    data.get(MESSAGE_ID) instanceof String id ? id : messageId(kind, event.orderId()),
                    (String) data.get(REASON));
        }
        return List.of();
    }

    /** @param unreachable why the mail could not go out; null where it did */
    private void note(Event event, String unreachable) throws SQLException {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            note(connection, event.orderId(), kind(event), messageId(event), unreachable);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }

    private static void note(Connection connection, UUID order, String kind, String messageId, String unreachable)
            throws SQLException {
        try (var insert = connection.prepareStatement(NOTE)) {
            insert.setObject(1, order);
            insert.setString(2, kind);
            insert.setString(3, messageId);
            insert.setString(4, unreachable);
            insert.executeUpdate();
        }
    }

    private static String kind(Event event) {
        return event.type().equals(Event.ORDER_PLACED) ? CONFIRMATION : SHORTAGE;
    }

    private String messageId(Event event) {
        return messageId(kind(event), event.orderId());
    }

    private String messageId(String kind, UUID order) {
        return "<" + kind + "." + order + "@" + domain + ">";
    }

    /** Keeps our Message-ID, which Jakarta Mail would make anew at each save. */
    private static final class WithOurId extends MimeMessage {

        /** One for all: making a session searches every jar for files of providers, which took most of a mail's time. */
        static final Session ASCII = session(false);

        /** For headers in UTF-8 (RFC 6532). */
        static final Session UTF8 = session(true);

        private static Session session(boolean utf8) {
            var properties = new Properties();
            properties.setProperty("mail.mime.allowutf8", Boolean.toString(utf8));
            return Session.getInstance(properties);
        }

        private final String id;

        WithOurId(String id, Session session) {
            super(session);
            this.id = id;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", id);
        }
    }

    @Override
    public Expectation expectation() {
        return new Expectation(
                "notification",
                Optional.of("notification.mail e ON e.order_id = o.order_id AND e.kind = 'confirmation'"),
                "false",
                Optional.of("SELECT order_id, at FROM notification.mail"),
                List.of("stock-short"));
    }
}
