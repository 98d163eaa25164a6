package dev.orderflow.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orderflow.settings.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** One rendering, asked as a cluster would be. */
record Cluster(String name, List<JsonNode> documents) {

    static Cluster of(String rendering) {
        return new Cluster(rendering, Kustomize.render(rendering));
    }

    Stream<JsonNode> all(String kind) {
        return documents.stream().filter(it -> it.path("kind").asText().equals(kind));
    }

    JsonNode one(String kind, String name) {
        return all(kind)
                .filter(it -> name(it).equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("%s has no %s '%s'.".formatted(this.name, kind, name)));
    }

    /** The workloads that run our image. */
    Stream<JsonNode> workloads() {
        return all("Deployment");
    }

    /** Every pod template, ours and those of the development broker and database. */
    Stream<JsonNode> pods() {
        return Stream.concat(all("Deployment"), all("StatefulSet")).map(it -> it.at("/spec/template/spec"));
    }

    /** The environment of a workload, by its ConfigMap and its own variables; a value from a Secret is empty. */
    Map<String, String> environment(JsonNode workload) {
        JsonNode container = workload.at("/spec/template/spec/containers/0");
        var environment = new LinkedHashMap<String, String>();
        for (JsonNode from : container.path("envFrom")) {
            if (from.has("configMapRef")) {
                one("ConfigMap", from.at("/configMapRef/name").asText())
                        .path("data")
                        .properties()
                        .forEach(
                                it -> environment.put(it.getKey(), it.getValue().asText()));
            }
        }
        container
                .path("env")
                .forEach(it ->
                        environment.put(name(it, "/name"), it.path("value").asText()));
        return environment;
    }

    /** The variables that an Integration's environment trait sets, each with what stands behind the equals sign. */
    static Map<String, String> variables(JsonNode integration) {
        var variables = new LinkedHashMap<String, String>();
        integration.at("/spec/traits/environment/vars").forEach(it -> {
            String[] parts = it.asText().split("=", 2);
            variables.put(parts[0], parts[1]);
        });
        return variables;
    }

    /** What a workload or an Integration is told: its variables, by name. */
    Map<String, String> told(JsonNode workload) {
        return name(workload, "/kind").equals("Integration") ? variables(workload) : environment(workload);
    }

    /** All that run our code, whoever makes the pods. */
    Stream<JsonNode> ours() {
        return Stream.concat(workloads(), all("Integration"));
    }

    static String name(JsonNode document) {
        return name(document, "/metadata/name");
    }

    static String name(JsonNode node, String path) {
        return node.at(path).asText();
    }

    static Stream<JsonNode> each(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    static List<String> variablesOfSettings() {
        var names = new ArrayList<String>();
        Settings.load().asProperties().stringPropertyNames().forEach(key -> names.add(Settings.variable(key)));
        names.add("JAVA_TOOL_OPTIONS");
        return names;
    }
}
