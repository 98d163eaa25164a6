package dev.orderflow.check;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;

/**
 * The names that a file gives: ids of routes and steps, and beans. All files share them, and Camel would let a later one
 * take the place of an earlier one.
 */
final class IdCheck {

    private static final Set<String> NO_STEPS = Set.of("parameters", "properties", "route", "routeConfiguration");

    private final CamelContext context;
    private final Map<String, String> routes = new HashMap<>();
    private final Map<String, String> steps = new HashMap<>();
    private final Map<String, String> beans = new HashMap<>();

    /**
     * @param taken route ids that Java code has taken
     * @param files the files that it would run beside, itself among them or not
     */
    IdCheck(CamelContext context, Set<String> taken, String file, Collection<RouteFile> files) {
        this.context = context;
        taken.forEach(id -> routes.put(id, "Orderflow's own code"));
        for (RouteFile other : files) {
            if (!other.name().equals(file)) {
                of(other);
            }
        }
    }

    /** One that is no YAML is refused by itself, and is no reason to refuse another. */
    private void of(RouteFile other) {
        YamlTree tree;
        try {
            tree = YamlTree.of(other);
        } catch (RouteFileRefused e) {
            return;
        }
        routes(tree).forEach(id -> routes.put(text(id), other.name()));
        steps(tree).forEach(id -> steps.put(text(id), other.name()));
        beans(tree).forEach(name -> beans.put(name.text(), other.name()));
    }

    /** @throws RouteFileRefused at the first that stands elsewhere already */
    void check(YamlTree tree) {
        routes(tree).forEach(id -> once(tree, id, "route id", routes));
        steps(tree).forEach(id -> once(tree, id, "step id", steps));
        beans(tree).forEach(name -> once(tree, name, "bean", beans));
    }

    private void once(YamlTree tree, YamlTree.Entry id, String what, Map<String, String> known) {
        String holder = known.put(text(id), "this file");
        if (holder != null) {
            throw tree.refuse(id.valueLine(), "%s '%s' stands in %s already; give it another", what, text(id), holder);
        }
    }

    private String text(YamlTree.Entry id) {
        try {
            return context.resolvePropertyPlaceholders(id.text());
        } catch (IllegalArgumentException e) {
            // A setting that another file lacks is that file's trouble.
            return id.text();
        }
    }

    private static List<YamlTree.Entry> routes(YamlTree tree) {
        return tree.all("id").stream().filter(id -> id.parent().equals("route")).toList();
    }

    private static List<YamlTree.Entry> steps(YamlTree tree) {
        return tree.all("id").stream()
                .filter(id -> !id.text().isEmpty() && !NO_STEPS.contains(id.parent()))
                .toList();
    }

    private static List<YamlTree.Entry> beans(YamlTree tree) {
        return tree.all("name").stream()
                .filter(name -> name.parent().equals("beans"))
                .toList();
    }
}
