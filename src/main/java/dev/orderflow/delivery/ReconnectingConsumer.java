package dev.orderflow.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka consumer whose client can be thrown away and made anew: it keeps the subscription, and the positions are
 * those that the group has committed. The client is made at the first poll, so that a failure to make one is a failure
 * to poll. A partition whose next record cannot be read is paused where it stands, and the others flow on. For one
 * thread, but for {@code wakeup}.
 */
public final class ReconnectingConsumer implements InvocationHandler {

    /** What the consumer reads for. */
    public interface Owner {

        /** Tells what it reads, before anything is asked. */
        default void subscribed(Collection<String> topics) {}

        /** The consumer is to end: nothing is waited for any more. */
        boolean isStopping();

        /** Nothing is to be polled until it is no more; a route that Camel suspends. */
        default boolean isSuspended() {
            return false;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(ReconnectingConsumer.class);
    private static final Duration CLOSE = Duration.ofSeconds(1);
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final ThreadLocal<ReconnectingConsumer> OF_THIS_THREAD = new ThreadLocal<>();

    private final Map<String, Object> properties;
    private final String service;
    private final Deliveries deliveries;
    private final MeterRegistry meters;
    private final Owner owner;
    private PollTrouble trouble;
    private final Set<TopicPartition> held = new HashSet<>();
    private final Set<TopicPartition> healed = ConcurrentHashMap.newKeySet();
    private final Consumer<?, ?> proxy;
    private volatile Consumer<?, ?> client;
    private volatile boolean woken;
    private Subscription subscription = consumer -> {};
    private List<String> topics = List.of();

    private interface Subscription {
        void on(Consumer<?, ?> consumer) throws Throwable;
    }

    /**
     * @param properties Kafka's, with {@code group.id}: the service
     * @param retryDelayMs pause before it polls again after a failure; it doubles up to {@code retryDelayMsMax}
     */
    public ReconnectingConsumer(
            Map<String, Object> properties,
            Deliveries deliveries,
            MeterRegistry meters,
            long retryDelayMs,
            long retryDelayMsMax,
            Owner owner) {
        this.properties = Map.copyOf(properties);
        this.service = properties.get(ConsumerConfig.GROUP_ID_CONFIG).toString();
        this.deliveries = deliveries;
        this.meters = meters;
        this.owner = owner;
        this.trouble = new PollTrouble(service, deliveries, retryDelayMs, retryDelayMsMax);
        this.proxy = (Consumer<?, ?>)
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Consumer.class}, this);
    }

    /** The consumer that this thread polled last. */
    static Optional<ReconnectingConsumer> ofThisThread() {
        return Optional.ofNullable(OF_THIS_THREAD.get());
    }

    /** What a Kafka consumer can, by whom it is wrapped. */
    public Consumer<?, ?> asConsumer() {
        return proxy;
    }

    @Override
    public Object invoke(Object self, Method method, Object[] arguments) throws Throwable {
        return switch (method.getName()) {
            case "poll" -> poll((Duration) arguments[0]);
            case "subscribe" -> subscribe(method, arguments);
            case "resume" -> resume((Collection<?>) arguments[0]);
            case "wakeup" -> wakeup();
            case "close" -> close(method, arguments);
            case "unsubscribe" -> client == null ? null : call(client, method, arguments);
            case "assignment", "paused" -> client == null ? Set.of() : call(client, method, arguments);
            case "equals" -> self == arguments[0];
            case "hashCode" -> System.identityHashCode(this);
            case "toString" -> "consumer of " + service;
            default -> call(connected(), method, arguments);
        };
    }

