package dev.orderflow.operations;

import dev.orderflow.delivery.ReconnectingConsumer;
import dev.orderflow.http.Call;
import dev.orderflow.http.Problem;
import dev.orderflow.http.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The offsets of the services' consumer groups, as the brokers keep them; with a client of its own, for one use. */
final class ConsumerGroups implements AutoCloseable {

    private static final Duration LEAVES = Duration.ofSeconds(60);
    private static final long PAUSE_MS = 200;

    private final Admin admin;
    private final Function<String, Set<String>> topics;
    private final Predicate<String> known;
    private final long receiptsHours;
    private final Clock clock;

    /**
     * @param topics that a service reads
     * @param known whether a service is one of ours, as far as anybody knows without the brokers
     * @param receiptsHours how long receipts are kept; -1 forever
     */
    ConsumerGroups(
            Admin admin,
            Function<String, Set<String>> topics,
            Predicate<String> known,
            long receiptsHours,
            Clock clock) {
        this.admin = admin;
        this.topics = topics;
        this.known = known;
        this.receiptsHours = receiptsHours;
        this.clock = clock;
    }

    /** @throws ProblemException for what is no service of ours: no other group is ever touched */
    void checkOurs(String service) throws ExecutionException, InterruptedException {
        if (!known.test(service)
                && members(service).stream()
                        .noneMatch(member -> member.clientId().startsWith(ReconnectingConsumer.CLIENT_ID))) {
            throw new ProblemException(Problem.notFound(
                    "There is no service '%s'. GET /routes lists the services.".formatted(Call.shown(service))));
        }
    }

    /** @throws ProblemException unless a service reads the partition, and offset {@code last} stands there */
    void checkThere(String service, TopicPartition partition, long last)
            throws ExecutionException, InterruptedException {
        if (!topics.apply(service).contains(partition.topic()) || !isThere(partition)) {
            throw new ProblemException(Problem.notFound("'%s' reads no partition %s.".formatted(service, partition)));
        }
        long end = offsets(Set.of(partition), OffsetSpec.latest()).get(partition);
        if (last >= end) {
            throw refused(
                    "Partition %s ends before offset %d, so offset %d is of a record that nobody has appended yet."
                            .formatted(partition, end, last));
        }
    }

    private boolean isThere(TopicPartition partition) throws ExecutionException, InterruptedException {
        try {
            return admin.describeTopics(Set.of(partition.topic()))
                            .topicNameValues()
                            .get(partition.topic())
                            .get()
                            .partitions()
                            .size()
                    > partition.partition();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }

    private Collection<MemberDescription> members(String service) throws ExecutionException, InterruptedException {
        try {
            return admin.describeConsumerGroups(Set.of(service))
                    .describedGroups()
                    .get(service)
                    .get()
                    .members();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return Set.of();
            }
            throw e;
        }
    }

    /** Where each partition of a group goes on, of the topics that are read here: a group may have read others before. */
    Map<TopicPartition, Long> committed(String service) throws ExecutionException, InterruptedException {
        Set<String> read = topics.apply(service);
        Map<TopicPartition, Long> committed = new HashMap<>();
        admin.listConsumerGroupOffsets(service)
                .partitionsToOffsetAndMetadata()
                .get()
                .forEach((partition, offset) -> {
                    if (offset != null && read.contains(partition.topic())) {
                        committed.put(partition, offset.offset());
                    }
                });
        if (committed.isEmpty()) {
            throw new ProblemException(
                    Problem.notFound("Consumer group '%s' has committed no offset yet.".formatted(service)));
        }
        return committed;
    }

    /** Where a group goes on in a partition: its begin where it has committed nothing there. */
    long stands(String service, TopicPartition partition) throws ExecutionException, InterruptedException {
        var committed = admin.listConsumerGroupOffsets(service)
                .partitionsToOffsetAndMetadata()
                .get()
                .get(partition);
        return committed == null
                ? offsets(Set.of(partition), OffsetSpec.earliest()).get(partition)
                : committed.offset();
    }

    /**
     * The partitions that a rewind moves. One that already stands before the target stays.
     *
     * @throws ProblemException where it reaches behind what receipts remember: there a record would act twice
     */
    Map<TopicPartition, RewindPlan.Move> rewind(String service, RewindTarget target)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> committed = committed(service);
        target.partition().ifPresent(only -> committed.keySet().removeIf(partition -> !partition.equals(only)));
        if (committed.isEmpty()) {
            throw new ProblemException(Problem.notFound("Group '%s' has committed nothing in %s."
                    .formatted(service, target.partition().orElseThrow())));
        }
        Map<TopicPartition, Long> begins = offsets(committed.keySet(), OffsetSpec.earliest());
        Map<TopicPartition, Long> wanted = target.time().isPresent()
                ? offsets(
                        committed.keySet(),
                        OffsetSpec.forTimestamp(target.time().get().toEpochMilli()))
                : target.partition().isPresent() ? Map.of(target.partition().get(), target.offset()) : begins;
        return new RewindPlan(committed, begins, wanted, safe(committed.keySet(), begins), receiptsHours).moves();
    }

    /** The first record of each partition that is young enough for its receipts to be there. */
    private Map<TopicPartition, Long> safe(Collection<TopicPartition> partitions, Map<TopicPartition, Long> begins)
            throws ExecutionException, InterruptedException {
        if (receiptsHours < 0) {
            return begins;
        }
        Instant oldest = clock.instant().minus(Duration.ofHours(receiptsHours));
        Map<TopicPartition, Long> safe = offsets(partitions, OffsetSpec.forTimestamp(oldest.toEpochMilli()));
        Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
        safe.replaceAll((partition, offset) -> offset < 0 ? ends.get(partition) : offset);
        return safe;
    }

    private Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, OffsetSpec where)
            throws ExecutionException, InterruptedException {
        var asked = admin.listOffsets(
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> where)));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            offsets.put(partition, asked.partitionResult(partition).get().offset());
        }
        return offsets;
    }

    /**
     * Waits until nobody is in the group: its offsets cannot be moved before.
     *
     * @param waiting told at each look, so that the wait may outlast the operation's lease
     * @throws IllegalStateException with who stays in it
     */
    void awaitEmpty(String service, Runnable waiting) throws ExecutionException, InterruptedException {
        for (Instant until = clock.instant().plus(LEAVES); ; Thread.sleep(PAUSE_MS)) {
            var members = members(service);
            if (members.isEmpty()) {
                return;
            }
            waiting.run();
            if (clock.instant().isAfter(until)) {
                throw new IllegalStateException("the group still has members after %d s: %s"
                        .formatted(
                                LEAVES.toSeconds(),
                                members.stream()
                                        .map(member ->
                                                "client id '%s' at %s".formatted(member.clientId(), member.host()))
                                        .collect(Collectors.joining(", "))));
            }
        }
    }

    /** As a commit of ours. */
    void move(String service, Map<TopicPartition, Long> to) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        to.forEach((partition, offset) ->
                offsets.put(partition, new OffsetAndMetadata(offset, ReconnectingConsumer.MARK)));
        for (Instant until = clock.instant().plus(LEAVES); ; Thread.sleep(PAUSE_MS)) {
            try {
                admin.alterConsumerGroupOffsets(service, offsets).all().get();
                return;
            } catch (ExecutionException e) {
                boolean joined = e.getCause() instanceof UnknownMemberIdException
                        || e.getCause() instanceof GroupNotEmptyException;
                if (!joined || clock.instant().isAfter(until)) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }

    static ProblemException refused(String detail) {
        return new ProblemException(new Problem(409, "operation-refused", "The operation is refused", detail));
    }
}
