package dev.orderflow.check;

import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.util.URISupport;

/** Every endpoint of a route file: its component, its options, and for a direct one the route behind it. */
final class EndpointCheck {

    private static final Set<String> STEPS = Set.of("from", "to", "toD", "wireTap", "enrich", "pollEnrich", "poll");
    static final List<String> COMPONENTS = List.of(
            "kafka",
            "sql",
            "sql-stored",
            "direct",
            "seda",
            "file",
            "smtp",
            "smtps",
            "log",
            "timer",
            "scheduler",
            "bean",
            "class",
            "language");
    /**
     * The exclusions of camel-core in pom.xml; tests have some of them. They are for tests, for XML, or steer other routes
     * past the house rules.
     */
    static final Set<String> LEFT_OUT = Set.of(
            "browse",
            "controlbus",
            "dataformat",
            "dataset",
            "dataset-test",
            "mock",
            "ref",
            "saga",
            "stub",
            "validator",
            "xslt");

    private final YamlTree tree;
    private final List<YamlTree> shared;
    private final CamelContext context;

    EndpointCheck(YamlTree tree, List<YamlTree> shared, CamelContext context) {
        this.tree = tree;
        this.shared = shared;
        this.context = context;
    }

    /** @throws RouteFileRefused at the first that could not be made */
    void check() {
        Set<String> routes = directs();
        for (YamlTree.Entry uri : tree.all("uri")) {
            if (STEPS.contains(uri.parent()) && !uri.text().contains("${")) {
                endpoint(uri, routes);
            }
        }
    }

    private Set<String> directs() {
        var files = new ArrayList<>(shared);
        files.add(tree);
        Set<String> directs = new HashSet<>();
        for (YamlTree file : files) {
            file.all("uri").stream()
                    .filter(uri -> uri.parent().equals("from"))
                    .map(uri -> context.resolvePropertyPlaceholders(uri.text()))
                    .filter(uri -> uri.startsWith("direct:"))
                    .forEach(directs::add);
        }
        return directs;
    }

    private void endpoint(YamlTree.Entry uri, Set<String> directs) {
        String resolved = context.resolvePropertyPlaceholders(uri.text());
        String scheme = resolved.replaceFirst("[:?].*", "");
        if (LEFT_OUT.contains(scheme)) {
            throw tree.refuse(
                    uri.valueLine(),
                    "no route may use the component '%s', and the production build has none; there are %s",
                    scheme,
                    Sentences.list(COMPONENTS, 30));
        }
        if (context.getComponent(scheme, true, false) == null) {
            throw tree.refuse(
                    uri.valueLine(),
                    "there is no component '%s'%s; there are %s",
                    scheme,
                    Sentences.near(scheme, COMPONENTS),
                    Sentences.list(COMPONENTS, 30));
        }
        String path = resolved.replaceFirst("\\?.*", "");
        if (scheme.equals("direct") && !uri.parent().equals("from") && !directs.contains(path)) {
            throw tree.refuse(
                    uri.valueLine(),
                    "no route of this file is behind '%s'%s; there are %s",
                    path,
                    Sentences.near(path, directs),
                    Sentences.list(directs, 20));
        }
        options(scheme, resolved, uri);
    }

    private void options(String scheme, String resolved, YamlTree.Entry uri) {
        var options = new EndpointOptions(tree, scheme, context);
        YamlTree.find(uri.within(), "parameters")
                .map(YamlTree.Entry::value)
                .map(YamlTree::children)
                .orElse(List.of())
                .stream()
                .forEach(option -> {
                    options.known(option.key(), option.line());
                    options.fits(option.key(), option.text(), option.valueLine());
                });
        // SQL may have a question mark of its own.
        if (resolved.contains("?") && !scheme.startsWith("sql")) {
            query(resolved).forEach((name, value) -> {
                options.known(name, uri.valueLine());
                options.fits(name, value.toString(), uri.valueLine());
            });
        }
    }

    private static Map<String, Object> query(String uri) {
        try {
            return URISupport.parseQuery(uri.substring(uri.indexOf('?') + 1));
        } catch (URISyntaxException e) {
            // Camel says what is wrong with it when the route is built.
            return Map.of();
        }
    }
}
