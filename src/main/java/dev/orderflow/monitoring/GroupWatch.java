package dev.orderflow.monitoring;

import dev.orderflow.delivery.Deliveries;
import dev.orderflow.delivery.DeliveryState;
import dev.orderflow.delivery.Gap;
import dev.orderflow.delivery.Gaps;
import dev.orderflow.delivery.ReconnectingConsumer;
import dev.orderflow.telemetry.OutageLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices what happens to the services' groups without them: commits and members that are not Orderflow's, a transaction
 * that keeps records back, an assignment that does not come, and gaps that nobody has looked at. For one thread.
 */
final class GroupWatch {

    private static final Logger LOG = LoggerFactory.getLogger(GroupWatch.class);

    /** As long as a rebalance may take while members come and go. */
    private static final Duration JOINS = Duration.ofSeconds(10);

    private final Supplier<Optional<Deliveries>> deliveries;
    private final Supplier<Optional<Gaps>> gaps;
    private final Duration openTransaction;
    private final Clock clock;

    /** By group: where each partition stood when the last commit of ours was seen. */
    private final Map<String, Map<TopicPartition, Long>> marked = new HashMap<>();

    private final Map<String, Stopped> stopped = new HashMap<>();
    private final Map<String, Told> told = new HashMap<>();
    private Set<Gap> open = Set.of();

    /** Where the readable part of a partition has ended since then, although there is more of it. */
    private record Stopped(long offset, Instant since) {}

    private record Told(String service, Instant since, OutageLog log) {}

    /** @param openTransaction how long a transaction may keep records back before it is told */
    GroupWatch(
            Supplier<Optional<Deliveries>> deliveries,
            Supplier<Optional<Gaps>> gaps,
            Duration openTransaction,
            Clock clock) {
        this.deliveries = deliveries;
        this.gaps = gaps;
        this.openTransaction = openTransaction;
        this.clock = clock;
    }

    /**
     * @param readable ends of what a consumer gets
     * @param ends of all that there is
     */
    void look(GroupSnapshot group, Map<TopicPartition, Long> readable, Map<TopicPartition, Long> ends) {
        var topics = deliveries.get().map(all -> all.topics(group.group())).orElse(Set.of());
        if (topics.isEmpty()) {
            return;
        }
        gaps.get().ifPresent(noted -> lookAtCommits(group, topics, noted));
        lookAtMembers(group);
        lookAtAssignment(group);
        readable.forEach((partition, offset) -> {
            if (topics.contains(partition.topic())) {
                lookAtTransactions(group.group(), partition, offset, ends);
            }
        });
    }

    /** Those of the database, which other processes may have noticed, or an operator closed. */
    void lookAtGaps(Collection<String> groups) {
        gaps.get().ifPresent(noted -> {
            Set<Gap> now = new HashSet<>(noted.open(groups));
            deliveries.get().ifPresent(all -> {
                open.stream().filter(gap -> !now.contains(gap)).forEach(gap -> {
                    all.over(gap.service(), gap);
                    LOG.info(
                            "{}: somebody has looked at the offsets {} to {} of {}",
                            gap.service(),
                            Math.min(gap.from(), gap.to()),
                            Math.max(gap.from(), gap.to()) - 1,
                            gap.partition());
                });
                now.forEach(
                        gap -> all.began(gap.service(), gap, DeliveryState.NOTICED, clock.instant(), gap.sentence()));
            });
            open = now;
        });
    }

    /** A commit without our mark, in a partition whose commits had it, is somebody else's. */
    private void lookAtCommits(GroupSnapshot group, Set<String> topics, Gaps noted) {
        var known = marked.computeIfAbsent(group.group(), name -> new HashMap<>(noted.marked(name)));
        group.committed().forEach((partition, committed) -> {
            if (!topics.contains(partition.topic())) {
                return;
            }
            long offset = committed.offset();
            Long stood = known.get(partition);
            if (isOurs(committed)) {
                if (stood == null || stood != offset) {
                    known.put(partition, offset);
                    noted.mark(group.group(), partition, offset);
                }
            } else if (stood != null && stood != offset) {
                noted.note(new Gap(group.group(), partition, stood, offset, Gap.Kind.FOREIGN_COMMIT));
            }
        });
    }

    private static boolean isOurs(OffsetAndMetadata committed) {
        return ReconnectingConsumer.MARK.equals(committed.metadata());
    }

    private void lookAtMembers(GroupSnapshot group) {
        String foreign = group.description().members().stream()
                .filter(member -> !member.clientId().startsWith(ReconnectingConsumer.CLIENT_ID))
                .map(GroupWatch::shown)
                .sorted()
                .collect(Collectors.joining(", "));
        tell(
                group.group(),
                "member",
                DeliveryState.NOTICED,
                foreign.isEmpty()
                        ? ""
                        : "consumer group %s has members that are not Orderflow's: %s. They take partitions from it, and what they commit is not done: stop them"
                                .formatted(group.group(), foreign));
    }

    private static String shown(MemberDescription member) {
        return "client id '%s' at %s".formatted(member.clientId(), member.host());
    }

    private void lookAtAssignment(GroupSnapshot group) {
        boolean joins = deliveries.get().stream()
                .flatMap(all -> all.states().stream())
                .anyMatch(state -> state.service().equals(group.group())
                        && state.state().equals(DeliveryState.JOINING)
                        && clock.instant().isAfter(state.since().plus(JOINS)));
        var state = group.description().groupState();
        tell(
                group.group(),
                "assignment",
                DeliveryState.WAITING,
                joins && (state == GroupState.PREPARING_REBALANCE || state == GroupState.COMPLETING_REBALANCE)
                        ? "it has no partitions yet: its group is %s, with %s. One of them may be frozen, or not agree on how to assign"
                                .formatted(
                                        state,
                                        group.description().members().stream()
                                                .map(GroupWatch::shown)
                                                .sorted()
                                                .collect(Collectors.joining(", ")))
                        : "");
    }

    private void lookAtTransactions(
            String service, TopicPartition partition, long readable, Map<TopicPartition, Long> ends) {
        String key = service + ' ' + partition;
        var before = stopped.get(key);
        if (readable >= ends.getOrDefault(partition, readable)) {
            stopped.remove(key);
        } else if (before == null || before.offset() != readable) {
            stopped.put(key, new Stopped(readable, clock.instant()));
        }
        var since = stopped.get(key);
        boolean isLong = since != null && clock.instant().isAfter(since.since().plus(openTransaction));
        tell(
                service,
                "transaction " + partition,
                DeliveryState.WAITING,
                isLong
                        ? "topic %s partition %d cannot be read from offset %d on: a producer's transaction has been open since %s. End it: kafka-transactions.sh find-hanging, then abort"
                                .formatted(partition.topic(), partition.partition(), readable, since.since())
                        : "");
    }

    /** Once when it begins and once when it is over; empty for what is well. */
    private void tell(String service, String what, String state, String sentence) {
        String key = service + ' ' + what;
        var before = told.get(key);
        if (!sentence.isEmpty()) {
            var now = before != null
                    ? before
                    : new Told(service, clock.instant(), new OutageLog(LOG, service, Duration.ZERO, clock));
            told.put(key, now);
            now.log().fails(sentence);
            deliveries.get().ifPresent(all -> all.began(service, key, state, now.since(), sentence));
        } else if (before != null) {
            told.remove(key);
            before.log().works();
            deliveries.get().ifPresent(all -> all.over(service, key));
        }
    }
}
