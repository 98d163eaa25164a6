package dev.orderflow.notification;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Provider;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/**
 * SMTP that writes an address which is not ASCII as UTF-8, and only to a server that offers SMTPUTF8 (RFC 6531, 3.2).
 * Angus Mail can do so for all mails of a session or for none: for none, it would write the low byte of each character.
 * Jakarta Mail finds this by the services that stand at the end.
 */
public class Utf8Transport extends SMTPTransport {

    private static final String EXTENSION = "SMTPUTF8";

    private boolean utf8;
    private volatile boolean textBegun;

    public Utf8Transport(Session session, URLName address) {
        this(session, address, "smtp", false);
    }

    Utf8Transport(Session session, URLName address, String name, boolean tls) {
        super(session, address, name, tls);
    }

    @Override
    public synchronized void sendMessage(Message message, Address[] recipients) throws MessagingException {
        utf8 = false;
        textBegun = false;
        for (Address recipient : recipients) {
            utf8 |= recipient.toString().chars().anyMatch(c -> c >= 0x80);
        }
        if (utf8 && isConnected() && !supportsExtension(EXTENSION)) {
            throw new UnreachableRecipientException(
                    "the mail server does not offer SMTPUTF8, which the part before @ needs");
        }
        super.sendMessage(message, recipients);
    }

    /** Whether the last mail failed since the connection was lost, and before the server had anything of its text. */
    boolean hasLostConnectionBeforeText() {
        return !textBegun && !isConnected();
    }

    /** The bytes of UTF-8 as characters, of which the low byte is written. */
    @Override
    protected void sendCommand(String command) throws MessagingException {
        textBegun |= command.startsWith("DATA") || command.startsWith("BDAT");
        if (utf8) {
            String whole = command.startsWith("MAIL FROM:") ? command + ' ' + EXTENSION : command;
            super.sendCommand(new String(whole.getBytes(UTF_8), ISO_8859_1));
        } else {
            super.sendCommand(command);
        }
    }

    /** The same with TLS from the first byte. */
    public static final class OverTls extends Utf8Transport {

        public OverTls(Session session, URLName address) {
            super(session, address, "smtps", true);
        }
    }

    /** The service for {@code smtp}. */
    public static final class Smtp extends Provider {

        public Smtp() {
            super(Type.TRANSPORT, "smtp", Utf8Transport.class.getName(), "Orderflow", null);
        }
    }

    /** The service for {@code smtps}. */
    public static final class Smtps extends Provider {

        public Smtps() {
            super(Type.TRANSPORT, "smtps", OverTls.class.getName(), "Orderflow", null);
        }
    }
}
