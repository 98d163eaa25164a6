package dev.orderflow.bench;

import dev.orderflow.bench.RawMails.Mail;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Hands mails over on kept-open connections, in turn: while the server answers on one, the next is written to. Commands are
 * pipelined (RFC 2920): the text of a mail goes out together with the envelope of the next one, so a mail takes one round trip.
 */
final class SmtpConnections implements RawMails.HandOver {

    private final List<Connection> connections = new ArrayList<>();

    SmtpConnections(int port, int count) throws IOException {
        while (connections.size() < count) {
            connections.add(new Connection(port));
        }
    }

    @Override
    public void all(List<Mail> mails) throws IOException {
        for (int i = 0; i < mails.size(); i++) {
            var connection = connections.get(i % connections.size());
            connection.turn();
            connection.envelope(mails.get(i));
            connection.write();
        }
        // The last text of each, and then its answer.
        for (int left = 0; left < 2; left++) {
            for (Connection connection : connections) {
                connection.turn();
                connection.write();
            }
        }
    }

    private static final class Connection {

        private final Socket socket;
        private final InputStream answers;
        private final ByteArrayOutputStream out = new ByteArrayOutputStream(2_048);
        /** Texts whose envelopes are on their way; at most one. */
        private final List<Mail> waiting = new ArrayList<>(1);

        private boolean textOnItsWay;

        Connection(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            answers = new BufferedInputStream(socket.getInputStream());
            await("220");
            put("EHLO bench\r\n");
            write();
            await("250");
        }

        /** Reads the answers that are due, and puts the text that waits for its 354. */
        void turn() throws IOException {
            if (textOnItsWay) {
                await("250");
                textOnItsWay = false;
            }
            for (Mail mail : waiting) {
                await("250");
                await("250");
                await("354");
                // No line of these texts begins with a dot.
                out.writeBytes(mail.text());
                put("\r\n.\r\n");
                textOnItsWay = true;
            }
            waiting.clear();
        }

        void envelope(Mail mail) {
            put("MAIL FROM:<" + RawMails.FROM + ">\r\nRCPT TO:<" + mail.to() + ">\r\nDATA\r\n");
            waiting.add(mail);
        }

        void write() throws IOException {
            if (out.size() > 0) {
                out.writeTo(socket.getOutputStream());
                out.reset();
            }
        }

        private void put(String text) {
            out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        }

        /** The last line of an answer has no hyphen behind its code. */
        private void await(String code) throws IOException {
            var line = new StringBuilder();
            do {
                line.setLength(0);
                for (int c = answers.read(); c != '\n'; c = answers.read()) {
                    if (c < 0) {
                        throw new IOException("The mail server closed the connection; " + code + " was wanted.");
                    }
                    line.append((char) c);
                }
            } while (line.charAt(3) == '-');
            if (line.indexOf(code) != 0) {
                throw new IOException("The mail server answered '%s'; %s was wanted.".formatted(line, code));
            }
        }
    }
}
