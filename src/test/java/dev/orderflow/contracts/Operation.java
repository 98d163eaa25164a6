package dev.orderflow.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orderflow.contracts.Schemas.Place;
import dev.orderflow.testing.Contract;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** One operation of openapi.json. */
record Operation(String method, String path, List<Parameter> parameters, JsonNode node) {

    private static final String OPENAPI = "openapi.json";
    private static final Pattern ROLE = Pattern.compile("Needs the role `([a-z]+)`");

    /** @param in path, query or header */
    record Parameter(String in, String name, boolean required, Place schema) {}

    static List<Operation> all() {
        List<Operation> operations = new ArrayList<>();
        JsonNode openapi = Contract.resource(OPENAPI);
        openapi.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    if (!operation.getKey().equals("parameters")) {
                        List<Parameter> parameters = new ArrayList<>();
                        path.getValue().path("parameters").forEach(one -> parameters.add(parameter(one)));
                        operation.getValue().path("parameters").forEach(one -> parameters.add(parameter(one)));
                        operations.add(new Operation(
                                operation.getKey().toUpperCase(Locale.ROOT),
                                path.getKey(),
                                parameters,
                                operation.getValue()));
                    }
                }));
        assertThat(operations).hasSizeGreaterThan(15);
        return operations;
    }

    private static Parameter parameter(JsonNode given) {
        JsonNode is = new Place(OPENAPI, given).resolved().node();
        return new Parameter(
                is.path("in").asText(),
                is.path("name").asText(),
                is.path("required").asBoolean(),
                new Place(OPENAPI, is.path("schema")));
    }

    String name() {
        return method + " " + path;
    }

    List<String> named(String in) {
        return parameters.stream()
                .filter(one -> one.in.equals(in))
                .map(Parameter::name)
                .toList();
    }

    /** The content type of the body that it takes. */
    Optional<String> takes() {
        return node.path("requestBody").path("content").properties().stream()
                .map(Map.Entry::getKey)
                .findFirst();
    }

    Place body() {
        return new Place(
                OPENAPI,
                node.path("requestBody")
                        .path("content")
                        .path(takes().orElseThrow())
                        .path("schema"));
    }

    /** As {@link Contract#check} names it. */
    String schemaOfBody() {
        String reference = body().node().path("$ref").asText();
        return reference.startsWith("#") ? OPENAPI + reference : reference;
    }

    /** The content type of what it answers when all is well. */
    String answers() {
        for (var response : node.path("responses").properties()) {
            if (response.getKey().startsWith("2")) {
                return response.getValue().path("content").fieldNames().next();
            }
        }
        throw new IllegalStateException(name() + " has no good answer");
    }

    List<Integer> statuses() {
        List<Integer> statuses = new ArrayList<>();
        node.path("responses").fieldNames().forEachRemaining(one -> statuses.add(Integer.valueOf(one)));
        return statuses;
    }

    String role() {
        var role = ROLE.matcher(node.path("description").asText());
        assertThat(role.find()).as(name() + " says which role it needs").isTrue();
        return role.group(1);
    }
}
