package dev.orderflow.kubernetes;

import static dev.orderflow.kubernetes.Cluster.each;
import static dev.orderflow.kubernetes.Cluster.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.strimzi.api.kafka.model.common.template.ContainerTemplate;
import io.strimzi.api.kafka.model.common.template.PodTemplate;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.kafka.Storage;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.plugin.security.profiles.ContainerSecurityProviderContext;
import io.strimzi.plugin.security.profiles.PodSecurityProviderContext;
import io.strimzi.plugin.security.profiles.impl.BaselinePodSecurityProvider;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The brokers start where they are applied: under the namespace's policy, by the operators that are named, in their memory. */
class BrokersTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What each operator takes: kafka-versions.yaml of its tag in strimzi/strimzi-kafka-operator. */
    private static final Map<String, Set<String>> TAKEN = Map.of(
            "0.51.0", Set.of("4.1.0", "4.1.1", "4.2.0"),
            "1.0.1", Set.of("4.1.0", "4.1.1", "4.1.2", "4.2.0"),
            "1.1.0", Set.of("4.2.0", "4.2.1", "4.3.0"),
            "1.2.0", Set.of("4.2.0", "4.2.1", "4.3.0", "4.3.1"));

    static Set<String> operators() {
        return TAKEN.keySet();
    }

    @ParameterizedTest
    @ValueSource(strings = {"overlays/prod", "camel-k/image", "camel-k/sources"})
    void everyOperatorTakesTheVersionOfKafka(String rendering) {
        String version = name(Cluster.of(rendering).one("Kafka", "orders"), "/spec/kafka/version");
        TAKEN.forEach((operator, versions) -> assertThat(versions).as(operator).contains(version));
    }

    /** By the operator's own code, with the provider that it has when nobody chose one. */
    @ParameterizedTest
    @ValueSource(strings = {"overlays/prod", "camel-k/image", "camel-k/sources"})
    void theOperatorsPodsAreRestricted(String rendering) throws JsonProcessingException {
        var cluster = Cluster.of(rendering);
        var pool = (KafkaNodePool) Manifests.typed(cluster.one("KafkaNodePool", "brokers"));
        var kafka = (Kafka) Manifests.typed(cluster.one("Kafka", "orders"));
        var broker = pool.getSpec().getTemplate();
        var operator = kafka.getSpec().getEntityOperator().getTemplate();
        var storage = pool.getSpec().getStorage();
        var provider = new BaselinePodSecurityProvider();

        var brokerPod = provider.kafkaPodSecurityContext(new OfPod(storage, broker.getPod()));
        var operatorPod =
                provider.entityOperatorPodSecurityContext(new OfPod(null, operator == null ? null : operator.getPod()));
        var containers = new LinkedHashMap<String, List<String>>();
        containers.put(
                "kafka",
                violations(
                        brokerPod,
                        provider.kafkaContainerSecurityContext(new Of(storage, broker.getKafkaContainer()))));
        // The operator adds it where racks or node ports are asked for.
        containers.put(
                "kafka-init",
                violations(
                        brokerPod,
                        provider.kafkaInitContainerSecurityContext(new Of(storage, broker.getInitContainer()))));
        containers.put(
                "topic-operator",
                violations(
                        operatorPod,
                        provider.entityTopicOperatorContainerSecurityContext(
                                new Of(null, operator == null ? null : operator.getTopicOperatorContainer()))));
        containers.put(
                "user-operator",
                violations(
                        operatorPod,
                        provider.entityUserOperatorContainerSecurityContext(
                                new Of(null, operator == null ? null : operator.getUserOperatorContainer()))));

        containers.forEach(
                (container, broken) -> assertThat(broken).as(container).isEmpty());
        // Its image's group, or the volume cannot be written to.
        assertThat(brokerPod.getFsGroup()).isZero();
    }

    /** Measured under load with the image's own heap of 1 GiB: 1,144 MiB, so what is not heap needs more than a tenth. */
    @Test
    void theBrokerForDevelopmentKeepsWithinItsLimit() {
        JsonNode broker =
                Cluster.of("overlays/dev").one("StatefulSet", "broker").at("/spec/template/spec/containers/0");
        String options = each(broker.path("env"))
                .filter(it -> name(it, "/name").equals("KAFKA_HEAP_OPTS"))
                .map(it -> name(it, "/value"))
                .findFirst()
                .orElse("-Xmx1G -Xms1G");
        var heap = Pattern.compile("-Xmx(\\d+)([mMgG])").matcher(options);
        assertThat(heap.find()).as(options).isTrue();
        long megabytes = Long.parseLong(heap.group(1)) * (heap.group(2).equalsIgnoreCase("g") ? 1024 : 1);
        var limit = new Quantity(name(broker, "/resources/limits/memory"));

        assertThat(megabytes).isLessThanOrEqualTo(limit.getNumericalAmount().longValue() / (2 << 20));
    }

    private static List<String> violations(PodSecurityContext pod, SecurityContext container) {
        return PodSecurity.violations(tree(pod), tree(container));
    }

    private static JsonNode tree(Object value) {
        return value == null ? MissingNode.getInstance() : JSON.valueToTree(value);
    }

    /** What the operator hands to its provider for a container. */
    private record Of(Storage storage, ContainerTemplate template) implements ContainerSecurityProviderContext {

        @Override
        public SecurityContext userSuppliedSecurityContext() {
            return template == null ? null : template.getSecurityContext();
        }
    }

    /** The same for a pod. */
    private record OfPod(Storage storage, PodTemplate template) implements PodSecurityProviderContext {

        @Override
        public PodSecurityContext userSuppliedSecurityContext() {
            return template == null ? null : template.getSecurityContext();
        }

        @Override
        public Boolean userSuppliedHostUsers() {
            return null;
        }
    }
}
