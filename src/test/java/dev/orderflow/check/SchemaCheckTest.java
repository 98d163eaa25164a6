package dev.orderflow.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.orderflow.testing.RoutesInHand;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Kaoto and Karavan open every shipped route file: Camel's own schema takes it, and nothing that matters is a comment. */
class SchemaCheckTest {

    private static final JsonSchema SCHEMA = schema();

    static Stream<String> shipped() {
        return RoutesInHand.shipped().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void camelsSchemaTakesIt(String name) {
        Object yaml = new Load(LoadSettings.builder().build())
                .loadFromString(RoutesInHand.shipped().get(name));

        assertThat(SCHEMA.validate(new ObjectMapper().valueToTree(yaml))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void everyRouteSaysWhatItDoes(String name) {
        YamlTree tree = tree(name);

        for (YamlTree.Entry route : tree.all("route")) {
            assertThat(YamlTree.word(route.value(), "description"))
                    .as("line %d", route.line())
                    .isPresent();
        }
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void isInTheFormThatEditorsWrite(String name) {
        SchemaCheck.check(tree(name));
    }

    private static YamlTree tree(String name) {
        return YamlTree.of(
                new RouteFile(name, Map.copyOf(RoutesInHand.shipped()).get(name), ""));
    }

    private static JsonSchema schema() {
        try (var in = SchemaCheckTest.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(new ObjectMapper().readTree(in));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
