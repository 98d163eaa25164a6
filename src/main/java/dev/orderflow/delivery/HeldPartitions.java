package dev.orderflow.delivery;

import dev.orderflow.telemetry.Causes;
import dev.orderflow.telemetry.DaemonThreads;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions of this process that are held since their next record cannot be read: told once, in health and as a
 * metric while it lasts, and looked at again with a client of its own, so that the other partitions do not notice. Safe
 * for use by several threads.
 */
final class HeldPartitions {

    record HeldPlace(String service, TopicPartition partition) {}

    private static final Logger LOG = LoggerFactory.getLogger(HeldPartitions.class);
    private static final long LOOK_MS = 1_000;
    private static final long LOOK_MS_MAX = 10_000;
    private static final Duration READ = Duration.ofSeconds(2);

    /** A partition that no consumer of this process has claimed for so long is another process's. */
    private static final Duration UNCLAIMED = Duration.ofSeconds(30);

    private final Deliveries deliveries;
    private final Map<HeldPlace, Held> all = new ConcurrentHashMap<>();
    private ScheduledExecutorService looks;

    HeldPartitions(Deliveries deliveries) {
        this.deliveries = deliveries;
    }

    /**
     * @param offset of the first record that nobody got
     * @param properties of the consumer that met it
     */
    void hold(
            HeldPlace place,
            long offset,
            Exception failure,
            Map<String, Object> properties,
            MeterRegistry meters,
            ReconnectingConsumer consumer) {
        all.compute(place, (is, known) -> {
            var held = known == null ? new Held(place, offset, Causes.sentence(failure), properties, meters) : known;
            held.claimedBy(consumer);
            return held;
        });
    }

    /** What a consumer held and has no more may come back to it, or to another one of this process. */
    void left(ReconnectingConsumer consumer, Collection<TopicPartition> assigned) {
        all.values().forEach(held -> held.leftBy(consumer, assigned));
    }

    /** The consumer begins anew, and meets again what it cannot read. */
    void forget(ReconnectingConsumer consumer) {
        all.values().stream().filter(held -> held.isOf(consumer)).forEach(Held::end);
    }

    private synchronized ScheduledExecutorService looks() {
        if (looks == null) {
            looks = Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("held-partitions"));
        }
        return looks;
    }

    private final class Held {

        private final HeldPlace place;
        private final long offset;
        private final Instant since = Instant.now();
        private final Map<String, Object> properties;
        private final MeterRegistry meters;
        private final Gauge gauge;
        private ReconnectingConsumer consumer;
        private Instant unclaimed = Instant.MAX;
        private long pause = LOOK_MS;

        Held(HeldPlace place, long offset, String cause, Map<String, Object> properties, MeterRegistry meters) {
            this.place = place;
            this.offset = offset;
            this.properties = properties;
            this.meters = meters;
            var partition = place.partition();
            gauge = Gauge.builder("orderflow.partition.held", () -> 1)
                    .description("1 for a partition that is held since its next record cannot be read")
                    .tag("service", place.service())
                    .tag("topic", partition.topic())
                    .tag("partition", Integer.toString(partition.partition()))
                    .register(meters);
            String sentence =
                    "topic %s partition %d is held at offset %d, whose record cannot be read; other partitions go on: %s. Mend it on its brokers, or give up what GET /audit names as unreadable: orderflow skip %s %s FIRST-LAST"
                            .formatted(
                                    partition.topic(),
                                    partition.partition(),
                                    offset,
                                    cause.replaceAll("\\.$", ""),
                                    place.service(),
                                    partition);
            LOG.warn("{}: {}", place.service(), sentence);
            deliveries.began(place.service(), partition, DeliveryState.HELD, since, sentence);
            looks().schedule(this::look, pause, TimeUnit.MILLISECONDS);
        }

        synchronized boolean isOf(ReconnectingConsumer one) {
            return consumer == one;
        }

        synchronized void claimedBy(ReconnectingConsumer by) {
            consumer = by;
            unclaimed = Instant.MAX;
        }

        synchronized void leftBy(ReconnectingConsumer by, Collection<TopicPartition> assigned) {
            if (consumer == by && unclaimed == Instant.MAX && !assigned.contains(place.partition())) {
                unclaimed = Instant.now();
            }
        }

        private synchronized boolean isElsewhere() {
            return Instant.now().minus(UNCLAIMED).isAfter(unclaimed);
        }

        private synchronized void heal() {
            consumer.heal(place.partition());
        }

        private void look() {
            if (all.get(place) != this) {
                return;
            }
            if (isElsewhere()) {
                end();
            } else if (isReadable()) {
                end();
                heal();
                LOG.info(
                        "{}: topic {} partition {} goes on at offset {} after {} s",
                        place.service(),
                        place.partition().topic(),
                        place.partition().partition(),
                        offset,
                        PollTrouble.seconds(since));
            } else {
                pause = Math.min(pause * 2, LOOK_MS_MAX);
                looks().schedule(this::look, pause, TimeUnit.MILLISECONDS);
            }
        }

        private void end() {
            all.remove(place, this);
            meters.remove(gauge);
            deliveries.over(place.service(), place.partition());
        }

        private boolean isReadable() {
            var own = new HashMap<>(properties);
            own.remove(ConsumerConfig.GROUP_ID_CONFIG);
            own.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
            own.put(ConsumerConfig.CLIENT_ID_CONFIG, place.service() + "-held");
            own.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
            var one = Set.of(place.partition());
            try (Consumer<?, ?> client = new KafkaConsumer<>(own)) {
                client.assign(one);
                client.seek(place.partition(), offset);
                client.poll(READ);
                // What no reader sees, such as a transaction's marker, moves the position too.
                return client.position(place.partition(), READ) > offset
                        || client.endOffsets(one, READ).get(place.partition()) <= offset;
            } catch (OffsetOutOfRangeException e) {
                return true;
            } catch (RuntimeException e) {
                LOG.debug("{}: {} cannot be read yet", place.service(), place.partition(), e);
                return false;
            }
        }
    }
}
