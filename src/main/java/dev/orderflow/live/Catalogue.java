package dev.orderflow.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.CatalogCamelContext;

/**
 * What Camel's catalogue says of the options of components and steps. It is that of the class path, so each part is read
 * once, and not with each check of an edit.
 */
final class Catalogue {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, JsonNode> COMPONENTS = new ConcurrentHashMap<>();
    private static final Map<String, JsonNode> STEPS = new ConcurrentHashMap<>();

    private interface Schema {
        String read() throws IOException;
    }

    private Catalogue() {}

    /** By name; a missing node for a component that it does not know. */
    static JsonNode component(CamelContext context, String scheme) {
        return COMPONENTS.computeIfAbsent(
                scheme, name -> options(() -> ((CatalogCamelContext) context).getComponentParameterJsonSchema(name)));
    }

    /** By name; a missing node for a step that it does not know. */
    static JsonNode step(CamelContext context, String step) {
        return STEPS.computeIfAbsent(
                step, name -> options(() -> ((CatalogCamelContext) context).getEipParameterJsonSchema(name)));
    }

    private static JsonNode options(Schema schema) {
        try {
            String json = schema.read();
            return json == null
                    ? MissingNode.getInstance()
                    : JSON.readTree(json).path("properties");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
