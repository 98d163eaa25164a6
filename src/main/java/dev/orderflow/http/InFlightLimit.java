package dev.orderflow.http;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds how many requests wait at once; above that the answer is 503 at once. A request whose client left still counts
 * for as long as a route works on it: it still takes memory.
 */
public final class InFlightLimit implements Handler<RoutingContext> {

    private static final String PLACE = "door.place";
    private static final int RETRY_AFTER_S = 1;

    private final int max;
    private final AtomicInteger count = new AtomicInteger();

    public InFlightLimit(int max) {
        this.max = max;
    }

    public int count() {
        return count.get();
    }

    @Override
    public void handle(RoutingContext ctx) {
        if (!take()) {
            full().answer(ctx.response());
            return;
        }
        var place = new Slot(count);
        ctx.put(PLACE, place);
        ctx.addEndHandler(ended -> place.leave());
        ctx.next();
    }

    /**
     * Takes one more place for a request that holds none, such as a line of a bulk; false, and none taken, when all are
     * taken. Whoever took one gives it back with {@link #leave}.
     */
    public boolean take() {
        if (count.incrementAndGet() > max) {
            count.decrementAndGet();
            return false;
        }
        return true;
    }

    public void leave() {
        count.decrementAndGet();
    }

    /** The answer where no place is left. */
    public Problem full() {
        return HttpProblems.tooManyWaiting(max).retryAfter(RETRY_AFTER_S);
    }

    /** Keeps the request's place until the returned action is run, even when the client leaves before. */
    static Runnable keep(RoutingContext ctx) {
        Slot place = ctx.get(PLACE);
        if (place == null) {
            return () -> {};
        }
        place.holders.incrementAndGet();
        return place::leave;
    }

    private record Slot(AtomicInteger count, AtomicInteger holders) {

        Slot(AtomicInteger count) {
            this(count, new AtomicInteger(1));
        }

        void leave() {
            if (holders.decrementAndGet() == 0) {
                count.decrementAndGet();
            }
        }
    }
}
