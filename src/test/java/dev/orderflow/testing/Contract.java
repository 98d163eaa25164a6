package dev.orderflow.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.AnnotationKeyword;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Holds what the running code says against the contracts in {@code src/main/resources/contracts}. It is stricter than a
 * client should be: a member that the contract does not name is a failure too, so that nothing is said undocumented.
 */
public final class Contract {

    static final String BASE = "https://orderflow.dev/";
    /** Of our own members; what a record has is shown as it is. */
    private static final Pattern TIME =
            Pattern.compile("\"(?:since|at|[A-Za-z]+At)\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.?\\d*)Z\"");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNode OPENAPI = resource("openapi.json");
    private static final JsonNode ASYNCAPI = resource("asyncapi.json");
    private static final SchemaValidatorsConfig CONFIG =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
    // The words of OpenAPI and AsyncAPI around the schemas are none of JSON Schema's; they are no reason to warn.
    private static final JsonMetaSchema DIALECT = JsonMetaSchema.builder(JsonMetaSchema.getV202012())
            .unknownKeywordFactory((word, context) -> new AnnotationKeyword(word))
            .build();
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.builder()
            .defaultMetaSchemaIri(DIALECT.getIri())
            .metaSchema(DIALECT)
            .schemaLoaders(loaders -> loaders.schemas(Contract::document))
            .build();
    private static final Map<String, JsonSchema> PARSED = new ConcurrentHashMap<>();

    private Contract() {}

    /** Checks status, headers, content type and body of an answer to a call whose body was read as text or bytes. */
    public static void answer(HttpResponse<?> response) {
        String body = response.body() instanceof byte[] bytes
                ? new String(bytes, StandardCharsets.UTF_8)
                : String.valueOf(response.body());
        answer(
                response.request().method(),
                response.uri().getRawPath(),
                response.statusCode(),
                response.headers().map(),
                body);
    }

    /** Each time in an answer has three digits of a second, so that clients may compare it as text. */
    private static void times(String call, String body) {
        for (Matcher time = TIME.matcher(body); time.find(); ) {
            if (!time.group(1).matches("\\.\\d{3}")) {
                throw fault(call, "a time of another width: " + time.group());
            }
        }
    }

    /** The same for other clients; {@code path} may be a path or its template, such as {@code /orders/{id}}. */
    public static void answer(String method, String path, int status, Map<String, List<String>> headers, String body) {
        String call = method + " " + path + " -> " + status;
        String pointer =
                response(method, path, status).orElseThrow(() -> fault(call, "openapi.json has no such answer"));
        JsonNode declared = OPENAPI.at(pointer);
        Map<String, List<String>> named = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        named.putAll(headers);
        declared.path("headers").properties().forEach(header -> {
            String at = resolve(OPENAPI, pointer + "/headers/" + escape(header.getKey()));
            List<String> values = named.getOrDefault(header.getKey(), List.of());
            if (values.isEmpty() && OPENAPI.at(at).path("required").asBoolean()) {
                throw fault(call, "header " + header.getKey() + " is missing");
            }
            values.forEach(value -> check(
                    call + " header " + header.getKey(), "openapi.json#" + at + "/schema", JSON.valueToTree(value)));
        });
        times(call, body);
        JsonNode content = declared.path("content");
        if (content.isMissingNode()) {
            if (!body.isEmpty()) {
                throw fault(call, "a body where openapi.json has none: " + body);
            }
            return;
        }
        String type = named.getOrDefault("content-type", List.of(""))
                .get(0)
                .split(";")[0]
                .trim();
        type = type.toLowerCase(Locale.ROOT);
        if (!content.has(type)) {
            throw fault(call, "content type '" + type + "' is none of " + names(content));
        }
        check(call, "openapi.json#" + pointer + "/content/" + escape(type) + "/schema", parse(call, body));
        if (status >= 400 && parse(call, body).path("status").asInt() != status) {
            throw fault(call, "the problem says another status: " + body);
        }
    }

    /** Checks key, headers and body of a record of one of the topics, read as text or bytes. */
    public static void record(ConsumerRecord<?, ?> record) {
        Map<String, String> headers = new HashMap<>();
        for (Header header : record.headers()) {
            headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
        }
        record(text(record.key()), headers, text(record.value()));
    }

