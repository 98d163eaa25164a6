package dev.orderflow.notification;

import dev.orderflow.delivery.NotDone;
import dev.orderflow.delivery.RehearsalDelivery;
import dev.orderflow.telemetry.DaemonThreads;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;

/**
 * Hands the mails of a batch over by the channel, several at once, inside of the batch's transaction. They are noted before
 * the first goes out, so that what the database refuses is refused before; a mail that does not go out is not noted in the
 * end, and comes again alone. Its first failure that is not the recipient's ends the batch, and so does its time: the mails
 * behind it come in a transaction of their own.
 */
public class HandOver implements CamelContextAware {

    private static final long IDLE_S = 10;

    private CamelContext context;
    private Mails mails;
    private String channel = "";
    private int connections = 2;
    private long batchMs = 5_000;
    private ExecutorService threads;
    private Producer producer;

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
    }

    public void setMails(Mails mails) {
        this.mails = mails;
    }

    /** Endpoint that takes one mail, a {@code MimeMessage}, with its event as the exchange property {@code event}. */
    public void setChannel(String channel) {
        this.channel = channel;
    }

    /** How many mails of a batch are under way at once. */
    public void setConnections(int connections) {
        this.connections = connections;
    }

    /** How long mails are handed over in one transaction, in milliseconds. */
    public void setBatchMs(long batchMs) {
        this.batchMs = batchMs;
    }

    /**
     * @param written what the route wrote; what is no {@link Mail} is passed over
     * @return the events to say, and a {@link NotDone} for each mail that did not go out
     */
    public List<Object> send(List<?> written) throws SQLException {
        List<Mail> batch = written.stream()
                .filter(Mail.class::isInstance)
                .map(Mail.class::cast)
                .toList();
        if (batch.isEmpty()) {
            return List.of();
        }
        mails.note(batch);
        var run = new Run(batch);
        handOver(run);
        mails.correct(run.learnt(), run.notOut());
        return run.left();
    }

    private void handOver(Run run) {
        // Two versions of a route are compared mail by mail, in their order.
        int atOnce = RehearsalDelivery.isIn(context) ? 1 : connections;
        int helpers = Math.min(atOnce, run.toSend()) - 1;
        List<Future<?>> others = new ArrayList<>(Math.max(0, helpers));
        for (int i = 0; i < helpers; i++) {
            others.add(threads().submit(run));
        }
        run.run();
        for (Future<?> other : others) {
            await(other);
        }
    }

    /** Whatever comes, the batch is not left while a mail of it is under way. */
    private static void await(Future<?> other) {
        boolean interrupted = false;
        while (true) {
            try {
                other.get();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized ExecutorService threads() {
        if (threads == null) {
            // As many as the consumers ask for at once: each of them asks for so many connections at most.
            threads = new ThreadPoolExecutor(
                    0,
                    Integer.MAX_VALUE,
                    IDLE_S,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    DaemonThreads.named("mail-hand-over"));
        }
        return threads;
    }

    private synchronized Producer producer() throws Exception {
        if (producer == null) {
            Producer made = context.getEndpoint(channel).createProducer();
            made.start();
            producer = made;
        }
        return producer;
    }

    /** What became of one mail. */
    private sealed interface MailOutcome {

        record Taken() implements MailOutcome {}

        record Unreachable(String why) implements MailOutcome {}

        record Failed(Exception cause) implements MailOutcome {}

        record Untried() implements MailOutcome {}
    }

    /** One batch, which several threads work off; for reading when all of them are done. */
    private final class Run implements Runnable {

        private final List<Mail> batch;
        private final MailOutcome[] outcomes;
        private final AtomicInteger next = new AtomicInteger();
        private final long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(batchMs);
        private volatile boolean ended;

        Run(List<Mail> batch) {
            this.batch = batch;
            this.outcomes = new MailOutcome[batch.size()];
            for (int i = 0; i < outcomes.length; i++) {
                outcomes[i] = batch.get(i)
                        .unreachable()
                        .<MailOutcome>map(MailOutcome.Unreachable::new)
                        .orElseGet(MailOutcome.Untried::new);
            }
        }

        int toSend() {
            return (int)
                    batch.stream().filter(mail -> mail.unreachable().isEmpty()).count();
        }

        @Override
        public void run() {
            while (!ended) {
                int i = next.getAndIncrement();
                if (i >= outcomes.length) {
                    return;
                }
                if (batch.get(i).unreachable().isEmpty()) {
                    outcomes[i] = sent(batch.get(i));
                    if (outcomes[i] instanceof MailOutcome.Failed || System.nanoTime() - until >= 0) {
                        ended = true;
                    }
                }
            }
        }

        private MailOutcome sent(Mail mail) {
            try {
                Producer channelProducer = producer();
                Exchange exchange = channelProducer.getEndpoint().createExchange();
                exchange.setProperty("event", mail.event());
                exchange.getMessage().setBody(mail.message());
                channelProducer.process(exchange);
                if (exchange.getException() != null) {
                    throw exchange.getException();
                }
                return new MailOutcome.Taken();
            } catch (Exception failure) {
                return MailFailure.ofRecipient(failure)
                        .<MailOutcome>map(MailOutcome.Unreachable::new)
                        .orElseGet(() -> new MailOutcome.Failed(failure));
            }
        }

        /** Why mails could not go out that were noted as if they could. */
        List<Mail> learnt() {
            List<Mail> learnt = new ArrayList<>(0);
            for (int i = 0; i < outcomes.length; i++) {
                if (batch.get(i).unreachable().isEmpty()
                        && outcomes[i] instanceof MailOutcome.Unreachable unreachable) {
                    learnt.add(Mail.unreachable(batch.get(i).event(), unreachable.why));
                }
            }
            return learnt;
        }

        List<Mail> notOut() {
            List<Mail> notOut = new ArrayList<>(0);
            for (int i = 0; i < outcomes.length; i++) {
                if (outcomes[i] instanceof MailOutcome.Failed || outcomes[i] instanceof MailOutcome.Untried) {
                    notOut.add(batch.get(i));
                }
            }
            return notOut;
        }

        List<Object> left() {
            List<Object> left = new ArrayList<>(outcomes.length);
            for (int i = 0; i < outcomes.length; i++) {
                var event = batch.get(i).event();
                if (outcomes[i] instanceof MailOutcome.Failed failed) {
                    left.add(NotDone.failed(event, failed.cause));
                } else if (outcomes[i] instanceof MailOutcome.Untried) {
                    left.add(NotDone.untried(event));
                } else if (outcomes[i] instanceof MailOutcome.Unreachable unreachable) {
                    left.add(mails.saysUnreachable(event, unreachable.why));
                } else {
                    left.add(mails.saysSent(event));
                }
            }
            return left;
        }
    }
}
