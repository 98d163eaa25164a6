package dev.orderflow.check;

import org.apache.camel.CamelContext;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.dsl.yaml.YamlRoutesBuilderLoader;
import org.apache.camel.support.ResourceHelper;

/**
 * Loads a YAML text into a context. Each time with a loader of its own: Camel's shared one remembers the beans of a file
 * that failed, and leaves them out of the next.
 */
public final class YamlLoading {

    private YamlLoading() {}

    /** @param name the file's name, by which the house rules know the service */
    public static void load(CamelContext context, String name, String yaml) throws Exception {
        var resource = ResourceHelper.fromString(name, yaml);
        try (var loader = new YamlRoutesBuilderLoader()) {
            loader.setCamelContext(context);
            loader.start();
            loader.preParseRoute(resource);
            var builder = loader.loadRoutesBuilder(resource);
            if (builder instanceof RouteConfigurationsBuilder configurations) {
                context.addRoutesConfigurations(configurations);
            }
            context.addRoutes(builder);
        }
    }
}
