package dev.orderflow.check;

import dev.orderflow.telemetry.Causes;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;

/** What a route file names must be there: settings, beans with their properties and methods, and languages' words. */
final class ReferenceCheck {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]+)}}");
    private static final Pattern BEAN = Pattern.compile("#bean:([A-Za-z0-9_.-]+)");
    private static final Set<String> NAMES_A_BEAN =
            Set.of("idempotentRepository", "aggregationStrategy", "onPrepare", "routePolicy", "executorService");
    private static final Set<String> HAS_A_REF = Set.of("bean", "policy", "process", "method", "customLoadBalancer");
    private static final Set<String> PREDICATES = Set.of("when", "filter", "validate", "loop", "onWhen");

    private final YamlTree tree;
    private final CamelContext context;
    private final Properties settings;
    private final DeclaredBeans beans;

    ReferenceCheck(YamlTree tree, List<YamlTree> shared, CamelContext context, Properties settings) {
        this.tree = tree;
        this.context = context;
        this.settings = settings;
        this.beans = new DeclaredBeans(tree, shared, context);
    }

    /** @throws RouteFileRefused at the first that is not there */
    void check() {
        for (YamlTree.Entry entry : tree.entries()) {
            placeholders(entry);
            beans(entry);
        }
        beans.check();
        new MethodCheck(tree, beans, context).check();
        for (YamlTree.Entry entry : tree.entries()) {
            if (entry.key().equals("expression") && !entry.text().isEmpty()) {
                expression(entry);
            }
        }
    }

    private void placeholders(YamlTree.Entry entry) {
        Matcher matcher = PLACEHOLDER.matcher(entry.text());
        while (matcher.find()) {
            String key = matcher.group(1);
            String name = key.split("[:?]", 2)[0];
            boolean known = settings.containsKey(name) || key.contains(":") || key.startsWith("?");
            if (!known) {
                throw tree.refuse(
                        entry.valueLine(),
                        "there is no setting '%s'%s; application.properties lists them all",
                        name,
                        Sentences.near(name, settings.stringPropertyNames()));
            }
        }
    }

    private void beans(YamlTree.Entry entry) {
        List<String> named = new ArrayList<>();
        Matcher matcher = BEAN.matcher(entry.text());
        while (matcher.find()) {
            named.add(matcher.group(1));
        }
        String word = entry.text();
        boolean names =
                NAMES_A_BEAN.contains(entry.key()) || entry.key().equals("ref") && HAS_A_REF.contains(entry.parent());
        if (names && !word.isEmpty() && !word.contains("#") && !word.contains("{{")) {
            named.add(word);
        }
        for (String name : named) {
            beans.mustHave(name, entry.valueLine());
        }
    }

    /** Languages are asked as the route would ask them; most faults of a 'simple' show here. */
    private void expression(YamlTree.Entry entry) {
        String language = entry.parent();
        if (!language.equals("simple")) {
            return;
        }
        try {
            var simple = context.resolveLanguage(language);
            String text = context.resolvePropertyPlaceholders(entry.text());
            if (isPredicate(entry)) {
                simple.createPredicate(text).initPredicate(context);
            } else {
                simple.createExpression(text).init(context);
            }
        } catch (Exception e) {
            throw tree.refuse(
                    entry.valueLine(),
                    "'%s' is no %s expression: %s",
                    oneLine(entry.text()),
                    language,
                    Causes.named(e));
        }
    }

    /** Whether the expression stands below a step that decides. */
    private boolean isPredicate(YamlTree.Entry expression) {
        return tree.entries().stream()
                .filter(entry -> entry.key().equals("expression") && PREDICATES.contains(entry.parent()))
                .anyMatch(entry -> YamlTree.children(entry.value()).stream()
                        .anyMatch(language -> language.value() == expression.within()));
    }

    private static String oneLine(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= 80 ? line : line.substring(0, 80) + "...";
    }
}
