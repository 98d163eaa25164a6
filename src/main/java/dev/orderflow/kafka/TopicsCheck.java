package dev.orderflow.kafka;

import dev.orderflow.settings.Settings;
import dev.orderflow.telemetry.Causes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topics as the promises need them: created where this application may, and checked everywhere. */
public final class TopicsCheck {

    private static final Logger LOG = LoggerFactory.getLogger(TopicsCheck.class);

    private final Settings settings;
    private final TopicRules rules;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    public TopicsCheck(Settings settings) {
        this.settings = settings;
        this.rules = TopicRules.of(settings);
    }

    /**
     * Creates the topics that are missing, where {@code topics.create} allows it.
     *
     * @throws IllegalStateException with a sentence, when the brokers do not answer or refuse
     */
    public void ensure(Admin admin) {
        try {
            int brokers = brokers(admin);
            if (mayCreate(brokers)) {
                create(admin, brokers);
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthenticationException refused) {
                throw new IllegalStateException(
                        "The brokers do not let this process in: %s. Look at the settings kafka.security.protocol, kafka.sasl and kafka.ssl."
                                .formatted(refused.getMessage()),
                        e);
            }
            throw new IllegalStateException(
                    "topics cannot be created: %s. Create them, or look at kafka.brokers and the rights of its user."
                            .formatted(Causes.ofClient(e)),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("topics cannot be created: this thread was interrupted.", e);
        }
    }

    /**
     * A sentence for each thing that breaks a promise, and once in the log what only could lose something; an exception
     * means that the brokers did not answer.
     */
    public List<String> check(Admin admin) throws ExecutionException, InterruptedException {
        var found = found(admin);
        rules.advice(found).stream().filter(told::add).forEach(LOG::warn);
        return rules.broken(found, brokers(admin));
    }

    private Map<String, TopicRules.Found> found(Admin admin) throws ExecutionException, InterruptedException {
        var found = new LinkedHashMap<String, TopicRules.Found>();
        for (String topic : rules.topics()) {
            describe(admin, topic).ifPresent(it -> found.put(topic, it));
        }
        return found;
    }

    private boolean mayCreate(int brokers) {
        String create = settings.choice("topics.create");
        return create.equals("auto") ? brokers == 1 : Boolean.parseBoolean(create);
    }

    private void create(Admin admin, int brokers) throws ExecutionException, InterruptedException {
        Set<String> existing = admin.listTopics().names().get();
        for (NewTopic topic : rules.wanted(brokers)) {
            if (!existing.contains(topic.name())) {
                create(admin, topic);
            }
        }
    }

    private void create(Admin admin, NewTopic topic) throws ExecutionException, InterruptedException {
        try {
            admin.createTopics(List.of(topic)).all().get();
            LOG.info("topic {}: created with {} partitions", topic.name(), topic.numPartitions());
        } catch (ExecutionException e) {
            // Another process that starts at the same time may have been first.
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private static int brokers(Admin admin) throws ExecutionException, InterruptedException {
        return admin.describeCluster().nodes().get().size();
    }

    private static Optional<TopicRules.Found> describe(Admin admin, String topic)
            throws ExecutionException, InterruptedException {
        try {
            TopicDescription description = admin.describeTopics(List.of(topic))
                    .topicNameValues()
                    .get(topic)
                    .get();
            var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
            Config config = admin.describeConfigs(List.of(resource))
                    .values()
                    .get(resource)
                    .get();
            return Optional.of(TopicRules.Found.of(description, config));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
