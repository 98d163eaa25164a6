package dev.orderflow.check;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.camel.CamelContext;

/** What Camel's YAML schema takes for any word, and Camel's catalogue for a duration: a step's timeouts and delays. */
final class StepOptionCheck {

    private final YamlTree tree;
    private final CamelContext context;

    StepOptionCheck(YamlTree tree, CamelContext context) {
        this.tree = tree;
        this.context = context;
    }

    /** @throws RouteFileRefused at the first that is none */
    void check() {
        var values = new ValueTypes(context);
        for (YamlTree.Entry entry : tree.entries()) {
            if (entry.text().isEmpty() || entry.parent().isEmpty()) {
                continue;
            }
            JsonNode option = CamelCatalogue.step(context, entry.parent()).path(entry.key());
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
}
