package dev.orderflow.notification;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** As much of SMTP (RFC 5321) as it takes to refuse a recipient, which GreenMail never does. */
final class RefusingMailServer implements AutoCloseable {

    private final ServerSocket socket;
    private final UnaryOperator<String> replies;
    private final List<String> accepted = new CopyOnWriteArrayList<>();

    /** {@code replies} is asked about each recipient, and says such as {@code 250 OK} or {@code 550 No such user}. */
    RefusingMailServer(UnaryOperator<String> replies) {
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

    int port() {
        return socket.getLocalPort();
    }

    /** Recipients of the mails that it took. */
    List<String> accepted() {
        return accepted;
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket client = socket.accept()) {
                talk(client);
            } catch (IOException e) {
                // The client went away, or this server did.
            }
        }
    }

    private void talk(Socket client) throws IOException {
        var in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
        var out = new PrintWriter(client.getOutputStream(), true, StandardCharsets.UTF_8);
        out.print("220 here\r\n");
        out.flush();
        String recipient = "";
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String word = line.split("[ :]")[0].toUpperCase(Locale.ROOT);
            String reply = "250 OK";
            switch (word) {
                case "RCPT" -> {
                    String wanted = line.replaceAll(".*<(.*)>.*", "$1");
                    reply = replies.apply(wanted);
                    recipient = reply.startsWith("250") ? wanted : "";
                }
                case "DATA" -> {
                    out.print("354 Go on\r\n");
                    out.flush();
                    String text = in.readLine();
                    while (text != null && !text.equals(".")) {
                        text = in.readLine();
                    }
                    accepted.add(recipient);
                }
                case "QUIT" -> reply = "221 Bye";
                default -> reply = "250 OK";
            }
            out.print(reply + "\r\n");
            out.flush();
            if (word.equals("QUIT")) {
                return;
            }
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
