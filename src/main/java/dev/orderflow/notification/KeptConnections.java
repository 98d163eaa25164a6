package dev.orderflow.notification;

import dev.orderflow.telemetry.DaemonThreads;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.component.mail.DefaultJavaMailSender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Camel's sender for one mail endpoint, with connections that are kept open: Camel's own makes one for each mail, with its
 * greeting, TLS and login. No more mails are under way at once than there are connections. Safe for use by several threads.
 */
final class KeptConnections extends DefaultJavaMailSender {

    /** Servers close what is idle for some minutes (RFC 5321, 4.5.3.2.7: five); this is before they do. */
    private static final long IDLE_S = 30;

    /** After so long without a mail a connection is asked whether it is still one. */
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger(KeptConnections.class);

    private static final ScheduledExecutorService CLOSER = closer();

    private record Kept(Transport transport, long since) {}

    private final Deque<Kept> kept = new ArrayDeque<>();
    private final Semaphore permits;
    private final long intervalNanos;
    private long nextAt = System.nanoTime();
    private boolean closing;

    /**
     * @param connections open at once at most
     * @param perSecond mails at most, evenly; 0 for no limit
     */
    KeptConnections(int connections, int perSecond) {
        this.permits = new Semaphore(connections, true);
        this.intervalNanos = perSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / perSecond;
    }

    private static ScheduledExecutorService closer() {
        var closer = new ScheduledThreadPoolExecutor(1, DaemonThreads.named("mail-connections"));
        closer.setKeepAliveTime(IDLE_S, TimeUnit.SECONDS);
        closer.allowCoreThreadTimeOut(true);
        return closer;
    }

    @Override
    public void send(MimeMessage mail) throws MessagingException {
        permits.acquireUninterruptibly();
        try {
            pace();
            Transport old = take();
            if (old != null && sentOverOld(old, mail)) {
                return;
            }
            Transport fresh = connect();
            send(fresh, mail);
        } finally {
            permits.release();
        }
    }

    /** Evenly over the second, since a server that limits its clients counts in short times too. */
    private void pace() {
        if (intervalNanos == 0) {
            return;
        }
        long at;
        synchronized (kept) {
            at = Math.max(System.nanoTime(), nextAt);
            nextAt = at + intervalNanos;
        }
        for (long left = at - System.nanoTime(); left > 0; left = at - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** One that may still be open; null where there is none. */
    private Transport take() {
        while (true) {
            Kept last;
            synchronized (kept) {
                last = kept.pollLast();
            }
            if (last == null) {
                return null;
            }
            if (System.nanoTime() - last.since < FRESH_NANOS || last.transport.isConnected()) {
                return last.transport;
            }
            close(last.transport);
        }
    }

    /** A server may end a connection between two mails; as long as it cannot have the mail, another connection takes it. */
    private boolean sentOverOld(Transport old, MimeMessage mail) throws MessagingException {
        try {
            send(old, mail);
            return true;
        } catch (MessagingException e) {
            if (old instanceof Utf8Transport transport && transport.hasLostConnectionBeforeText()) {
                LOG.debug("The mail server has ended a connection; the mail goes over another one", e);
                return false;
            }
            throw e;
        }
    }

    private Transport connect() throws MessagingException {
        Transport transport = getTransport(getSession());
        PasswordAuthentication login = getPasswordAuthentication();
        try {
            transport.connect(getHost(), getPort(), login.getUserName(), login.getPassword());
            return transport;
        } catch (MessagingException | RuntimeException e) {
            close(transport);
            throw e;
        }
    }

    private void send(Transport transport, MimeMessage mail) throws MessagingException {
        boolean well = false;
        try {
            transport.sendMessage(mail, mail.getAllRecipients());
            well = true;
        } finally {
            // What the server refused may have been the mail alone.
            if (well || transport.isConnected()) {
                keep(transport);
            } else {
                close(transport);
            }
        }
    }

    private void keep(Transport transport) {
        synchronized (kept) {
            kept.addLast(new Kept(transport, System.nanoTime()));
            if (!closing) {
                closing = true;
                CLOSER.schedule(this::closeIdle, IDLE_S, TimeUnit.SECONDS);
            }
        }
    }

    private void closeIdle() {
        while (true) {
            Kept first;
            synchronized (kept) {
                first = kept.peekFirst();
                long left = first == null ? 0 : first.since + TimeUnit.SECONDS.toNanos(IDLE_S) - System.nanoTime();
                closing = left > 0;
                if (closing) {
                    CLOSER.schedule(this::closeIdle, left, TimeUnit.NANOSECONDS);
                }
                if (closing || first == null) {
                    return;
                }
                kept.removeFirst();
            }
            close(first.transport);
        }
    }

    private static void close(Transport transport) {
        try {
            transport.close();
        } catch (MessagingException e) {
            LOG.debug("A connection to the mail server did not close well", e);
        }
    }
}
