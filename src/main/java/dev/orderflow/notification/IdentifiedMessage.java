package dev.orderflow.notification;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.util.StreamProvider;
import java.util.Properties;

/** A mail that keeps our Message-ID, which Jakarta Mail would make anew at each save. */
final class IdentifiedMessage extends MimeMessage {

    static {
        // By default Jakarta Mail searches every jar for its streams, twice with each mail that is written.
        String streams = StreamProvider.class.getName();
        if (System.getProperty(streams) == null) {
            System.setProperty(streams, StreamProvider.provider().getClass().getName());
        }
    }

    /** One for all: making a session searches every jar for files of providers, which took most of a mail's time. */
    private static final Session ASCII = session(false);

    /** For headers in UTF-8 (RFC 6532). */
    private static final Session UTF8 = session(true);

    private final String id;

    IdentifiedMessage(String id, boolean utf8) {
        super(utf8 ? UTF8 : ASCII);
        this.id = id;
    }

    private static Session session(boolean utf8) {
        var properties = new Properties();
        properties.setProperty("mail.mime.allowutf8", Boolean.toString(utf8));
        return Session.getInstance(properties);
    }

    @Override
    protected void updateMessageID() throws MessagingException {
        setHeader("Message-ID", id);
    }
}
