package dev.orderflow.kubernetes;

import static dev.orderflow.kubernetes.Cluster.each;
import static dev.orderflow.kubernetes.Cluster.name;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What Camel K's operator makes of an Integration's traits, with the defaults of pkg/trait/service.go and
 * container.go of 2.10.1. None of ours has a source that answers HTTP, so 'auto' finds none.
 */
record IntegrationTraits(JsonNode integration) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The ports of the Service, each with the container's; empty where no Service is made. */
    Map<Integer, Integer> servicePorts() {
        JsonNode service = trait("service");
        JsonNode container = trait("container");
        var ports = new LinkedHashMap<Integer, Integer>();
        each(service.path("ports")).map(it -> it.asText().split(";")).forEach(it -> put(ports, it[1], it[2]));
        boolean isAuto = service.path("auto").asBoolean(true);
        boolean hasService = !isAuto && service.path("enabled").asBoolean() || !ports.isEmpty();
        boolean exposes = container.path("expose").asBoolean(hasService);
        if (hasService && exposes) {
            put(
                    ports,
                    container.path("servicePort").asText("80"),
                    container.path("port").asText("8080"));
        }
        return ports;
    }

    private static void put(Map<Integer, Integer> ports, String port, String target) {
        if (ports.put(Integer.valueOf(port), Integer.valueOf(target)) != null) {
            throw new IllegalStateException("The Service would have port " + port + " twice, and is refused.");
        }
    }

    JsonNode podSecurity() {
        return security("security-context", false);
    }

    JsonNode containerSecurity() {
        JsonNode container = trait("container");
        ObjectNode made = security("container", false);
        made.put(
                "allowPrivilegeEscalation",
                container.path("allowPrivilegeEscalation").asBoolean(false));
        var drop = made.withObject("/capabilities").putArray("drop");
        if (container.has("capabilitiesDrop")) {
            drop.addAll((com.fasterxml.jackson.databind.node.ArrayNode) container.get("capabilitiesDrop"));
        } else {
            drop.add("ALL");
        }
        return made;
    }

    private ObjectNode security(String trait, boolean runAsNonRoot) {
        var made = JSON.createObjectNode();
        made.put("runAsNonRoot", trait(trait).path("runAsNonRoot").asBoolean(runAsNonRoot));
        if (trait(trait).has("runAsUser")) {
            made.set("runAsUser", trait(trait).get("runAsUser"));
        }
        made.withObject("/seccompProfile")
                .put("type", trait(trait).path("seccompProfileType").asText("RuntimeDefault"));
        return made;
    }

    /** What somebody said of the container's processor and memory, and not the operator's 500m and 512Mi. */
    Stream<String> missingLimits() {
        return Stream.of("requestCPU", "limitCPU", "requestMemory", "limitMemory")
                .filter(it -> name(trait("container"), "/" + it).isEmpty());
    }

    private JsonNode trait(String trait) {
        return integration.at("/spec/traits").path(trait);
    }
}
