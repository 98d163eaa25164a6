package dev.orderflow.kubernetes;

import static dev.orderflow.kubernetes.Cluster.each;
import static dev.orderflow.kubernetes.Cluster.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What Camel K's operator makes of our Integrations is what the README walks through. */
class IntegrationTraitsTest {

    static final List<String> WAYS = List.of("camel-k/image", "camel-k/sources");

    @Test
    void everyIntegrationOfTheImageHasAServiceForRestAndForManagement() {
        Cluster.of("camel-k/image")
                .all("Integration")
                .forEach(it -> assertThat(new IntegrationTraits(it).servicePorts())
                        .as(name(it))
                        .isEqualTo(Map.of(80, 8080, 9876, 9876)));
    }

    @Test
    void everyIntegrationOfSourcesHasAServiceForManagement() {
        Cluster.of("camel-k/sources")
                .all("Integration")
                .forEach(it -> assertThat(new IntegrationTraits(it).servicePorts())
                        .as(name(it))
                        .isEqualTo(Map.of(9876, 9876)));
    }

    @ParameterizedTest
    @FieldSource("WAYS")
    void everyPodIsRestricted(String way) {
        Cluster.of(way)
                .all("Integration")
                .map(IntegrationTraits::new)
                .forEach(it -> assertThat(PodSecurity.violations(it.podSecurity(), it.containerSecurity()))
                        .as(name(it.integration()))
                        .isEmpty());
    }

    @ParameterizedTest
    @FieldSource("WAYS")
    void everyContainerHasLimitsOfItsOwn(String way) {
        Cluster.of(way).all("Integration").forEach(it -> {
            assertThat(new IntegrationTraits(it).missingLimits()).as(name(it)).isEmpty();
            JsonNode container = it.at("/spec/traits/container");
            for (String of : List.of("CPU", "Memory")) {
                assertThat(amount(container, "limit" + of)).isGreaterThanOrEqualTo(amount(container, "request" + of));
            }
        });
    }

    private static java.math.BigDecimal amount(JsonNode container, String field) {
        return new Quantity(name(container, "/" + field)).getNumericalAmount();
    }

    /** One way's apply must not change what the other's pods are told. */
    @Test
    void theWaysShareNoConfigMap() {
        var shared = configMaps("camel-k/image");
        shared.retainAll(configMaps("camel-k/sources"));
        assertThat(shared).isEmpty();
    }

    private static Set<String> configMaps(String way) {
        return Cluster.of(way).all("ConfigMap").map(Cluster::name).collect(Collectors.toCollection(HashSet::new));
    }

    /** Stock is set and read over REST, which is Java: whoever runs inventory must be of the image. */
    @ParameterizedTest
    @FieldSource("WAYS")
    void somebodyAnswersForStock(String way) {
        var cluster = Cluster.of(way);
        var answering = cluster.ours()
                .filter(it -> List.of(cluster.told(it)
                                .getOrDefault("ORDERFLOW_SERVICES", "")
                                .split(","))
                        .contains("inventory"))
                .toList();
        assertThat(answering).hasSize(1);
        JsonNode workload = answering.get(0);
        if (name(workload, "/kind").equals("Integration")) {
            assertThat(new IntegrationTraits(workload).servicePorts()).containsEntry(80, 8080);
        } else {
            assertThat(each(cluster.one("Service", name(workload)).at("/spec/ports"))
                            .map(it -> name(it, "/port")))
                    .contains("80");
        }
    }

    /** Quarkus takes an empty setting for none, and a placeholder of none stops the start. */
    @Test
    void whatMayBeEmptyHasADefault() {
        var settings = dev.orderflow.settings.Settings.load();
        Cluster.of("camel-k/sources")
                .all("Integration")
                .forEach(it -> each(it.at("/spec/traits/camel/properties"))
                        .flatMap(property -> java.util.regex.Pattern.compile("\\{\\{([^}:]+)}}")
                                .matcher(property.asText())
                                .results())
                        .forEach(placeholder -> assertThat(settings.text(placeholder.group(1)))
                                .as(name(it) + " " + placeholder.group())
                                .isNotEmpty()));
    }
}
