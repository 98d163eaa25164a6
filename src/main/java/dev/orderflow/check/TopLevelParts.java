package dev.orderflow.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.nodes.Node;

/** The parts at the top of a route file: beans, and routes that have an id. */
final class TopLevelParts {

    /** What may stand at the top of a file. What is left out would change other files' routes, or outlive its own file. */
    private static final Set<String> TOP = Set.of("beans", "route");

    private static final String OF_DELIVERY = "routeConfiguration";

    private final YamlTree tree;
    private final JsonNode known;

    /** @param known what Camel's schema allows there */
    TopLevelParts(YamlTree tree, JsonNode known) {
        this.tree = tree;
        this.known = known;
    }

    /** @throws RouteFileRefused when a part must not stand there */
    void check(Node item) {
        Set<String> allowed = new TreeSet<>(TOP);
        if (RouteFile.isDelivery(tree.file())) {
            allowed.add(OF_DELIVERY);
        }
        for (YamlTree.Entry part : YamlTree.children(item)) {
            String key = part.key();
            if (allowed.contains(key)) {
                continue;
            }
            String may = "; a route file may have " + Sentences.list(allowed, allowed.size());
            if (!known.has(key)) {
                throw tree.refuse(part.line(), "a route file has no '%s'%s%s", key, Sentences.near(key, allowed), may);
            }
            throw tree.refuse(part.line(), "'%s' must not stand here, %s%s", key, why(key), may);
        }
    }

    /** @throws RouteFileRefused at a route that has none */
    void ids() {
        tree.all("route").stream()
                .filter(route -> route.parent().isEmpty())
                .filter(route -> YamlTree.word(route.value(), "id").isEmpty())
                .findFirst()
                .ifPresent(route -> {
                    throw tree.refuse(
                            route.line(), "a route has no id, which names it in logs and metrics; give it one");
                });
    }

    private static String why(String key) {
        return switch (key) {
            case "from" -> "since it makes a route without an id: write '- route:' with an id, and 'from:' below it";
            case OF_DELIVERY ->
                "since every service's routes share them: there is one, in " + RouteFile.DELIVERY + ", for a restart";
            case "routeTemplate", "templatedRoute" ->
                "since it makes routes that do not stand in the file: write each one";
            case "rest", "restConfiguration" -> "since the calls of this process are the same in every contract";
            default -> "since it would change the routes of other files";
        };
    }
}
