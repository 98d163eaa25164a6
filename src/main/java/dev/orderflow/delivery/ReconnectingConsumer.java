package dev.orderflow.delivery;

import dev.orderflow.kafka.UnreadableRecord;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * A Kafka consumer whose client can be thrown away and made anew: it keeps the subscription, and the positions are
 * those that the group has committed. The client is made at the first poll, so that a failure to make one is a failure
 * to poll. A partition whose next record cannot be read is paused where it stands, and the others flow on. For one
 * thread, but for {@code wakeup}.
 */
public final class ReconnectingConsumer {

    /** Metadata of each offset that Orderflow commits: one without it is somebody else's. */
    public static final String MARK = "orderflow";

    /** How the client id of each consumer of ours begins. */
    public static final String CLIENT_ID = "orderflow-";

    private static final Logger LOG = LoggerFactory.getLogger(ReconnectingConsumer.class);
    private static final AtomicInteger CLIENTS = new AtomicInteger();

    private static final String PAUSED = "paused";
    private static final long PAUSED_MS = 200;

    private static final Duration POSITION = Duration.ofSeconds(1);
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final ThreadLocal<ReconnectingConsumer> OF_THIS_THREAD = new ThreadLocal<>();

    private final Map<String, Object> properties;
    private final String service;
    private final Deliveries deliveries;
    private final MeterRegistry meters;
    private final DataSource database;
    private final Gaps gaps;
    private final ConsumerOwner owner;
    private PollTrouble trouble;
    private final Set<TopicPartition> held = new HashSet<>();
    private final Set<TopicPartition> healed = ConcurrentHashMap.newKeySet();

    /** Where its partitions stood when it got them, until that was held against what Orderflow committed last. */
    private final Map<TopicPartition, OffsetAndMetadata> begunAt = new HashMap<>();

    private final Markers markers = new Markers();

    private final Consumer<?, ?> proxy;
    private final RenewedClient client;
    private volatile boolean woken;
    private volatile Thread thread;
    private Instant pausedSince;

    /**
     * @param properties Kafka's, with {@code group.id}: the service
     * @param retryDelayMs pause before it polls again after a failure; it doubles up to {@code retryDelayMsMax}
     * @param database keeps what the consumer must pass, and what operators want of it; without it nothing is passed
     */
    public ReconnectingConsumer(
            Map<String, Object> properties,
            Deliveries deliveries,
            MeterRegistry meters,
            long retryDelayMs,
            long retryDelayMsMax,
            DataSource database,
            ConsumerOwner owner) {
        this(properties, deliveries, meters, retryDelayMs, retryDelayMsMax, database, owner, KafkaConsumer::new);
    }

