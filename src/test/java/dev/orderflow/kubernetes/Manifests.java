package dev.orderflow.kubernetes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.v1.Integration;

/** Reads manifests as strictly as an API server with strict field validation: unknown and duplicate fields are refused. */
final class Manifests {

    private static final Map<String, Class<?>> KINDS = new HashMap<>();

    static {
        kinds("v1", Service.class, ServiceAccount.class, ConfigMap.class, Secret.class, Namespace.class);
        kinds("apps/v1", Deployment.class, StatefulSet.class);
        kinds("policy/v1", PodDisruptionBudget.class);
        kinds("autoscaling/v2", HorizontalPodAutoscaler.class);
        kinds("networking.k8s.io/v1", NetworkPolicy.class);
        kinds("monitoring.coreos.com/v1", ServiceMonitor.class, PrometheusRule.class);
        kinds("kafka.strimzi.io/v1", Kafka.class, KafkaNodePool.class, KafkaTopic.class, KafkaUser.class);
        kinds("keda.sh/v1alpha1", Keda.ScaledObject.class, Keda.TriggerAuthentication.class);
        kinds("camel.apache.org/v1", Integration.class);
    }

    /** Fields of Camel K 2.10 that the published model, of 2.4, does not know yet. */
    private static final Map<String, Set<String>> NEWER = Map.of(
            "/spec/traits/camel", Set.of("runtimeProvider"),
            "/spec/traits/health", Set.of("startupPort", "livenessPort", "readinessPort"),
            "/spec/traits/service", Set.of("ports"));

    private static final YAMLMapper YAML = mapper();

    private Manifests() {}

    private static void kinds(String version, Class<?>... types) {
        for (Class<?> type : types) {
            KINDS.put(version + "/" + type.getSimpleName(), type);
        }
    }

    private static YAMLMapper mapper() {
        var mapper = YAMLMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                .addModule(new JavaTimeModule())
                .annotationIntrospector(new Closed())
                .build();
        // A number where the API wants a text is refused by the API server, too.
        for (var shape : List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
            mapper.coercionConfigFor(LogicalType.Textual).setCoercion(shape, CoercionAction.Fail);
        }
        for (var type : List.of(LogicalType.Integer, LogicalType.Float, LogicalType.Boolean)) {
            mapper.coercionConfigFor(type).setCoercion(CoercionInputShape.String, CoercionAction.Fail);
        }
        return mapper;
    }

    /** Every document of a text; duplicate fields are refused here. */
    static List<JsonNode> documents(String yaml) {
        try (var values = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            return values.readAll().stream().filter(JsonNode::isObject).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The one value of a text, which may be a list. */
    static JsonNode tree(String yaml) {
        try {
            return YAML.readTree(yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The document as its kind's type; unknown kinds and fields are refused. */
    static Object typed(JsonNode document) throws JsonProcessingException {
        String kind = document.path("apiVersion").asText() + "/"
                + document.path("kind").asText();
        Class<?> type = KINDS.get(kind);
        if (type == null) {
            throw new IllegalArgumentException("There is no kind '" + kind + "'.");
        }
        return YAML.treeToValue(type == Integration.class ? known(document) : document, type);
    }

    private static JsonNode known(JsonNode integration) {
        JsonNode known = integration.deepCopy();
        NEWER.forEach((path, fields) -> {
            if (known.at(path) instanceof ObjectNode trait) {
                trait.remove(fields);
            }
        });
        return known;
    }

    /** The published models take unknown fields into a bag; here they have none, but for what is free by nature. */
    private static final class Closed extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            boolean free = annotated instanceof AnnotatedMember member
                    && member.getDeclaringClass().getName().equals("io.fabric8.kubernetes.api.model.AnyType");
            return free ? super.hasAnySetter(annotated) : Boolean.FALSE;
        }

        @Override
        public Boolean hasAnyGetter(Annotated annotated) {
            return Boolean.FALSE;
        }

        @Override
        public boolean hasIgnoreMarker(AnnotatedMember member) {
            return member.getName().toLowerCase(java.util.Locale.ROOT).contains("additionalpropert")
                    || super.hasIgnoreMarker(member);
        }

        @Override
        public JsonIgnoreProperties.Value findPropertyIgnoralByName(MapperConfig<?> config, Annotated annotated) {
            JsonIgnoreProperties.Value value = super.findPropertyIgnoralByName(config, annotated);
            return value == null ? null : value.withoutIgnoreUnknown();
        }
    }
}
