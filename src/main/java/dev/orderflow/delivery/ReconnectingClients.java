package dev.orderflow.delivery;

import dev.orderflow.credentials.KafkaCredentials;
import dev.orderflow.telemetry.Meters;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Route;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.support.service.BaseService;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.clients.producer.Producer;

/** Gives Camel consumers that can begin again from the committed offsets: see {@link ReconnectingConsumer}. */
public class ReconnectingClients extends DefaultKafkaClientFactory implements CamelContextAware {

    private static final Set<String> CLASSIC_ONLY = Set.of(
            ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
            ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
            ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG);

    private CamelContext context;

    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public Consumer<?, ?> getConsumer(Properties options) {
        Map<String, Object> properties = new HashMap<>();
        options.stringPropertyNames().forEach(name -> properties.put(name, options.getProperty(name)));
        options.forEach((name, value) -> properties.putIfAbsent((String) name, value));
        KafkaCredentials.renewIn(properties);
        joinBy(resolve("kafka.group.protocol"), properties);
        String service = properties.get(ConsumerConfig.GROUP_ID_CONFIG).toString();
        return new ReconnectingConsumer(
                        properties,
                        // The beans of YAML are there by now; they were not when the component was made.
                        Optional.ofNullable(context.getRegistry().findSingleByType(Deliveries.class))
                                .orElseGet(Deliveries::new),
                        Meters.of(context),
                        pause("delivery.retryDelayMs"),
                        pause("delivery.retryDelayMsMax"),
                        context.getRegistry().findSingleByType(DataSource.class),
                        new Consuming(context, service))
                .asConsumer();
    }

    @Override
    public Producer<?, ?> getProducer(Properties options) {
        var properties = new Properties();
        properties.putAll(options);
        KafkaCredentials.renewIn(properties);
        return super.getProducer(properties);
    }

    /**
     * Here and not by the component's option, which Camel K's older Camel does not have. With {@code consumer} the
     * brokers say what is left out, and Kafka's client refuses to be told (KIP-848).
     */
    private static void joinBy(String protocol, Map<String, Object> properties) {
        properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol);
        if (protocol.equalsIgnoreCase(GroupProtocol.CONSUMER.name())) {
            properties.keySet().removeAll(CLASSIC_ONLY);
        }
    }

    private long pause(String setting) {
        return Long.parseLong(resolve(setting));
    }

    private String resolve(String setting) {
        return context.resolvePropertyPlaceholders("{{%s}}".formatted(setting));
    }

    /** The route that the consumer reads for, found by its group and topics. */
    private static final class Consuming implements ConsumerOwner {

        private final CamelContext context;
        private final String service;
        private Set<String> topics = Set.of();

        Consuming(CamelContext context, String service) {
            this.context = context;
            this.service = service;
        }

        @Override
        public void subscribed(Collection<String> subscribed) {
            topics = Set.copyOf(subscribed);
        }

        @Override
        public boolean isStopping() {
            return context.isStopping() || is(BaseService::isStoppingOrStopped);
        }

        @Override
        public boolean isSuspended() {
            return is(BaseService::isSuspendingOrSuspended);
        }

        @Override
        public boolean polls(Thread thread) {
            return ConsumerInternals.polls(thread);
        }

        @Override
        public Optional<String> route() {
            return context.getRoutes().stream()
                    .filter(this::isOurs)
                    .map(Route::getRouteId)
                    .findFirst();
        }

        private boolean is(Predicate<BaseService> state) {
            return context.getRoutes().stream()
                    .filter(this::isOurs)
                    .anyMatch(route -> state.test((BaseService) route.getConsumer()));
        }

        private boolean isOurs(Route route) {
            return route.getEndpoint() instanceof KafkaEndpoint kafka
                    && service.equals(kafka.getConfiguration().getGroupId())
                    && topics.equals(Set.of(kafka.getConfiguration().getTopic().split(",")));
        }
    }
}
