package dev.orderflow.operations;

import dev.orderflow.delivery.FailureClassifier;
import dev.orderflow.delivery.Gap;
import dev.orderflow.delivery.Gaps;
import dev.orderflow.operations.Operations.RunningOperation;
import dev.orderflow.telemetry.Causes;
import dev.orderflow.telemetry.DaemonThreads;
import dev.orderflow.telemetry.OutageLog;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what operators asked for and what takes longer than a call: a service stands still, its group becomes empty, its
 * offsets move, it goes on. A process that dies in the middle leaves a lease, and another one begins the same again,
 * which ends the same.
 */
final class OperationRunner {

    private static final Logger LOG = LoggerFactory.getLogger(OperationRunner.class);
    private static final UUID ANY = new UUID(0, 0);
    private static final long LOOK_MS = 2_000;
    private static final long STOP_MS = 5_000;
    private static final int THREADS = 4;

    private final Operations operations;
    private final Gaps gaps;
    private final Supplier<ConsumerGroups> clients;
    private final RestoredEffects restoredEffects;
    private final OutageLog outage = new OutageLog(LOG, "operations");

    /** One that waits for a group to become empty holds up none of another service. */
    private final ScheduledExecutorService threads =
            Executors.newScheduledThreadPool(THREADS, DaemonThreads.named("operations"));

    OperationRunner(
            Operations operations, Gaps gaps, Supplier<ConsumerGroups> clients, RestoredEffects restoredEffects) {
        this.operations = operations;
        this.gaps = gaps;
        this.clients = clients;
        this.restoredEffects = restoredEffects;
    }

    /** Looks for operations whose process is gone. */
    void start() {
        threads.scheduleWithFixedDelay(() -> run(ANY), LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
    }

    void stop() throws InterruptedException {
        threads.shutdownNow();
        threads.awaitTermination(STOP_MS, TimeUnit.MILLISECONDS);
    }

    /** Begins with this one at once. */
    void submit(UUID id) {
        threads.execute(() -> run(id));
    }

    private void run(UUID id) {
        try {
            for (Optional<RunningOperation> one = operations.claim(id); one.isPresent(); one = operations.claim(ANY)) {
                work(one.get());
            }
            outage.works();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            // Its lease ends, and it is begun again.
            outage.fails("an operation waits: " + Causes.sentence(e));
        }
    }

    private void work(RunningOperation one) throws Exception {
        String service = one.command().service();
        try (ConsumerGroups groups = clients.get()) {
            operations.pause(service, one.id().toString(), one.who());
            groups.awaitEmpty(service, () -> operations.renew(one.id()));
            operations.renew(one.id());
            String result = one.command().operation().equals("rewind") ? rewind(one, groups) : skip(one, groups);
            operations.go(service, one.id().toString());
            operations.end(one.id(), "done", result);
            LOG.info("{}: {} by {}: {}", service, one.command().operation(), one.who(), result);
        } catch (Exception e) {
            if (passes(e)) {
                throw e;
            }
            operations.go(service, one.id().toString());
            operations.end(one.id(), "failed", Causes.sentence(e));
            LOG.warn("{}: {} by {} failed: {}", service, one.command().operation(), one.who(), Causes.sentence(e));
        }
    }

    private static boolean passes(Exception failure) {
        return failure instanceof InterruptedException
                || FailureClassifier.is(failure)
                || failure.getCause() instanceof RetriableException
                || failure instanceof KafkaException;
    }

    private String rewind(RunningOperation one, ConsumerGroups groups) throws Exception {
        String service = one.command().service();
        var target = one.command().target().orElseThrow();
        var moves = groups.rewind(service, target);
        Map<TopicPartition, Long> to = new HashMap<>();
        moves.forEach((partition, move) -> to.put(partition, move.to()));
        String restored =
                to.isEmpty() ? "" : restoredEffects.restore(service, target, () -> operations.renew(one.id()));
        moved(service, to, groups);
        // Also where the group stands there already, as after its topic was made again.
        target.partition().ifPresent(only -> gaps.close(service, only, target.offset(), Long.MAX_VALUE, one.who()));
        moves.forEach((partition, move) -> gaps.close(service, partition, move.to(), Long.MAX_VALUE, one.who()));
        return OperationCalls.sentence(moves) + restored;
    }

    private String skip(RunningOperation one, ConsumerGroups groups) throws Exception {
        var command = one.command();
        var partition = OperationCommand.partition(command.partition()).orElseThrow();
        long behind = command.last() + 1;
        gaps.skipped(new Gap(command.service(), partition, command.first(), behind, Gap.Kind.SKIPPED), one.who());
        gaps.close(command.service(), partition, command.first(), behind, one.who());
        long stands = groups.stands(command.service(), partition);
        if (stands >= command.first() && stands < behind) {
            moved(command.service(), Map.of(partition, behind), groups);
        }
        return "%s: offsets %d to %d are skipped".formatted(partition, command.first(), command.last());
    }

    private void moved(String service, Map<TopicPartition, Long> to, ConsumerGroups groups) throws Exception {
        if (!to.isEmpty()) {
            groups.move(service, to);
            to.forEach((partition, offset) ->
                    operations.stands(service, partition.topic(), partition.partition(), offset));
        }
    }
}
