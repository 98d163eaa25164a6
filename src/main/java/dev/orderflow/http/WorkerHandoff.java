package dev.orderflow.http;

import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Brings requests from the event loop to the workers. What one turn of the loop has read is handed over together: waking a
 * worker for each request costs as much as reading the request.
 */
final class WorkerHandoff {

    /** One request on its way. */
    interface HandedRequest {

        /** Runs on a worker. */
        void start();

        /** Runs on the event loop: no worker will take it. */
        void refuse();
    }

    // A worker takes so many one after the other; more would keep the last ones waiting while other workers are idle.
    private static final int TOGETHER_MAX = 8;

    private final ThreadPoolExecutor pool;
    private final int max;
    private final AtomicInteger queued = new AtomicInteger();
    private List<HandedRequest> open;

    WorkerHandoff(ThreadPoolExecutor pool, int max) {
        this.pool = pool;
        this.max = max;
    }

    /** To be called on the event loop. */
    void add(Context loop, HandedRequest request) {
        if (queued.incrementAndGet() > max) {
            queued.decrementAndGet();
            request.refuse();
            return;
        }
        List<HandedRequest> full = null;
        synchronized (this) {
            if (open == null) {
                open = new ArrayList<>(TOGETHER_MAX);
                List<HandedRequest> mine = open;
                loop.runOnContext(endOfTurn -> close(mine));
            }
            open.add(request);
            if (open.size() == TOGETHER_MAX) {
                full = open;
                open = null;
            }
        }
        if (full != null) {
            hand(full);
        }
    }

    private void close(List<HandedRequest> requests) {
        synchronized (this) {
            if (open != requests) {
                return;
            }
            open = null;
        }
        hand(requests);
    }

    private void hand(List<HandedRequest> requests) {
        try {
            pool.execute(() -> {
                for (HandedRequest request : requests) {
                    queued.decrementAndGet();
                    request.start();
                }
            });
        } catch (RejectedExecutionException e) {
            queued.addAndGet(-requests.size());
            requests.forEach(HandedRequest::refuse);
        }
    }

    void shutdown() {
        pool.shutdown();
    }
}
