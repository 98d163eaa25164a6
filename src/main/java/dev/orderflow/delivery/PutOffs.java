package dev.orderflow.delivery;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The effects that the other side puts off while it may take others, such as a mail to a full mailbox. One is judged when
 * it has been put off for long enough: where the other side has taken another one since, it is about this one; where it
 * took none, it is about all. Counted over all consumers of a route in this process. Safe for use by several threads.
 */
final class PutOffs {

    private static final int PUT_OFF_MAX = 1_000;

    private final long patienceNanos;
    private final LongSupplier clock;

    /** When an effect was put off first, by event; so that a batch that comes again tries the others at once. */
    private final Map<String, Long> since = new ConcurrentHashMap<>();

    private volatile long tookOneAt;

    /** @param clock in nanoseconds, as {@link System#nanoTime} */
    PutOffs(long patienceMs, LongSupplier clock) {
        this.patienceNanos = TimeUnit.MILLISECONDS.toNanos(patienceMs);
        this.clock = clock;
        this.tookOneAt = clock.getAsLong();
    }

    /** Notes that it was put off again. Whether that has gone on for so long that others are tried before it. */
    boolean isForLong(String event) {
        if (since.size() >= PUT_OFF_MAX) {
            // Left by batches that went to another process.
            since.clear();
        }
        long first = since.computeIfAbsent(event, id -> clock.getAsLong());
        return clock.getAsLong() - first >= patienceNanos;
    }

    /** These were done, and whatever was put off before is none any more. */
    void done(Collection<InboundEvent> events) {
        if (since.isEmpty()) {
            return;
        }
        events.forEach(event -> since.remove(event.id));
        if (events.stream().anyMatch(PutOffs::isTaken)) {
            tookOneAt = clock.getAsLong();
        }
    }

    private static boolean isTaken(InboundEvent event) {
        return event.fate == InboundEvent.Fate.DONE
                && event.said.stream().allMatch(said -> FailureClassifier.isTaken(said.type()));
    }

    boolean tookAnotherSince(String event) {
        Long first = since.get(event);
        return first != null && tookOneAt - first > 0;
    }

    /** It is parked. */
    void forget(String event) {
        since.remove(event);
    }
}
