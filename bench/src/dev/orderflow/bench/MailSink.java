package dev.orderflow.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import java.util.Scanner;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A mail server that takes every mail and keeps of it only when its Message-ID came first (RFC 5321, with PIPELINING,
 * 8BITMIME, SMTPUTF8 and SIZE). It does as little as it can for a mail, since both sides share the processors with it.
 */
final class MailSink {

    private static final byte[] HELLO =
            ascii("250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 10485760\r\n");
    private static final byte[] READY = ascii("220 sink\r\n");
    private static final byte[] OK = ascii("250 OK\r\n");
    private static final byte[] GO_ON = ascii("354 go on\r\n");
    private static final byte[] BYE = ascii("221 bye\r\n");
    private static final byte[] UNKNOWN = ascii("502 not known here\r\n");
    private static final byte[] MESSAGE_ID = ascii("\nMessage-ID: ");

    private final Map<String, Long> firstUs = new ConcurrentHashMap<>();
    private final AtomicLong mails = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    private MailSink() {}

    public static void main(String[] arguments) throws IOException {
        var sink = new MailSink();
        // A client that opens a connection for each mail must not pay for a thread each time.
        var threads = Executors.newCachedThreadPool();
        var loopback = InetAddress.getLoopbackAddress();
        try (var smtp = new ServerSocket(0, 128, loopback);
                var asked = new ServerSocket(0, 1, loopback)) {
            System.out.println("smtp " + smtp.getLocalPort());
            System.out.println("asked " + asked.getLocalPort());
            threads.execute(() -> sink.answer(asked));
            while (true) {
                var client = smtp.accept();
                threads.execute(() -> sink.serve(client));
            }
        }
    }

    /** For {@link ReceivedMails}: "count", or "take" to get each Message-ID with its time and to begin anew. */
    private void answer(ServerSocket asked) {
        try (var bench = asked.accept();
                var questions = new Scanner(bench.getInputStream(), StandardCharsets.US_ASCII);
                var answers = new PrintStream(bench.getOutputStream(), false, StandardCharsets.US_ASCII)) {
            while (questions.hasNextLine()) {
                boolean take = questions.nextLine().equals("take");
                answers.printf("%d %d %d\n", mails.get(), firstUs.size(), bytes.get());
                if (take) {
                    firstUs.forEach((id, us) -> answers.print(id + ' ' + us + '\n'));
                    firstUs.clear();
                    mails.set(0);
                    bytes.set(0);
                }
                answers.flush();
            }
        } catch (IOException e) {
            e.printStackTrace();
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            new Session(client).run();
        } catch (IOException e) {
            // A client that went away without QUIT; what it did not end was no mail.
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** One connection. Answers leave together when nothing more has been read: that is all of pipelining. */
    private final class Session {

        private final InputStream in;
        private final OutputStream out;
        private byte[] read = new byte[32_768];
        private int at;
        private int end;
        private final byte[] answers = new byte[1_024];
        private int answered;

        Session(Socket client) throws IOException {
            in = client.getInputStream();
            out = client.getOutputStream();
        }

        void run() throws IOException {
            say(READY);
            while (true) {
                int length = endOf('\n', 0);
                if (length < 0) {
                    return;
                }
                int start = at;
                at += length;
                switch (read[start] & ~0x20) {
                    case 'E', 'H' -> say(HELLO);
                    case 'M', 'R', 'N' -> say(OK);
                    case 'D' -> {
                        say(GO_ON);
                        if (!mail()) {
                            return;
                        }
                        say(OK);
                    }
                    case 'Q' -> {
                        say(BYE);
                        flush();
                        return;
                    }
                    default -> say(UNKNOWN);
                }
            }
        }

        /** Bytes from {@link #at} to the byte and with it, from so far on; reads until it is there; -1 at the end of the stream. */
        private int endOf(char wanted, int from) throws IOException {
            for (int i = from; ; i++) {
                while (at + i >= end) {
                    if (!more()) {
                        return -1;
                    }
                }
                if (read[at + i] == wanted) {
                    return i + 1;
                }
            }
        }

        private boolean more() throws IOException {
            flush();
            if (at > 0) {
                System.arraycopy(read, at, read, 0, end - at);
                end -= at;
                at = 0;
            }
            if (end == read.length) {
                read = Arrays.copyOf(read, read.length * 2);
            }
            int count = in.read(read, end, read.length - end);
            end += Math.max(0, count);
            return count > 0;
        }

        /** Reads to the line of one dot. */
        private boolean mail() throws IOException {
            int length = 0;
            do {
                length = endOf('\n', length);
                if (length < 0) {
                    return false;
                }
            } while (length < 5
                    || read[at + length - 2] != '\r'
                    || read[at + length - 3] != '.'
                    || read[at + length - 4] != '\n');
            long us = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
            mails.incrementAndGet();
            bytes.addAndGet(length - 5);
            firstUs.putIfAbsent(messageId(length), us);
            at += length;
            return true;
        }

        /** Of the mail that begins at {@link #at}; empty where it has none. */
        private String messageId(int length) {
            int last = at + length - MESSAGE_ID.length;
            for (int i = at; i < last; i++) {
                if (read[i] == '\n'
                        && Arrays.equals(read, i, i + MESSAGE_ID.length, MESSAGE_ID, 0, MESSAGE_ID.length)) {
                    int from = i + MESSAGE_ID.length;
                    int to = from;
                    while (read[to] != '\r') {
                        to++;
                    }
                    return new String(read, from, to - from, StandardCharsets.US_ASCII);
                }
            }
            return "";
        }

        private void say(byte[] answer) throws IOException {
            if (answered + answer.length > answers.length) {
                flush();
            }
            System.arraycopy(answer, 0, answers, answered, answer.length);
            answered += answer.length;
        }

        private void flush() throws IOException {
            if (answered > 0) {
                out.write(answers, 0, answered);
                answered = 0;
            }
        }
    }
}
