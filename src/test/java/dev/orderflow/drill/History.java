package dev.orderflow.drill;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;

/** What the clients asked for and what they were told, in Jepsen's words: ok, fail, info. */
final class History {

    enum Outcome {
        /** 202: the order is kept. */
        OK,
        /** 4xx: the order is not there. */
        FAIL,
        /** Anything else, and no answer: nobody knows. */
        INFO
    }

    /** One order that a client wants placed, under one Idempotency-Key, which is its reference too. */
    static final class Wish {
        final String key;
        final String body;
        private final List<String> orderIds = new ArrayList<>(1);
        private final Map<Integer, Integer> answers = new TreeMap<>();
        private Outcome outcome = Outcome.INFO;
        private Instant accepted = Instant.MAX;

        Wish(String key, String body) {
            this.key = key;
            this.body = body;
        }

        /** @param orderId of a 202, else empty; status 0 is no answer */
        synchronized Outcome answered(int status, String orderId) {
            answers.merge(status, 1, Integer::sum);
            if (status == 202) {
                outcome = Outcome.OK;
                if (!orderIds.contains(orderId)) {
                    orderIds.add(orderId);
                    accepted = Instant.now();
                }
                return Outcome.OK;
            }
            // 409 is another request with this key, still on its way.
            boolean refused = status >= 400 && status < 500 && status != 409 && status != 408;
            if (refused && outcome == Outcome.INFO && answers.size() == 1) {
                outcome = Outcome.FAIL;
            }
            return refused ? Outcome.FAIL : Outcome.INFO;
        }

        synchronized Outcome outcome() {
            return outcome;
        }

        synchronized List<String> orderIds() {
            return List.copyOf(orderIds);
        }

        synchronized Instant accepted() {
            return accepted;
        }
    }

    private final Map<String, Wish> wishes = new ConcurrentHashMap<>();
    private final Deque<Wish> accepted = new ConcurrentLinkedDeque<>();
    private final AtomicLong acceptedCount = new AtomicLong();

    void add(Wish wish) {
        wishes.put(wish.key, wish);
    }

    Map<String, Wish> wishes() {
        return wishes;
    }

    /** To be told of each 202, in the order of their coming. */
    void accepted(Wish wish) {
        accepted.add(wish);
        acceptedCount.incrementAndGet();
    }

    /** Empty while there is none. */
    String firstAccepted() {
        Wish first = accepted.peek();
        return first == null ? "" : first.orderIds().get(0);
    }

    long acceptedCount() {
        return acceptedCount.get();
    }

    /** The ids of the last that were accepted. */
    List<String> newest(int max) {
        var newest = new ArrayList<String>(max);
        for (var wishes = accepted.descendingIterator(); wishes.hasNext() && newest.size() < max; ) {
            newest.add(wishes.next().orderIds().get(0));
        }
        return newest;
    }

    /** Those that were accepted after a moment, the first of them first. */
    List<Wish> acceptedAfter(Instant moment) {
        var after = new ArrayDeque<Wish>();
        for (var newest = accepted.descendingIterator(); newest.hasNext(); ) {
            Wish wish = newest.next();
            if (wish.accepted().isBefore(moment)) {
                break;
            }
            after.addFirst(wish);
        }
        return List.copyOf(after);
    }

    long count(Outcome outcome) {
        return wishes.values().stream()
                .filter(wish -> wish.outcome() == outcome)
                .count();
    }
}
