package dev.orderflow.intake;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Runs each task on the thread that brings it. The route goes on after the append on Kafka's sender thread, which saves a
 * switch of threads for each order; so no step behind the append may wait there.
 */
final class CallerThread extends AbstractExecutorService {

    private static final Future<?> DONE = CompletableFuture.completedFuture(null);

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    /** Done when it returns; a task of its own to ask would cost more than what is run. */
    @Override
    public Future<?> submit(Runnable task) {
        task.run();
        return DONE;
    }

    @Override
    public void shutdown() {
        // has no threads
    }

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }
}
