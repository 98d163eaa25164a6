package dev.orderflow.delivery;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One Kafka client at a time: made when it is needed, given up when it is of no use any more, with the same subscription. */
final class RenewedClient {

    private static final Logger LOG = LoggerFactory.getLogger(RenewedClient.class);

    /** For the leave of the group; brokers that do not answer are not waited for. */
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private interface Subscription {
        void on(Consumer<?, ?> consumer) throws Throwable;
    }

    private final Supplier<Consumer<?, ?>> maker;
    private volatile Consumer<?, ?> client;
    private Subscription subscription = consumer -> {};
    private volatile List<String> topics = List.of();

    RenewedClient(Supplier<Consumer<?, ?>> maker) {
        this.maker = maker;
    }

    Optional<Consumer<?, ?>> current() {
        return Optional.ofNullable(client);
    }

    /** What it is subscribed to by name. */
    List<String> topics() {
        return topics;
    }

    /** @throws RuntimeException when none can be made, or it cannot be subscribed */
    Consumer<?, ?> connected() {
        if (client == null) {
            Consumer<?, ?> fresh = maker.get();
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

    /** Keeps the subscription for the clients to come. */
    void subscribe(Method method, Object[] arguments) throws Throwable {
        if (arguments[0] instanceof Collection<?> named) {
            topics = named.stream().map(Object::toString).toList();
        }
        subscription = consumer -> call(consumer, method, arguments);
        if (client != null) {
            subscription.on(client);
        }
    }

    /** Leaves the group, and forgets the positions. */
    void giveUp() {
        take().ifPresent(old -> {
            try {
                old.close(CLOSE);
            } catch (RuntimeException e) {
                LOG.debug("a client that is given up did not close well", e);
            }
        });
    }

    /** The client, for who ends it. */
    Optional<Consumer<?, ?>> take() {
        var old = client;
        client = null;
        return Optional.ofNullable(old);
    }

    static Object call(Consumer<?, ?> client, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(client, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
