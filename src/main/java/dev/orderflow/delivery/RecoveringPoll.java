package dev.orderflow.delivery;

import dev.orderflow.kafka.UnreadableRecord;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * A poll of one consumer, and what each of its ends leads to: records, less what an operator wants passed; a position in
 * range; a partition that is held; a failure, which is the poll's own. While an operator wants the service to stand still,
 * it polls nothing. For one thread.
 */
final class RecoveringPoll {

    private static final String PAUSED = "paused";
    private static final long PAUSED_MS = 200;
    private static final Duration POSITION = Duration.ofSeconds(1);

    private final String service;
    private final RenewedClient client;
    private final GroupPositions positions;
    private final UnreadablePartitions unreadable;
    private final Deliveries deliveries;
    private final DataSource database;
    private final ConsumerOwner owner;
    private final ConsumerRest rest;
    private Instant pausedSince;

    RecoveringPoll(
            String service,
            RenewedClient client,
            GroupPositions positions,
            UnreadablePartitions unreadable,
            Deliveries deliveries,
            DataSource database,
            ConsumerOwner owner,
            ConsumerRest rest) {
        this.service = service;
        this.client = client;
        this.positions = positions;
        this.unreadable = unreadable;
        this.deliveries = deliveries;
        this.database = database;
        this.owner = owner;
        this.rest = rest;
    }

    /** @param trouble that polls that go well bring to its end */
    ConsumerRecords<?, ?> poll(Duration timeout, PollTrouble trouble) {
        unreadable.resumeHealed(client);
        var directives = deliveries.directives(database);
        if (directives.isPaused(service)) {
            return paused();
        }
        if (pausedSince != null) {
            pausedSince = null;
            deliveries.over(service, PAUSED);
        }
        var polling = client.connected();
        try {
            var records = polling.poll(timeout);
            positions.lookAtBegin();
            if (trouble.isOn()) {
                trouble.polled(!polling.assignment().isEmpty());
            }
            var kept = directives.skips(service) ? directives.unskipped(service, records) : records;
            positions.given(polling, kept);
            return kept;
        } catch (WakeupException | InterruptException e) {
            if (owner.isStopping()) {
                throw e;
            }
            // Camel takes them for the wish to stop, and would go on without what it gathered, or in a spin.
            Thread.interrupted();
            throw new KafkaException("woken up, and nobody wants it to stop", e);
        } catch (NoOffsetForPartitionException e) {
            positions.begin(polling, e.partitions());
            return ConsumerRecords.empty();
        } catch (OffsetOutOfRangeException e) {
            positions.goOnInRange(polling, e.offsetOutOfRangePartitions());
            return ConsumerRecords.empty();
        } catch (RuntimeException e) {
            var found = UnreadableRecord.of(e, polling.assignment());
            if (found.isEmpty()) {
                throw e;
            }
            hold(polling, found.get(), e);
            return ConsumerRecords.empty();
        }
    }

    /** Out of the group: what it would get, nobody gets meanwhile, and its offsets can be moved. */
    private ConsumerRecords<?, ?> paused() {
        if (pausedSince == null) {
            pausedSince = Instant.now();
            deliveries.began(
                    service,
                    PAUSED,
                    DeliveryState.PAUSED,
                    pausedSince,
                    "an operator wants it to stand still, or what an operator asked for is under way (orderflow operations); it goes on with: orderflow resume "
                            + service);
        }
        client.giveUp();
        unreadable.forget();
        rest.begin(PAUSED_MS);
        return ConsumerRecords.empty();
    }

    /** Where it stands is the first record that nobody got; those before it are on their way to the service. */
    private void hold(Consumer<?, ?> polling, TopicPartition partition, RuntimeException failure) {
        long at = polling.position(partition, POSITION);
        var skipped = deliveries.directives(database).skipped(service, partition).stream()
                .filter(range -> range.holds(at))
                .findFirst();
        if (skipped.isPresent()) {
            polling.seek(partition, skipped.get().to());
            return;
        }
        unreadable.hold(polling, partition, at, failure);
    }
}
