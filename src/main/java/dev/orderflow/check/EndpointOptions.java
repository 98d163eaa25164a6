package dev.orderflow.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.EndpointUriFactory;
import org.apache.camel.spi.PropertyConfigurerGetter;

/** The options of one component's endpoints: which there are, and what each takes, by the component itself. */
final class EndpointOptions {

    private final YamlTree tree;
    private final String scheme;
    private final CamelContext context;
    private final EndpointUriFactory factory;
    private final JsonNode catalogue;
    private final ValueTypes values;

    EndpointOptions(YamlTree tree, String scheme, CamelContext context) {
        this.tree = tree;
        this.scheme = scheme;
        this.context = context;
        this.factory = context.getCamelContextExtension().getEndpointUriFactory(scheme);
        this.catalogue = CamelCatalogue.component(context, scheme);
        this.values = new ValueTypes(context);
    }

    /** @throws RouteFileRefused when the component has no such option */
    void known(String name, int line) {
        if (factory == null || factory.isLenientProperties()) {
            return;
        }
        Set<String> known = new TreeSet<>(factory.propertyNames());
        boolean prefixed = factory.multiValuePrefixes().values().stream().anyMatch(name::startsWith);
        if (!known.contains(name) && !prefixed) {
            throw tree.refuse(
                    line,
                    "%s has no option '%s'%s; it has %s",
                    scheme,
                    name,
                    Sentences.near(name, known),
                    Sentences.list(known, 200));
        }
    }

    /** @throws RouteFileRefused when the option does not take this */
    void fits(String name, String value, int line) {
        values.misfit(value, catalogue.path(name), type(name)).ifPresent(wanted -> {
            throw tree.refuse(line, "'%s' of %s is '%s', but must be %s", name, scheme, value, wanted);
        });
    }

    private Class<?> type(String name) {
        var configurer = context.getComponent(scheme).getEndpointPropertyConfigurer();
        return configurer instanceof PropertyConfigurerGetter getter ? getter.getOptionType(name, false) : null;
    }
}