    /** The same for a record in parts; a record with a {@code kafka_dlt-original-topic} is a dead letter. */
    public static void record(String key, Map<String, String> headers, String body) {
        boolean dead = headers.containsKey("kafka_dlt-original-topic");
        String id = headers.getOrDefault(dead ? "orderflow-id" : "ce_id", "without id");
        String call = "record " + id;
        if (dead) {
            check(call, "asyncapi.json#/components/schemas/DeadLetterHeaders", JSON.valueToTree(headers));
            return;
        }
        String type = headers.getOrDefault("ce_type", "");
        String message = message(type).orElseThrow(() -> fault(call, "asyncapi.json has no ce_type '" + type + "'"));
        check(call + " headers", "asyncapi.json#" + message + "/headers", JSON.valueToTree(headers));
        JsonNode json = parse(call, body);
        check(call, ASYNCAPI.at(message + "/payload/schema/$ref").asText(), json);
        String orderId = json.path("orderId").asText();
        if (!orderId.equals(key)) {
            throw fault(call, "the key is '" + key + "' and not its orderId '" + orderId + "'");
        }
        String name = type.substring("dev.orderflow.".length(), type.lastIndexOf('.'));
        if (!id.equals(orderId + "/" + name)) {
            throw fault(call, "ce_id must be '" + orderId + "/" + name + "'");
        }
    }

    /** Checks JSON against a schema of the contracts, such as {@code schemas/stock-short.schema.json}. */
    public static void check(String what, String schema, JsonNode json) {
        var messages = PARSED.computeIfAbsent(schema, s -> SCHEMAS.getSchema(SchemaLocation.of(BASE + s), CONFIG))
                .validate(json);
        if (!messages.isEmpty()) {
            throw fault(what, messages + "\n  against " + schema + "\n  in " + json);
        }
    }

    /** A contract as it stands in the resources. */
    public static JsonNode resource(String name) {
        try (InputStream in = Contract.class.getResourceAsStream("/contracts/" + name)) {
            if (in == null) {
                throw new IllegalArgumentException("There is no contract '" + name + "'.");
            }
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the answer stands in openapi.json; 405 on any path and 404 on an unknown one need no line of their own. */
    private static Optional<String> response(String method, String path, int status) {
        Optional<String> template = template(path);
        if (template.isEmpty()) {
            return status == 404 ? Optional.of("/components/responses/NotFound") : Optional.empty();
        }
        String operation = "/paths/" + escape(template.get()) + "/" + method.toLowerCase(Locale.ROOT);
        if (OPENAPI.at(operation).isMissingNode()) {
            return status == 405 ? Optional.of("/components/responses/MethodNotAllowed") : Optional.empty();
        }
        String answer = operation + "/responses/" + status;
        return OPENAPI.at(answer).isMissingNode() ? Optional.empty() : Optional.of(resolve(OPENAPI, answer));
    }

    private static Optional<String> template(String path) {
        List<String> found = new ArrayList<>();
        OPENAPI.path("paths").fieldNames().forEachRemaining(found::add);
        if (found.contains(path)) {
            return Optional.of(path);
        }
        return found.stream()
                .filter(template -> path.matches(template.replaceAll("\\{[^}]+}", "[^/]+")))
                .findFirst();
    }

    private static Optional<String> message(String type) {
        for (String name : names(ASYNCAPI.at("/components/messages"))) {
            String pointer = "/components/messages/" + name;
            if (ASYNCAPI.at(pointer + "/headers/properties/ce_type/const")
                    .asText()
                    .equals(type)) {
                return Optional.of(pointer);
            }
        }
        return Optional.empty();
    }

    static String resolve(JsonNode document, String pointer) {
        String ref = document.at(pointer).path("$ref").asText();
        return ref.startsWith("#") ? ref.substring(1) : pointer;
    }

    private static String document(String iri) {
        if (!iri.startsWith(BASE)) {
            return null;
        }
        JsonNode document = resource(iri.substring(BASE.length()));
        if (iri.endsWith("asyncapi.json")) {
            // AsyncAPI's id is a word of its own; the validator takes it for the id of a schema.
            ((ObjectNode) document).remove("id");
        } else {
            close(document);
        }
        return document.toString();
    }

    /** Refuses members that a schema does not name, where the schema leaves them open. */
    private static void close(JsonNode node) {
        if (node instanceof ObjectNode object
                && object.path("properties").isObject()
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        node.forEach(Contract::close);
    }

    static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private static JsonNode parse(String what, String body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw fault(what, "not JSON: " + body);
        }
    }

    private static String text(Object value) {
        return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(value);
    }

    private static AssertionError fault(String what, String sentence) {
        return new AssertionError(what + ": " + sentence);
    }
}
