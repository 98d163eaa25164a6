package dev.orderflow.kubernetes;

import static dev.orderflow.kubernetes.Cluster.each;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a namespace that enforces {@code restricted} (Kubernetes' Pod Security Standards) says of one container. */
final class PodSecurity {

    private PodSecurity() {}

    /** The fields that break the rule, in the words of the standard; a container's own value hides that of its pod. */
    static List<String> violations(JsonNode pod, JsonNode container) {
        var broken = new ArrayList<String>();
        if (!own(pod, container, "/runAsNonRoot").asBoolean()) {
            broken.add("runAsNonRoot");
        }
        if (own(pod, container, "/runAsUser").asInt(1) == 0) {
            broken.add("runAsUser");
        }
        if (!Set.of("RuntimeDefault", "Localhost")
                .contains(own(pod, container, "/seccompProfile/type").asText())) {
            broken.add("seccompProfile");
        }
        if (container.at("/allowPrivilegeEscalation").asBoolean(true)) {
            broken.add("allowPrivilegeEscalation");
        }
        boolean dropsAll = each(container.at("/capabilities/drop"))
                .anyMatch(it -> it.asText().equals("ALL"));
        boolean addsNone = each(container.at("/capabilities/add"))
                .allMatch(it -> it.asText().equals("NET_BIND_SERVICE"));
        if (!dropsAll || !addsNone) {
            broken.add("capabilities");
        }
        return broken;
    }

    private static JsonNode own(JsonNode pod, JsonNode container, String field) {
        return container.at(field).isValueNode() ? container.at(field) : pod.at(field);
    }
}
