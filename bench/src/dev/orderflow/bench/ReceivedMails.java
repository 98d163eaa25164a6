package dev.orderflow.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The {@link MailSink} in a process of its own, and what it says of the mails that came. */
final class ReceivedMails implements AutoCloseable {

    private final Child child;
    private final int port;
    private final Socket asked;
    private final BufferedReader answers;

    /** @param distinct how many Message-IDs they had */
    record Count(long mails, long distinct, long bytes) {

        static final Count NONE = new Count(0, 0, 0);

        Count plus(Count other) {
            return new Count(mails + other.mails, distinct + other.distinct, bytes + other.bytes);
        }
    }

    /** @param timesUs when each Message-ID came first, in microseconds since 1970 */
    record Taken(Count count, Map<String, Long> timesUs) {}

    private ReceivedMails(Child child) throws IOException {
        this.child = child;
        this.port = Integer.parseInt(child.await("smtp "));
        this.asked = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(child.await("asked ")));
        this.answers = new BufferedReader(new InputStreamReader(asked.getInputStream(), StandardCharsets.US_ASCII));
    }

    static ReceivedMails start() throws IOException {
        return new ReceivedMails(Child.java(MailSink.class, List.of("-Xmx256m", "-XX:+UseSerialGC")));
    }

    /** Where SMTP is spoken, on the loopback. */
    int port() {
        return port;
    }

    long pid() {
        return child.pid();
    }

    Count count() {
        try {
            return ask("count");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All of them since the last call. */
    Taken take() {
        try {
            var count = ask("take");
            var times = new HashMap<String, Long>();
            for (long i = 0; i < count.distinct; i++) {
                String line = answers.readLine();
                int blank = line.lastIndexOf(' ');
                times.put(line.substring(0, blank), Long.parseLong(line.substring(blank + 1)));
            }
            return new Taken(count, times);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Count ask(String question) throws IOException {
        asked.getOutputStream().write((question + '\n').getBytes(StandardCharsets.US_ASCII));
        String[] numbers = answers.readLine().split(" ");
        return new Count(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]));
    }

    @Override
    public void close() {
        try {
            asked.close();
        } catch (IOException e) {
            // Its process ends in any case.
        }
        child.close();
    }
}
