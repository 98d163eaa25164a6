package dev.orderflow.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orderflow.events.CloudEvents;
import dev.orderflow.settings.Settings;
import dev.orderflow.testing.Contract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contracts name the same things as each other, as the routes, and as the settings. */
class ContractsAgreeTest {

    /** A generated client has one type for the answer of a call. */
    @Test
    void noOperationAnswersJsonAndSomethingElse() {
        Contract.resource("openapi.json")
                .path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    Set<String> types = new TreeSet<>();
                    operation.getValue().path("responses").properties().forEach(response -> {
                        if (response.getKey().startsWith("2")) {
                            response.getValue().path("content").fieldNames().forEachRemaining(types::add);
                        }
                    });
                    assertThat(types)
                            .as(operation.getKey() + " " + path.getKey())
                            .hasSizeLessThanOrEqualTo(1);
                }));
    }

    @Test
    void whatAnOperationAnswersHasOneSchema() {
        Contract.resource("openapi.json")
                .path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    Set<JsonNode> schemas = new HashSet<>();
                    operation.getValue().path("responses").properties().forEach(response -> {
                        if (response.getKey().startsWith("2")) {
                            schemas.addAll(response.getValue().path("content").findValues("schema"));
                        }
                    });
                    assertThat(schemas)
                            .as(operation.getKey() + " " + path.getKey())
                            .hasSizeLessThanOrEqualTo(1);
                }));
    }

    /** Generators make code that does not compile, or types without members, of what JSON Schema allows here. */
    @Test
    void noSchemaHasWhatGeneratorsCannotRead() {
        JsonNode schemas = Contract.resource("openapi.json").at("/components/schemas");

        assertThat(schemas.findParents("oneOf")).isEmpty();
        assertThat(schemas.findParents("anyOf")).isEmpty();
        assertThat(schemas.findValues("type")).noneMatch(JsonNode::isArray);
        schemas.forEach(schema -> schema.path("properties")
                .forEach(property -> assertThat(property.has("const"))
                        .as(property.toString())
                        .isFalse()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    Audit            | {"state":"running","part":0.5,"doing":"reads orders"}
                    Redrive          | {"ids":["0123456789abcdef01234567"],"body":{"a":1}}
                    Redrive          | {"ids":["0123456789abcdef01234567"],"body":"text"}
                    Redrive          | {"filter":{"service":"shipping"}}
                    OperationOutcome | {"dryRun":true,"result":"would pause"}""")
    void oneSchemaTakesEachOfItsForms(String schema, String json) {
        assertThatNoException().isThrownBy(() -> check(schema, json));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    Audit            | {"state":"done"}
                    Audit            | {"state":"running","part":0.5}
                    Audit            | {"state":"running","part":0.5,"doing":"reads orders","clean":true}
                    Audit            | {"state":"done","clean":true,"tookMs":1,"services":[],"ignored":0,"ignoredPlaces":[],"unreadable":[],"passed":[],"stock":{"reserved":0,"byOrders":0,"differing":[]},"part":1}
                    Redrive          | {"dryRun":true}
                    Redrive          | {"ids":["0123456789abcdef01234567"],"filter":{"service":"shipping"}}
                    Redrive          | {"ids":["0123456789abcdef01234567"],"body":[]}
                    Redrive          | {"ids":["0123456789abcdef01234567"],"body":null}
                    OperationOutcome | {"result":"paused"}
                    OperationOutcome | {"dryRun":false,"result":"would pause"}
                    OperationOutcome | {"dryRun":true,"result":"would pause","service":"shipping"}""")
    void oneSchemaRefusesWhatIsNoneOfItsForms(String schema, String json) {
        assertThatThrownBy(() -> check(schema, json)).isInstanceOf(AssertionError.class);
    }

    private static void check(String schema, String json) throws IOException {
        Contract.check(schema, "openapi.json#/components/schemas/" + schema, new ObjectMapper().readTree(json));
    }

    private static final JsonNode OPENAPI = Contract.resource("openapi.json");
    private static final JsonNode ASYNCAPI = Contract.resource("asyncapi.json");

    @Test
    void everyReferenceLeadsSomewhere() throws IOException {
        List<String> files = new ArrayList<>(List.of("openapi.json", "asyncapi.json"));
        schemaFiles().forEach(file -> files.add("schemas/" + file));
        List<String> lost = new ArrayList<>();
        for (String file : files) {
            JsonNode document = Contract.resource(file);
            for (JsonNode ref : document.findValues("$ref")) {
                String[] parts = ref.asText().split("#", 2);
                JsonNode target = parts[0].isEmpty() ? document : Contract.resource(parts[0]);
                if (parts.length == 2 && target.at(parts[1]).isMissingNode()) {
                    lost.add(file + " -> " + ref.asText());
                }
            }
        }

        assertThat(lost).isEmpty();
    }

    @Test
    void everySchemaIsNamedByItsFileAndUsed() throws IOException {
        String both = OPENAPI.toString() + ASYNCAPI;
        for (String file : schemaFiles()) {
            JsonNode schema = Contract.resource("schemas/" + file);
            assertThat(schema.path("$id").asText()).isEqualTo("https://orderflow.dev/schemas/" + file);
            assertThat(schema.path("$schema").asText()).isEqualTo("https://json-schema.org/draft/2020-12/schema");
            assertThat(dashed(schema.path("title").asText()) + ".schema.json").isEqualTo(file);
            assertThat(both).contains("\"schemas/" + file + "\"");
        }
    }

    @Test
    void everyEventHasAMessageAndASchemaOfItsName() {
        for (String name : names(ASYNCAPI.at("/components/messages"))) {
            JsonNode message = ASYNCAPI.at("/components/messages/" + name);
            if (name.equals("DeadLetter")) {
                continue;
            }
            assertThat(message.at("/headers/properties/ce_type/const").asText())
                    .isEqualTo(CloudEvents.wireType(dashed(name)));
            assertThat(message.at("/payload/schema/$ref").asText())
                    .isEqualTo("schemas/" + dashed(name) + ".schema.json");
        }
    }

    @Test
    void theEventsAreThoseThatStatusHears() throws IOException {
        String yaml = Files.readString(Path.of("routes-yaml/status.camel.yaml"));
        var hears = Pattern.compile("hears: (\\S+)").matcher(yaml);
        assertThat(hears.find()).isTrue();

        assertThat(eventTypes())
                .isEqualTo(new TreeSet<>(Arrays.asList(hears.group(1).split(","))));
    }

    @Test
    void noRouteHearsOrSaysAnEventWithoutContract() throws IOException {
        Set<String> types = eventTypes();
        try (Stream<Path> files = Files.list(Path.of("routes-yaml"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
                var hears = Pattern.compile("hears: (\\S+)").matcher(Files.readString(file));
                while (hears.find()) {
                    assertThat(types)
                            .as(file.toString())
                            .contains(hears.group(1).split(","));
                }
            }
        }
    }

    @Test
    void theStatusesOfTheAnswerAreThoseOfTheTable() throws IOException {
        String sql = Files.readString(Path.of("src/main/resources/db/migration/V5__status.sql"));
        for (JsonNode status : OPENAPI.at("/components/schemas/Status/enum")) {
            assertThat(sql).contains("'" + status.asText() + "'");
        }
    }

    @Test
    void theTopicsAreThoseOfTheSettings() {
        Set<String> addresses = new TreeSet<>();
        ASYNCAPI.path("channels")
                .forEach(channel -> addresses.add(channel.path("address").asText()));
        var settings = Settings.load();

        assertThat(addresses)
                .containsExactlyInAnyOrder(
                        settings.text("orders.topic"),
                        settings.text("order-events.topic"),
                        settings.text("orders-dlt.topic"));
    }

    @Test
    void everyCallAnswersWhatTheDoorMaySay() {
        OPENAPI.path("paths")
                .forEach(path -> path.properties().forEach(operation -> {
                    if (operation.getValue().has("responses")) {
                        assertThat(names(operation.getValue().path("responses")))
                                .as(operation.getValue().path("operationId").asText())
                                .contains("400", "401", "403", "406", "413", "414", "431", "500", "503");
                    }
                }));
    }

    private static Set<String> eventTypes() {
        return names(ASYNCAPI.at("/components/messages")).stream()
                .filter(name -> !name.equals("DeadLetter"))
                .map(ContractsAgreeTest::dashed)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> schemaFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/contracts/schemas"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** {@code StockShort} to {@code stock-short}. */
    private static String dashed(String name) {
        return name.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }
}