    /** @param clients makes one of its properties */
    ReconnectingConsumer(
            Map<String, Object> properties,
            Deliveries deliveries,
            MeterRegistry meters,
            long retryDelayMs,
            long retryDelayMsMax,
            DataSource database,
            ConsumerOwner owner,
            Function<Map<String, Object>, Consumer<?, ?>> clients) {
        this.service = properties.get(ConsumerConfig.GROUP_ID_CONFIG).toString();
        var own = new HashMap<>(properties);
        // Kafka's own way on from an offset that a partition does not have says nothing of what it passes.
        own.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        own.put(ConsumerConfig.CLIENT_ID_CONFIG, CLIENT_ID + service + '-' + CLIENTS.incrementAndGet());
        this.properties = Map.copyOf(own);
        this.database = database;
        this.gaps = new Gaps(database);
        this.client = new RenewedClient(() -> clients.apply(this.properties));
        this.deliveries = deliveries;
        this.meters = meters;
        this.owner = owner;
        this.trouble = new PollTrouble(service, deliveries, retryDelayMs, retryDelayMsMax);
        deliveries.consumers().add(this);
        this.proxy = (Consumer<?, ?>)
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Consumer.class}, this::invoke);
    }

    /** The consumer that this thread polled last. */
    static Optional<ReconnectingConsumer> ofThisThread() {
        return Optional.ofNullable(OF_THIS_THREAD.get());
    }

    /** What a Kafka consumer can, by whom it is wrapped. */
    public Consumer<?, ?> asConsumer() {
        return proxy;
    }

    private Object invoke(Object self, Method method, Object[] arguments) throws Throwable {
        return switch (method.getName()) {
            case "poll" -> poll((Duration) arguments[0]);
            case "subscribe" -> subscribe(method, arguments);
            case "resume" -> resume((Collection<?>) arguments[0]);
            case "commitSync", "commitAsync" -> RenewedClient.call(connected(), method, marked(arguments));
            case "wakeup" -> wakeup();
            case "close" -> close(method, arguments);
            case "unsubscribe" -> of(client.current(), method, arguments, null);
            case "assignment", "paused" -> of(client.current(), method, arguments, Set.of());
            case "equals" -> self == arguments[0];
            case "hashCode" -> System.identityHashCode(this);
            case "toString" -> "consumer of " + service;
            default -> RenewedClient.call(connected(), method, arguments);
        };
    }

    private Object[] marked(Object[] arguments) {
        if (arguments == null || !(arguments[0] instanceof Map<?, ?> offsets)) {
            throw new IllegalArgumentException("A commit names its offsets, so that they carry our mark.");
        }
        Map<Object, OffsetAndMetadata> marked = new HashMap<>();
        offsets.forEach((partition, offset) -> {
            long at = ((OffsetAndMetadata) offset).offset();
            marked.put(partition, new OffsetAndMetadata(at, MARK));
            markers.committed((TopicPartition) partition, at);
        });
        Object[] own = arguments.clone();
        own[0] = marked;
        return own;
    }

    private static Object of(Optional<Consumer<?, ?>> client, Method method, Object[] arguments, Object without)
            throws Throwable {
        return client.isEmpty() ? without : RenewedClient.call(client.get(), method, arguments);
    }

    private Consumer<?, ?> connected() {
        if (client.current().isEmpty()) {
            held.clear();
        }
        return client.connected();
    }

    private ConsumerRecords<?, ?> poll(Duration timeout) throws Throwable {
        if (OF_THIS_THREAD.get() != this) {
            // After a failed batch Camel makes a new consumer itself, at once; a trouble that was told is the same one.
            ofThisThread().ifPresent(before -> {
                trouble = before.trouble;
                rest(trouble.batchFailed());
            });
            OF_THIS_THREAD.set(this);
        }
        thread = Thread.currentThread();
        if (!healed.isEmpty()) {
            resumeHealed();
        }
        var directives = deliveries.directives(database);
        if (directives.isPaused(service)) {
            return paused();
        }
        if (pausedSince != null) {
            pausedSince = null;
            deliveries.over(service, PAUSED);
        }
        var polling = connected();
        try {
            var records = polling.poll(timeout);
            lookAtBegin();
            if (trouble.isOn()) {
                trouble.polled(!polling.assignment().isEmpty());
            }
            var kept = directives.skips(service) ? unskipped(records, directives) : records;
            markers.given(kept);
            if (kept.isEmpty() && begunAt.isEmpty()) {
                commitPastMarkers();
            }
            return kept;
        } catch (WakeupException | InterruptException e) {
            if (owner.isStopping()) {
                throw e;
            }
            // Camel takes them for the wish to stop, and would go on without what it gathered, or in a spin.
            Thread.interrupted();
            throw new KafkaException("woken up, and nobody wants it to stop", e);
        } catch (NoOffsetForPartitionException e) {
            begin(polling, e.partitions());
            return ConsumerRecords.empty();
        } catch (OffsetOutOfRangeException e) {
            goOnInRange(polling, e.offsetOutOfRangePartitions());
            return ConsumerRecords.empty();
        } catch (RuntimeException e) {
            var unreadable = UnreadableRecord.of(e, polling.assignment());
            if (unreadable.isEmpty()) {
                throw e;
            }
            hold(polling, unreadable.get(), e);
            return ConsumerRecords.empty();
        }
    }

    private void commitPastMarkers() {
        var passed = markers.passed(proxy);
        if (!passed.isEmpty()) {
            proxy.commitAsync(passed, null);
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
        deliveries.held().forget(this);
        rest(PAUSED_MS);
        return ConsumerRecords.empty();
    }

    /** Without what an operator wants passed. */
    @SuppressWarnings("unchecked")
    private ConsumerRecords<?, ?> unskipped(ConsumerRecords<?, ?> records, Directives directives) {
        Map<TopicPartition, List<ConsumerRecord<Object, Object>>> left = new LinkedHashMap<>();
        for (TopicPartition partition : records.partitions()) {
            var ranges = directives.skipped(service, partition);
            List<ConsumerRecord<Object, Object>> kept = new ArrayList<>();
            for (var one : records.records(partition)) {
                if (ranges.stream().noneMatch(range -> range.holds(one.offset()))) {
                    kept.add((ConsumerRecord<Object, Object>) one);
                }
            }
            if (!kept.isEmpty()) {
                left.put(partition, kept);
            }
        }
        return new ConsumerRecords<>(left, records.nextOffsets());
    }

    /**
     * A group that is new here begins with the oldest order. One whose offsets the brokers forgot, since it was away for
     * too long or its topic was made again, does so too, and what it cannot find any more is noted.
     */
    private void begin(Consumer<?, ?> polling, Set<TopicPartition> partitions) {
        var marked = gaps.marked(service);
        Map<TopicPartition, Long> stood = new HashMap<>();
        partitions.stream()
                .filter(marked::containsKey)
                .forEach(partition -> stood.put(partition, marked.get(partition)));
        if (!stood.isEmpty()) {
            var begins = polling.beginningOffsets(stood.keySet());
            var ends = polling.endOffsets(stood.keySet());
            stood.forEach((partition, from) -> {
                endSkips(partition);
                if (from < begins.get(partition)) {
                    gaps.note(new Gap(service, partition, from, begins.get(partition), Gap.Kind.GONE));
                } else if (from > ends.get(partition)) {
                    gaps.note(new Gap(service, partition, from, begins.get(partition), Gap.Kind.WENT_BACK));
                }
            });
        }
        // Last, so that what could not be noted is met again.
        polling.seekToBeginning(partitions);
    }

    private void endSkips(TopicPartition partition) {
        gaps.endSkips(service, partition);
        deliveries.directives(database).read();
    }

    /** Noted before the position moves: whoever dies between the two notes it again. */
    private void goOnInRange(Consumer<?, ?> polling, Map<TopicPartition, Long> stood) {
        var begins = polling.beginningOffsets(stood.keySet());
        stood.forEach((partition, from) -> {
            long begin = begins.get(partition);
            if (from > begin) {
                endSkips(partition);
            }
            gaps.note(new Gap(service, partition, from, begin, from < begin ? Gap.Kind.GONE : Gap.Kind.WENT_BACK));
            polling.seek(partition, begin);
        });
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
        polling.pause(Set.of(partition));
        held.add(partition);
        deliveries.held().hold(new HeldPartitions.HeldPlace(service, partition), at, failure, properties, meters, this);
    }

    /** From any thread: the record can be read now. */
    void heal(TopicPartition partition) {
        healed.add(partition);
    }

    /** The client still has the bytes that it could not read, so the good ones need a new client. */
    private void resumeHealed() {
        var paused = new HashSet<>(proxy.paused());
        boolean dirty = paused.stream().anyMatch(healed::contains);
        paused.removeAll(held);
        if (!paused.isEmpty()) {
            // The service waits out an outage; what is to wait for cannot be lost meanwhile.
            return;
        }
        held.removeAll(healed);
        healed.clear();
        if (dirty) {
            client.giveUp();
        }
    }

    private Object resume(Collection<?> partitions) {
        var wanted = new HashSet<TopicPartition>();
        partitions.forEach(partition -> wanted.add((TopicPartition) partition));
        wanted.removeAll(held);
        connected().resume(wanted);
        return null;
    }

    private Object subscribe(Method method, Object[] arguments) throws Throwable {
        client.subscribe(method, AfterAssignment.in(arguments, this::assigned));
        owner.subscribed(client.topics());
        return null;
    }

    /**
     * Rests, and leaves the group meanwhile: where the trouble is this process's own, others take its partitions. The
     * next poll begins from the committed offsets.
     */
    public void recover(Exception failure) {
        if (owner.isStopping()) {
            return;
        }
        long pause = trouble.began(failure, client.topics());
        client.giveUp();
        rest(pause);
    }

    private void rest(long pause) {
        woken = false;
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause);
        while ((System.nanoTime() < until || owner.isSuspended()) && !woken && !owner.isStopping()) {
            LockSupport.parkNanos(SLICE_NANOS);
        }
    }

    private Object wakeup() {
        woken = true;
        client.current().ifPresent(Consumer::wakeup);
        return null;
    }

    /** The route whose poll loop for this consumer has ended, although nobody wanted it to. */
    Optional<String> ended() {
        var polled = thread;
        return polled == null || owner.isStopping() || owner.isSuspended() || owner.polls(polled)
                ? Optional.empty()
                : owner.route();
    }

    /** From another thread, when its own polls no more. */
    void abandon() {
        client.giveUp();
    }

    String service() {
        return service;
    }

    List<String> topics() {
        return client.topics();
    }

    private Object close(Method method, Object[] arguments) throws Throwable {
        deliveries.consumers().remove(this);
        deliveries.held().left(this, Set.of());
        trouble.closed(owner.isStopping());
        return of(client.take(), method, arguments, null);
    }

    /** Held partitions may be somebody else's now. */
    private void assigned() {
        var assigned = proxy.assignment();
        deliveries.held().left(this, assigned);
        held.retainAll(assigned);
        begunAt.clear();
        markers.assigned(Map.of());
        try {
            var stand = client.connected().committed(assigned, POSITION);
            markers.assigned(stand);
            stand.forEach((partition, committed) -> {
                if (committed != null && !MARK.equals(committed.metadata())) {
                    begunAt.put(partition, committed);
                }
            });
        } catch (KafkaException e) {
            LOG.debug("{}: it is not known who committed last", service, e);
        }
    }

    /**
     * Its own commits hide what somebody else committed before, so that is noted first. Of groups that never had a commit
     * of ours, such as those of an older version, nobody can say whose they are.
     */
    private void lookAtBegin() {
        if (begunAt.isEmpty()) {
            return;
        }
        try {
            var marked = gaps.marked(service);
            begunAt.forEach((partition, committed) -> {
                Long stood = marked.get(partition);
                if (stood != null && stood != committed.offset()) {
                    gaps.note(new Gap(service, partition, stood, committed.offset(), Gap.Kind.FOREIGN_COMMIT));
                }
            });
            begunAt.clear();
        } catch (DataAccessException e) {
            LOG.debug("{}: what it begins from is looked at with the next poll", service, e);
        }
    }
}
