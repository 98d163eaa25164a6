package dev.orderflow.check;

import com.fasterxml.jackson.databind.node.MissingNode;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;

/** The beans that a route file and the shared files declare, their classes and properties. */
final class DeclaredBeans {

    /** With one of these, Camel asks somebody else for the bean, and its class is not known before. */
    private static final Set<String> MADE_ELSEWHERE = Set.of("factoryBean", "factoryMethod", "builderClass", "script");

    private final YamlTree tree;
    private final CamelContext context;
    private final Map<String, YamlTree.Entry> declared = new HashMap<>();

    DeclaredBeans(YamlTree tree, List<YamlTree> shared, CamelContext context) {
        this.tree = tree;
        this.context = context;
        Stream.concat(shared.stream(), Stream.of(tree))
                .flatMap(file -> file.all("name").stream())
                .filter(name -> name.parent().equals("beans"))
                .forEach(name -> declared.put(name.text(), name));
    }

    /** @throws RouteFileRefused when there is no bean of this name */
    void mustHave(String name, int line) {
        if (!declared.containsKey(name) && context.getRegistry().lookupByName(name) == null) {
            throw tree.refuse(
                    line,
                    "there is no bean '%s'%s; this file and beans.camel.yaml declare %s",
                    name,
                    Sentences.near(name, declared.keySet()),
                    Sentences.list(declared.keySet(), 30));
        }
    }

    /** The class of a bean; null where only a running application knows it. */
    Class<?> type(String name) {
        YamlTree.Entry bean = declared.get(name);
        if (bean == null
                || MADE_ELSEWHERE.stream()
                        .anyMatch(key -> YamlTree.find(bean.within(), key).isPresent())) {
            return null;
        }
        return YamlTree.word(bean.within(), "type").map(this::classOf).orElse(null);
    }

    Class<?> classOf(String name) {
        return context.getClassResolver().resolveClass(name.replaceFirst("^#class:", ""));
    }

    /** @throws RouteFileRefused at the first class, property or method of this file's beans that is not there */
    void check() {
        for (YamlTree.Entry type : tree.all("type")) {
            if (type.parent().equals("beans")) {
                bean(type);
            }
        }
    }

    private void bean(YamlTree.Entry type) {
        String name = YamlTree.word(type.within(), "name").orElse("");
        Class<?> of = classOf(type.text());
        if (of == null) {
            throw tree.refuse(
                    type.valueLine(),
                    "bean '%s' is of class '%s', which is not on the class path; give its full name",
                    name,
                    type.text());
        }
        if (type(name) == null) {
            return;
        }
        properties(name, of, type);
        for (String life : List.of("initMethod", "destroyMethod")) {
            YamlTree.find(type.within(), life).ifPresent(method -> life(name, of, method));
        }
    }

    private void properties(String name, Class<?> of, YamlTree.Entry type) {
        Map<String, List<Class<?>>> setters = new TreeMap<>();
        Arrays.stream(of.getMethods())
                .filter(method -> method.getName().matches("set[A-Z].*") && method.getParameterCount() == 1)
                .forEach(method -> setters.computeIfAbsent(
                                Character.toLowerCase(method.getName().charAt(3))
                                        + method.getName().substring(4),
                                property -> new ArrayList<>())
                        .add(method.getParameterTypes()[0]));
        var properties = YamlTree.find(type.within(), "properties").map(YamlTree.Entry::value);
        for (YamlTree.Entry property : properties.map(YamlTree::children).orElse(List.of())) {
            if (property.key().matches("[A-Za-z0-9]+")) {
                property(name, property, setters);
            }
        }
    }

    private void property(String name, YamlTree.Entry property, Map<String, List<Class<?>>> setters) {
        List<Class<?>> types = setters.get(property.key());
        if (types == null) {
            throw tree.refuse(
                    property.line(),
                    "bean '%s' has no property '%s'%s; it has %s",
                    name,
                    property.key(),
                    Sentences.near(property.key(), setters.keySet()),
                    Sentences.list(setters.keySet(), 30));
        }
        if (types.size() == 1) {
            new ValueTypes(context)
                    .misfit(property.text(), MissingNode.getInstance(), types.get(0))
                    .ifPresent(wanted -> {
                        throw tree.refuse(
                                property.valueLine(),
                                "property '%s' of bean '%s' is '%s', but must be %s",
                                property.key(),
                                name,
                                property.text(),
                                wanted);
                    });
        }
    }

    /** Camel calls it without parameters, whether it is public or not. */
    private void life(String name, Class<?> of, YamlTree.Entry method) {
        List<String> known = new ArrayList<>();
        for (Class<?> at = of; at != null; at = at.getSuperclass()) {
            Stream.concat(Arrays.stream(at.getDeclaredMethods()), Arrays.stream(at.getMethods()))
                    .filter(one -> one.getParameterCount() == 0 && !one.isSynthetic())
                    .map(Method::getName)
                    .forEach(known::add);
        }
        String wanted = new ValueTypes(context).resolved(method.text());
        if (!wanted.isEmpty() && !known.contains(wanted)) {
            throw tree.refuse(
                    method.valueLine(),
                    "%s of bean '%s' is '%s', but it has no such method without parameters%s",
                    method.key(),
                    name,
                    method.text(),
                    Sentences.near(wanted, known));
        }
    }
}
