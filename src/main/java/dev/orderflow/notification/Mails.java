package dev.orderflow.notification;

import dev.orderflow.delivery.Expectation;
import dev.orderflow.delivery.Restores;
import dev.orderflow.events.Event;
import dev.orderflow.events.MailAddress;
import dev.orderflow.events.MailAddress.NoMailAddressException;
import dev.orderflow.notification.MailTable.MailRow;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** The mail of an event, for {@link HandOver}: the text is the body, subject and recipient are headers that the route has set. */
    public Mail write(
            @ExchangeProperty("event") Event event,
            @Body String text,
            @Header("subject") String subject,
            @Header("to") String to)
            throws MessagingException {
        try {
            return Mail.of(event, compose(event, text, subject, to));
        } catch (UnreachableRecipientException e) {
            return Mail.unreachable(event, e.getMessage());
        }
    }

    /**
     * The same for a route that hands over each mail itself.
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
        var mail = new IdentifiedMessage(messageId(event), !recipient.isAscii());
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
        note(List.of(Mail.unreachable(event, reason)));
        return saysUnreachable(event, reason);
    }

    /** Notes in the transaction that the mail went out. */
    public Event sent(@ExchangeProperty("event") Event event) throws SQLException {
        note(List.of(Mail.of(event, null)));
        return saysSent(event);
    }

    Event saysUnreachable(Event event, String reason) {
        return Event.of(
                event.orderId(),
                kind(event).equals(SHORTAGE) ? SAID_UNREACHABLE_FOR_SHORTAGE : SAID_UNREACHABLE,
                Map.of(REASON, reason));
    }

    Event saysSent(Event event) {
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
        List<MailRow> notes = new ArrayList<>(said.size());
        for (Event event : said) {
            boolean shortage =
                    event.type().equals(SAID_SHORTAGE) || event.type().equals(SAID_UNREACHABLE_FOR_SHORTAGE);
            String kind = shortage ? SHORTAGE : CONFIRMATION;
            var data = (Map<?, ?>) event.data();
            notes.add(new MailRow(
                    event.orderId(),
                    kind,
                    data.get(MESSAGE_ID) instanceof String id ? id : messageId(kind, event.orderId()),
                    (String) data.get(REASON)));
        }
        MailTable.note(connection, notes);
        return List.of();
    }

    /** Notes in the transaction that these mails went out, or why they cannot. */
    void note(List<Mail> mails) throws SQLException {
        List<MailRow> notes = notes(mails);
        onConnection(connection -> MailTable.note(connection, notes));
    }

    /**
     * Corrects in the transaction what {@link #note} took for granted.
     *
     * @param unreachable mails that turned out to reach nobody
     * @param notOut mails that did not go out
     */
    void correct(List<Mail> unreachable, List<Mail> notOut) throws SQLException {
        if (!unreachable.isEmpty()) {
            onConnection(connection -> MailTable.learn(connection, notes(unreachable)));
        }
        if (!notOut.isEmpty()) {
            onConnection(connection -> MailTable.takeBack(connection, notes(notOut)));
        }
    }

    private List<MailRow> notes(List<Mail> mails) {
        return mails.stream()
                .map(mail -> new MailRow(
                        mail.event().orderId(),
                        kind(mail.event()),
                        messageId(mail.event()),
                        mail.unreachable().orElse(null)))
                .toList();
    }

    /** Work in the transaction. */
    private interface Statements {
        void run(Connection connection) throws SQLException;
    }

    private void onConnection(Statements statements) throws SQLException {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            statements.run(connection);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
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
