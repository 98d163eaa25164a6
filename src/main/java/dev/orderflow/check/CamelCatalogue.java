package dev.orderflow.check;

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
final class CamelCatalogue {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, JsonNode> COMPONENTS = new ConcurrentHashMap<>();
    private static final Map<String, JsonNode> STEPS = new ConcurrentHashMap<>();

    /** How many names of components, and of steps, are kept. */
    static final int NAMES_MAX = 1_000;

    interface Schema {
        String read() throws IOException;
    }

    private CamelCatalogue() {}

    /** By name; a missing node for a component that it does not know. */
    static JsonNode component(CamelContext context, String scheme) {
        return kept(COMPONENTS, scheme, () -> ((CatalogCamelContext) context).getComponentParameterJsonSchema(scheme));
    }

    /** By name; a missing node for a step that it does not know. */
    static JsonNode step(CamelContext context, String step) {
        return kept(STEPS, step, () -> ((CatalogCamelContext) context).getEipParameterJsonSchema(step));
    }

    /** Any word of a file is asked for, so what is kept has a bound. */
    static JsonNode kept(Map<String, JsonNode> names, String name, Schema schema) {
        JsonNode known = names.get(name);
        if (known == null) {
            known = options(schema);
            if (names.size() < NAMES_MAX) {
                names.put(name, known);
            }
        }
        return known;
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
