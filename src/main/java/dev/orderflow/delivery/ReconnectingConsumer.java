package dev.orderflow.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

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

    private static final AtomicInteger CLIENTS = new AtomicInteger();
    private static final ThreadLocal<ReconnectingConsumer> OF_THIS_THREAD = new ThreadLocal<>();

    private final String service;
    private final Deliveries deliveries;
    private final ConsumerOwner owner;
    private final RenewedClient client;
    private final UnreadablePartitions unreadable;
    private final GroupPositions positions;
    private final ConsumerRest rest;
    private final RecoveringPoll poll;
    private final Consumer<?, ?> proxy;
    private PollTrouble trouble;
    private volatile Thread thread;

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
        Map<String, Object> clientProperties = Map.copyOf(own);
        this.deliveries = deliveries;
        this.owner = owner;
        this.trouble = new PollTrouble(service, deliveries, retryDelayMs, retryDelayMsMax);
        this.unreadable = new UnreadablePartitions(this, deliveries, clientProperties, meters);
        this.client = new RenewedClient(() -> {
            unreadable.begunAnew();
            return clients.apply(clientProperties);
        });
        this.positions = new GroupPositions(service, deliveries, database);
        this.rest = new ConsumerRest(owner);
        this.poll = new RecoveringPoll(service, client, positions, unreadable, deliveries, database, owner, rest);
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
            case "commitSync", "commitAsync" -> RenewedClient.call(client.connected(), method, marked(arguments));
            case "wakeup" -> wakeup();
            case "close" -> close(method, arguments);
            case "unsubscribe" -> of(client.current(), method, arguments, null);
            case "assignment", "paused" -> of(client.current(), method, arguments, Set.of());
            case "equals" -> self == arguments[0];
            case "hashCode" -> System.identityHashCode(this);
            case "toString" -> "consumer of " + service;
            default -> RenewedClient.call(client.connected(), method, arguments);
        };
    }

    private Object[] marked(Object[] arguments) {
        if (arguments == null || !(arguments[0] instanceof Map<?, ?> offsets)) {
            throw new IllegalArgumentException("A commit names its offsets, so that they carry our mark.");
        }
        Object[] own = arguments.clone();
        own[0] = positions.marked(offsets);
        return own;
    }

    private static Object of(Optional<Consumer<?, ?>> client, Method method, Object[] arguments, Object without)
            throws Throwable {
        return client.isEmpty() ? without : RenewedClient.call(client.get(), method, arguments);
    }

    private ConsumerRecords<?, ?> poll(Duration timeout) {
        if (OF_THIS_THREAD.get() != this) {
            // After a failed batch Camel makes a new consumer itself, at once; a trouble that was told is the same one.
            ofThisThread().ifPresent(before -> {
                trouble = before.trouble;
                rest.begin(trouble.batchFailed());
            });
            OF_THIS_THREAD.set(this);
        }
        thread = Thread.currentThread();
        return poll.poll(timeout, trouble);
    }

    /** From any thread: the record can be read now. */
    void heal(TopicPartition partition) {
        unreadable.heal(partition);
    }

    private Object resume(Collection<?> partitions) {
        var wanted = unreadable.without(partitions);
        client.connected().resume(wanted);
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
        rest.begin(pause);
    }

    private Object wakeup() {
        rest.end();
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
        unreadable.assigned(Set.of());
        trouble.closed(owner.isStopping());
        return of(client.take(), method, arguments, null);
    }

    /** Held partitions may be somebody else's now. */
    private void assigned() {
        var assigned = proxy.assignment();
        unreadable.assigned(assigned);
        positions.assigned(client.connected(), assigned);
    }
}
