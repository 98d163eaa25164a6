package dev.orderflow.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.CatalogCamelContext;

/** What Camel's YAML schema takes for any word, and Camel's catalogue for a duration: a step's timeouts and delays. */
final class StepOptions {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Tree tree;
    private final CamelContext context;
    private final Map<String, JsonNode> steps = new HashMap<>();

    StepOptions(Tree tree, CamelContext context) {
        this.tree = tree;
        this.context = context;
    }

    /** @throws Refused at the first that is none */
    void check() {
        var values = new Values(context);
        for (Tree.Entry entry : tree.entries()) {
            if (entry.text().isEmpty() || entry.parent().isEmpty()) {
                continue;
            }
            JsonNode option =
                    steps.computeIfAbsent(entry.parent(), this::options).path(entry.key());
            if (option.path("type").asText().equals("duration")) {
                values.misfit(entry.text(), option, null).ifPresent(wanted -> {
                    throw tree.refuse(
                            entry.valueLine(),
                            "'%s' of '%s' is '%s', but must be %s",
                            entry.key(),
                            entry.parent(),
                            entry.text(),
                            wanted);
                });
            }
        }
    }

    private JsonNode options(String step) {
        try {
            String schema = ((CatalogCamelContext) context).getEipParameterJsonSchema(step);
            return schema == null
                    ? MissingNode.getInstance()
                    : JSON.readTree(schema).path("properties");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
