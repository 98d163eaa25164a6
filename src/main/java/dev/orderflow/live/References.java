package dev.orderflow.live;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;

/** What a route file names must be there: settings, beans with their properties and methods, and languages' words. */
final class References {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]+)}}");
    private static final Pattern BEAN = Pattern.compile("#bean:([A-Za-z0-9_.-]+)");
    private static final Set<String> NAMES_A_BEAN =
            Set.of("idempotentRepository", "aggregationStrategy", "onPrepare", "routePolicy", "executorService");
    private static final Set<String> HAS_A_REF = Set.of("bean", "policy");
    private static final Set<String> PREDICATES = Set.of("when", "filter", "validate", "loop", "onWhen");

    private final Tree tree;
    private final CamelContext context;
    private final Properties settings;
    /** The class of each bean that a file declares, by name. */
    private final Map<String, String> beans = new HashMap<>();

    References(Tree tree, List<Tree> shared, CamelContext context, Properties settings) {
        this.tree = tree;
        this.context = context;
        this.settings = settings;
        for (Tree file : shared) {
            declared(file);
        }
        declared(tree);
    }

    private void declared(Tree file) {
        for (Tree.Entry entry : file.all("name")) {
            if (entry.parent().equals("beans")) {
                beans.put(entry.text(), Tree.word(entry.within(), "type").orElse(""));
            }
        }
    }

    /** @throws Refused at the first that is not there */
    void check() {
        for (Tree.Entry entry : tree.entries()) {
            placeholders(entry);
            beans(entry);
            if (entry.key().equals("type") && entry.parent().equals("beans")) {
                properties(entry);
            }
            if (entry.key().equals("expression") && !entry.text().isEmpty()) {
                expression(entry);
            }
        }
        for (Tree.Entry bean : tree.all("bean")) {
            method(bean);
        }
    }

    private void placeholders(Tree.Entry entry) {
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
                        Words.near(name, settings.stringPropertyNames()));
            }
        }
    }

    private void beans(Tree.Entry entry) {
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
            if (!beans.containsKey(name) && context.getRegistry().lookupByName(name) == null) {
                throw tree.refuse(
                        entry.valueLine(),
                        "there is no bean '%s'%s; this file and beans.camel.yaml declare %s",
                        name,
                        Words.near(name, beans.keySet()),
                        Words.list(beans.keySet(), 30));
            }
        }
    }

    private void properties(Tree.Entry type) {
        Class<?> of = type(type.text());
        if (of == null) {
            throw tree.refuse(
                    type.valueLine(),
                    "bean '%s' is of class '%s', which is not on the class path; give its full name",
                    Tree.word(type.within(), "name").orElse(""),
                    type.text());
        }
        Set<String> setters = Arrays.stream(of.getMethods())
                .filter(method -> method.getName().matches("set[A-Z].*") && method.getParameterCount() == 1)
                .map(method -> Character.toLowerCase(method.getName().charAt(3))
                        + method.getName().substring(4))
                .collect(Collectors.toCollection(TreeSet::new));
        Tree.find(type.within(), "properties").map(Tree.Entry::value).map(Tree::children).orElse(List.of()).stream()
                .filter(property -> property.key().matches("[A-Za-z0-9]+") && !setters.contains(property.key()))
                .findFirst()
                .ifPresent(property -> {
                    throw tree.refuse(
                            property.line(),
                            "bean '%s' has no property '%s'%s; it has %s",
                            Tree.word(type.within(), "name").orElse(""),
                            property.key(),
                            Words.near(property.key(), setters),
                            Words.list(setters, 30));
                });
    }

    private void method(Tree.Entry bean) {
        String ref = Tree.word(bean.value(), "ref").orElse("");
        var method = Tree.find(bean.value(), "method");
        Class<?> of = type(beans.getOrDefault(ref, ""));
        if (of == null || method.isEmpty()) {
            return;
        }
        String name = method.get().text().replaceFirst("[(?].*", "");
        Set<String> known = Arrays.stream(of.getMethods())
                .filter(one -> one.getDeclaringClass() != Object.class)
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        if (!known.contains(name)) {
            throw tree.refuse(
                    method.get().valueLine(),
                    "bean '%s' has no method '%s'%s; it has %s",
                    ref,
                    name,
                    Words.near(name, known),
                    Words.list(known, 20));
        }
    }

    /** Languages are asked as the route would ask them; most faults of a 'simple' show here. */
    private void expression(Tree.Entry entry) {
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
                    entry.valueLine(), "'%s' is no %s expression: %s", oneLine(entry.text()), language, Words.cause(e));
        }
    }

    /** Whether the expression stands below a step that decides. */
    private boolean isPredicate(Tree.Entry expression) {
        return tree.entries().stream()
                .filter(entry -> entry.key().equals("expression") && PREDICATES.contains(entry.parent()))
                .anyMatch(entry -> Tree.children(entry.value()).stream()
                        .anyMatch(language -> language.value() == expression.within()));
    }

    private static String oneLine(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= 80 ? line : line.substring(0, 80) + "...";
    }

    private Class<?> type(String name) {
        return name.isEmpty() ? null : context.getClassResolver().resolveClass(name.replaceFirst("^#class:", ""));
    }
}
