package dev.orderflow.bench;

import dev.orderflow.bench.ReceivedMails.Count;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;

/** Watches the flow from outside: what each service's group has committed, and what the mail server has. */
final class FlowProgress {

    /** A service that says nothing of what it hears. */
    static final String STATUS = "status";

    static final List<String> SERVICES = List.of("inventory", "shipping", "notification", STATUS);

    /** An order makes so many events: one of each service but status. */
    static final int EVENTS = 3;

    private static final long LOOK_MS = 50;
    private static final int LOOKS_OF_A_SAMPLE = 5;

    /** Without any progress of any service. */
    private static final long WAIT_NS = 60_000_000_000L;

    private final Ground ground;
    private final String topic;
    private final Map<String, String> groups;
    private final Optional<ReceivedMails> mails;

    /** Records that each service had still before it at a moment, in seconds behind the beginning. */
    record Lag(double atS, Map<String, Long> records) {}

    /**
     * How a backlog was worked off.
     *
     * @param seconds to the last effect: the last offset committed, the last mail taken
     * @param stoodS the longest time that each service stood still with something before it
     */
    record Course(double seconds, List<Lag> lags, Map<String, Double> stoodS) {}

    /**
     * @param groups of each service
     * @param mails empty where they are files
     */
    FlowProgress(Ground ground, String topic, Map<String, String> groups, Optional<ReceivedMails> mails) {
        this.ground = ground;
        this.topic = topic;
        this.groups = groups;
        this.mails = mails;
    }

    /**
     * What is to be there in the end.
     *
     * @param mails that the mail server took, since it was asked for them last
     */
    record Goal(long orders, long events, long mails) {}

    /** The end of so many orders that wait in the topic; to be asked for while the side is held. */
    Goal goal(int orders) throws Exception {
        return new Goal(
                ground.records(topic),
                ground.records(topic + "-events") + (long) orders * EVENTS,
                mailCount() + orders);
    }

    /** Waits until all is there; to be called when the side is let go. */
    Course await(Goal goal) throws Exception {
        long began = System.nanoTime();
        var stands = new LinkedHashMap<String, Stand>();
        SERVICES.forEach(service -> stands.put(service, new Stand(began)));
        var lags = new ArrayList<Lag>();
        long moved = began;
        long mailsBefore = 0;
        for (int look = 0; ; look++) {
            var done = committed();
            // Asked behind what is committed, so that no lag looks less than none.
            var lag = lag(goal.orders, ground.records(topic + "-events"), done);
            long mailsNow = mailCount();
            long now = System.nanoTime();
            boolean all = mailsNow >= goal.mails || mails.isEmpty();
            boolean any = mailsNow != mailsBefore;
            mailsBefore = mailsNow;
            for (String service : SERVICES) {
                long end = goal.orders + (hearsEvents(service) ? goal.events : 0);
                long at = done.get(service);
                any |= stands.get(service).look(now, at, lag.get(service) > 0);
                all &= at >= end;
            }
            moved = any ? now : moved;
            if (all || look % LOOKS_OF_A_SAMPLE == 0) {
                lags.add(new Lag((now - began) / 1e9, lag));
            }
            if (all) {
                break;
            }
            if (now - moved > WAIT_NS) {
                throw new IllegalStateException(
                        "Nothing moved for %d s in topic %s: committed %s of %,d orders and %,d events, %,d of %,d mails."
                                .formatted(
                                        WAIT_NS / 1_000_000_000L,
                                        topic,
                                        done,
                                        goal.orders,
                                        goal.events,
                                        mailsNow,
                                        goal.mails));
            }
            Child.pause(LOOK_MS);
        }
        var stoodS = new LinkedHashMap<String, Double>();
        stands.forEach((service, stand) -> stoodS.put(service, stand.longestNs / 1e9));
        return new Course((moved - began) / 1e9, lags, stoodS);
    }

    private long mailCount() {
        return mails.map(ReceivedMails::count).map(Count::mails).orElse(0L);
    }

    static boolean hearsEvents(String service) {
        return !service.equals("inventory");
    }

    private static Map<String, Long> lag(long orders, long events, Map<String, Long> done) {
        var lag = new LinkedHashMap<String, Long>();
        for (String service : SERVICES) {
            lag.put(service, orders + (hearsEvents(service) ? events : 0) - done.get(service));
        }
        return lag;
    }

    /** By service, over the partitions of both topics. */
    private Map<String, Long> committed() throws ExecutionException, InterruptedException {
        var all = ground.admin
                .listConsumerGroupOffsets(groups.values().stream()
                        .collect(Collectors.toMap(group -> group, group -> new ListConsumerGroupOffsetsSpec())))
                .all()
                .get();
        var done = new LinkedHashMap<String, Long>();
        groups.forEach((service, group) -> done.put(
                service,
                all.get(group).entrySet().stream()
                        .filter(entry -> entry.getValue() != null
                                && (entry.getKey().topic().equals(topic)
                                        || entry.getKey().topic().equals(topic + "-events")))
                        .mapToLong(entry -> entry.getValue().offset())
                        .sum()));
        return done;
    }

    /** Where one service stands, and for how long. */
    private static final class Stand {

        private long at = -1;
        private long sinceNs;
        private long longestNs;

        Stand(long beganNs) {
            sinceNs = beganNs;
        }

        /** True when it moved. */
        boolean look(long now, long committed, boolean hasMore) {
            boolean moved = committed != at;
            if (moved || !hasMore) {
                at = committed;
                sinceNs = now;
            }
            longestNs = Math.max(longestNs, now - sinceNs);
            return moved;
        }
    }
}