    private static Object call(Consumer<?, ?> client, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(client, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
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
        if (!healed.isEmpty()) {
            resumeHealed();
        }
        var polling = connected();
        try {
            var records = polling.poll(timeout);
            if (trouble.isOn()) {
                trouble.polled(!polling.assignment().isEmpty());
            }
            return records;
        } catch (WakeupException | InterruptException e) {
            if (owner.isStopping()) {
                throw e;
            }
            // Camel takes them for the wish to stop, and would go on without what it gathered, or in a spin.
            Thread.interrupted();
            throw new KafkaException("woken up, and nobody wants it to stop", e);
        } catch (RuntimeException e) {
            var unreadable = UnreadableRecord.of(e, polling.assignment());
            if (unreadable.isEmpty()) {
                throw e;
            }
            hold(polling, unreadable.get(), e);
            return ConsumerRecords.empty();
        }
    }

    /** Where it stands is the first record that nobody got; those before it are on their way to the service. */
    private void hold(Consumer<?, ?> polling, TopicPartition partition, RuntimeException failure) {
        polling.pause(Set.of(partition));
        held.add(partition);
        deliveries
                .held()
                .hold(
                        new HeldPartitions.Place(service, partition),
                        polling.position(partition, CLOSE),
                        failure,
                        properties,
                        meters,
                        this);
    }

    /** From any thread: the record can be read now. */
    void heal(TopicPartition partition) {
        healed.add(partition);
    }

    /** The client still has the bytes that it could not read, so the good ones need a new client. */
    private void resumeHealed() {
        var paused = client == null ? Set.<TopicPartition>of() : new HashSet<>(client.paused());
        boolean dirty = paused.stream().anyMatch(healed::contains);
        paused.removeAll(held);
        if (!paused.isEmpty()) {
            // The service waits out an outage; what is to wait for cannot be lost meanwhile.
            return;
        }
        held.removeAll(healed);
        healed.clear();
        if (dirty) {
            disconnect();
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
        Object[] own = arguments.clone();
        for (int i = 0; i < own.length; i++) {
            own[i] = own[i] instanceof ConsumerRebalanceListener listener ? new Listener(listener) : own[i];
        }
        if (own[0] instanceof Collection<?> named) {
            topics = named.stream().map(Object::toString).toList();
            owner.subscribed(topics);
        }
        subscription = consumer -> call(consumer, method, own);
        if (client != null) {
            subscription.on(client);
        }
        return null;
    }

    private Consumer<?, ?> connected() {
        if (client == null) {
            held.clear();
            Consumer<?, ?> fresh = new KafkaConsumer<>(properties);
            try {
                subscription.on(fresh);
            } catch (Throwable e) {
                fresh.close(CLOSE);
                throw e instanceof RuntimeException known ? known : new KafkaException(e);
            }
            client = fresh;
        }
        return client;
    }

    /**
     * Rests, and leaves the group meanwhile: where the trouble is this process's own, others take its partitions. The
     * next poll begins from the committed offsets.
     */
    public void recover(Exception failure) {
        if (owner.isStopping()) {
            return;
        }
        long pause = trouble.began(failure, topics);
        disconnect();
        rest(pause);
    }

    private void rest(long pause) {
        woken = false;
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause);
        while ((System.nanoTime() < until || owner.isSuspended()) && !woken && !owner.isStopping()) {
            LockSupport.parkNanos(SLICE_NANOS);
        }
    }

    private void disconnect() {
        var old = client;
        client = null;
        if (old != null) {
            try {
                old.close(CLOSE);
            } catch (RuntimeException e) {
                LOG.debug("{}: a client that is given up did not close well", service, e);
            }
        }
    }

    private Object wakeup() {
        woken = true;
        var waiting = client;
        if (waiting != null) {
            waiting.wakeup();
        }
        return null;
    }

    private Object close(Method method, Object[] arguments) throws Throwable {
        deliveries.held().left(this, Set.of());
        trouble.closed(owner.isStopping());
        var old = client;
        client = null;
        return old == null ? null : call(old, method, arguments);
    }

    /** Notes which held partitions are somebody else's now. */
    private final class Listener implements ConsumerRebalanceListener {

        private final ConsumerRebalanceListener next;

        Listener(ConsumerRebalanceListener next) {
            this.next = next;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            next.onPartitionsRevoked(partitions);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            next.onPartitionsAssigned(partitions);
            var assigned = client == null ? partitions : client.assignment();
            deliveries.held().left(ReconnectingConsumer.this, assigned);
            held.retainAll(assigned);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            next.onPartitionsLost(partitions);
        }
    }
}
