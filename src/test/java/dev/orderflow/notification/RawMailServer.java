package dev.orderflow.notification;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * As much of SMTP (RFC 5321) as it takes to refuse whatever a test wants refused, and every byte that came. Each byte of
 * a command is a character here.
 */
final class RawMailServer implements AutoCloseable {

    private final ServerSocket socket;
    private final List<String> extensions;
    private final UnaryOperator<String> replies;
    private final List<Socket> clients = new CopyOnWriteArrayList<>();
    private final List<String> accepted = new CopyOnWriteArrayList<>();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final List<String> texts = new CopyOnWriteArrayList<>();

    /**
     * @param extensions that it offers
     * @param replies to a command, "." for the end of a text, such as {@code 550 No such user}; empty for its own
     */
    RawMailServer(List<String> extensions, UnaryOperator<String> replies) {
        this.extensions = extensions;
        this.replies = replies;
        try {
            socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var accepting = new Thread(this::serve, "mail-server");
        accepting.setDaemon(true);
        accepting.start();
    }

    /** One that answers only to recipients in its own way. */
    static RawMailServer refusing(UnaryOperator<String> recipients) {
        return new RawMailServer(
                List.of(), command -> command.startsWith("RCPT") ? recipients.apply(path(command)) : "");
    }

    int port() {
        return socket.getLocalPort();
    }

    /** Recipients of the mails that it took. */
    List<String> accepted() {
        return accepted;
    }

    /** Every command, without its line's end. */
    List<String> commands() {
        return commands;
    }

    /** Every mail that it took, as it came. */
    List<String> texts() {
        return texts;
    }

    private void serve() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                clients.add(client);
                var talking = new Thread(() -> serve(client), "mail-connection");
                talking.setDaemon(true);
                talking.start();
            } catch (IOException e) {
                // This server went away.
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            talk(client);
        } catch (IOException e) {
            // The client went away, or this server did.
        }
    }

    /** How many connections there were. */
    int connections() {
        return clients.size();
    }

    /** Ends every connection, as a server does with those that are idle for long; it takes new ones. */
    void hangUp() {
        for (Socket client : clients) {
            try {
                client.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void talk(Socket client) throws IOException {
        var in = new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1));
        var out = new PrintWriter(client.getOutputStream(), true, ISO_8859_1);
        say(out, "220 here");
        String recipient = "";
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            commands.add(line);
            String word = line.split("[ :]")[0].toUpperCase(Locale.ROOT);
            String reply = replies.apply(line);
            if (word.equals("EHLO")) {
                say(out, "250-here");
                extensions.forEach(extension -> say(out, "250-" + extension));
            }
            if (word.equals("DATA") && reply.isEmpty()) {
                say(out, "354 Go on");
                String text = text(in);
                reply = replies.apply(".");
                if (reply.isEmpty()) {
                    accepted.add(recipient);
                    texts.add(text);
                }
            }
            if (reply.isEmpty()) {
                reply = word.equals("QUIT") ? "221 Bye" : "250 OK";
            }
            if (word.equals("RCPT")) {
                recipient = reply.startsWith("250") ? path(line) : "";
            }
            say(out, reply);
            if (word.equals("QUIT")) {
                return;
            }
        }
    }

    private static String text(BufferedReader in) throws IOException {
        var text = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            text.append((char) c);
            if (text.toString().endsWith("\r\n.\r\n")) {
                break;
            }
        }
        return text.toString();
    }

    /** What stands between the brackets, blanks and all. */
    static String path(String command) {
        return command.substring(command.indexOf('<') + 1, command.lastIndexOf('>'));
    }

    private static void say(PrintWriter out, String line) {
        out.print(line + "\r\n");
        out.flush();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        hangUp();
    }
}
