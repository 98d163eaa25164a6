package dev.orderflow.status;

import dev.orderflow.telemetry.OutageLog;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls that wait for an order to change, without a thread or a query of their own: one thread asks one query for all
 * of them, every few milliseconds while there are any. It asks the table and not the consumer, so it sees what every
 * instance of the service wrote.
 */
final class LongPolls implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(LongPolls.class);

    private final OrderQueries states;
    private final Executor answers;
    private final Duration pause;
    private final int waitersMax;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private List<Waiter> waiters = new ArrayList<>();
    private boolean stopped;
    private final OutageLog lookups = new OutageLog(LOG, "status");

    /** {@code changed} is what the caller has; -1 when it has nothing. */
    private record Waiter(UUID orderId, int changed, long deadline, Consumer<Optional<OrderView>> then) {}

    /** {@code answers} runs what comes after a wait, so that it never holds up the others. */
    LongPolls(OrderQueries states, Executor answers, Duration pause, int waitersMax) {
        this.states = states;
        this.answers = answers;
        this.pause = pause;
        this.waitersMax = waitersMax;
    }

    /**
     * Calls {@code then} with the order as soon as it has other than {@code changed} facts, or with empty when
     * {@code patience} is over.
     *
     * @return false, and {@code then} is not called, when as many wait as may
     */
    boolean await(UUID orderId, int changed, Duration patience, Consumer<Optional<OrderView>> then) {
        lock.lock();
        try {
            if (stopped || waiters.size() >= waitersMax) {
                return false;
            }
            waiters.add(new Waiter(orderId, changed, System.nanoTime() + patience.toNanos(), then));
            arrived.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return waiters.size();
        } finally {
            lock.unlock();
        }
    }

    /** Ends every wait; each is answered as if its patience were over. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void run() {
        try {
            while (sleep()) {
                poll();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stop();
            take(waiter -> true).forEach(waiter -> complete(waiter, Optional.empty()));
        }
    }

    /** Waits for the first waiter, then for the pause; false once it is stopped. */
    private boolean sleep() throws InterruptedException {
        lock.lock();
        try {
            while (waiters.isEmpty() && !stopped) {
                arrived.await();
            }
        } finally {
            lock.unlock();
        }
        if (!stopped) {
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        }
        return !stopped;
    }

    private void poll() {
        try {
            Map<UUID, Integer> changed = states.changed(ids());
            List<Waiter> ready = take(waiter -> changed.getOrDefault(waiter.orderId, waiter.changed) != waiter.changed);
            if (!ready.isEmpty()) {
                answer(ready);
            }
            lookups.works();
        } catch (SQLException | RuntimeException e) {
            // The waiters stay: the database may be back before their patience is over.
            lookups.fails("orders that calls wait for cannot be looked up in the database: " + e.getMessage());
        }
        long now = System.nanoTime();
        take(waiter -> waiter.deadline - now <= 0).forEach(waiter -> complete(waiter, Optional.empty()));
    }

    private void answer(List<Waiter> ready) throws SQLException {
        try {
            Set<UUID> ids = new HashSet<>();
            ready.forEach(waiter -> ids.add(waiter.orderId));
            Map<UUID, OrderView> found = states.find(ids);
            ready.forEach(waiter -> complete(waiter, Optional.ofNullable(found.get(waiter.orderId))));
        } catch (SQLException e) {
            lock.lock();
            try {
                waiters.addAll(ready);
            } finally {
                lock.unlock();
            }
            throw e;
        }
    }

    private Set<UUID> ids() {
        lock.lock();
        try {
            Set<UUID> ids = new HashSet<>(waiters.size() * 2);
            waiters.forEach(waiter -> ids.add(waiter.orderId));
            return ids;
        } finally {
            lock.unlock();
        }
    }

    private List<Waiter> take(Predicate<Waiter> done) {
        lock.lock();
        try {
            List<Waiter> taken = new ArrayList<>();
            List<Waiter> left = new ArrayList<>(waiters.size());
            for (Waiter waiter : waiters) {
                (done.test(waiter) ? taken : left).add(waiter);
            }
            waiters = left;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void complete(Waiter waiter, Optional<OrderView> state) {
        try {
            answers.execute(() -> waiter.then.accept(state));
        } catch (RejectedExecutionException e) {
            waiter.then.accept(state);
        }
    }
}
