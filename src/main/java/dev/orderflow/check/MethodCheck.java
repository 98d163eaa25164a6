package dev.orderflow.check;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.component.bean.BeanInfo;
import org.apache.camel.component.bean.MethodInfo;

/**
 * The methods of beans that a route file calls: in {@code bean} steps and endpoints, in {@code method} expressions, and
 * in {@code simple}. Camel looks for them when the first message comes. What is known of a class is asked of Camel; a
 * call that only a message can decide is taken.
 */
final class MethodCheck {

    private static final Pattern IN_SIMPLE = Pattern.compile("\\$\\{bean:");
    private static final Pattern SEGMENT = Pattern.compile("([A-Za-z_$][A-Za-z0-9_$]*)(.*)", Pattern.DOTALL);
    private static final int SHOWN_MAX = 20;

    private final YamlTree tree;
    private final DeclaredBeans beans;
    private final CamelContext context;
    private final ValueTypes values;

    MethodCheck(YamlTree tree, DeclaredBeans beans, CamelContext context) {
        this.tree = tree;
        this.beans = beans;
        this.context = context;
        this.values = new ValueTypes(context);
    }

    /** @throws RouteFileRefused at the first that is not there */
    void check() {
        for (YamlTree.Entry entry : tree.entries()) {
            switch (entry.key()) {
                case "bean" -> step(entry, false);
                case "method" -> step(entry, true);
                case "aggregationStrategyMethodName" -> strategy(entry);
                case "uri" -> endpoint(entry);
                default -> {
                    // Names no method.
                }
            }
            if (isSimple(entry)) {
                simple(entry);
            }
        }
    }

    private void step(YamlTree.Entry entry, boolean isExpression) {
        var method = YamlTree.find(entry.value(), "method");
        String ref = YamlTree.word(entry.value(), "ref").orElse("").replaceFirst("^#(bean:)?", "");
        YamlTree.find(entry.value(), "beanType").ifPresent(type -> {
            if (beans.classOf(values.resolved(type.text())) == null) {
                throw tree.refuse(
                        type.valueLine(),
                        "beanType is '%s', which is not on the class path; give its full name",
                        type.text());
            }
        });
        method.ifPresent(named -> {
            String type = YamlTree.word(entry.value(), "beanType").orElse("");
            Class<?> of = ref.isEmpty() ? beans.classOf(values.resolved(type)) : beans.type(values.resolved(ref));
            call(ref.isEmpty() ? type : ref, of, named.text(), named.valueLine(), isExpression);
        });
    }

    private void strategy(YamlTree.Entry method) {
        String bean =
                YamlTree.word(method.within(), "aggregationStrategy").orElse("").replaceFirst("^#(bean:)?", "");
        call(bean, beans.type(bean), method.text(), method.valueLine(), false);
    }

    private void endpoint(YamlTree.Entry uri) {
        String resolved = values.resolved(uri.text());
        Matcher bean =
                Pattern.compile("(bean|class):(?://)?([^?]+)(?:\\?(.*))?").matcher(resolved);
        if (!bean.matches() || bean.group(2).contains("{")) {
            return;
        }
        String name = bean.group(2);
        boolean isClass = bean.group(1).equals("class");
        if (!isClass) {
            beans.mustHave(name, uri.valueLine());
        }
        Class<?> of = isClass ? beans.classOf(name) : beans.type(name);
        var option = YamlTree.find(uri.within(), "parameters").flatMap(all -> YamlTree.find(all.value(), "method"));
        option.ifPresent(method -> call(name, of, method.text(), method.valueLine(), false));
        Matcher query = Pattern.compile("(?:^|&)method=([^&]*)").matcher(bean.group(3) == null ? "" : bean.group(3));
        if (query.find()) {
            call(name, of, query.group(1), uri.valueLine(), false);
        }
    }

    /** Where Camel reads {@code simple}; a description, a constant and a bean's property are words. */
    private static boolean isSimple(YamlTree.Entry entry) {
        return switch (entry.key()) {
            case "expression" -> entry.parent().equals("simple");
            case "uri", "message", "method" -> true;
            default -> entry.parent().equals("parameters");
        };
    }

    private void simple(YamlTree.Entry entry) {
        Matcher matcher = IN_SIMPLE.matcher(entry.text());
        while (matcher.find()) {
            int end = CallText.end(entry.text(), matcher.end(), '{', '}');
            if (end > 0) {
                function(values.resolved(entry.text().substring(matcher.end(), end)), entry.valueLine());
            }
        }
    }

    /** {@code name}, {@code name.method}, {@code name?method=method} or {@code type:class.Name::method}. */
    private void function(String text, int line) {
        String name = text;
        String method = "";
        int dot = text.indexOf('.');
        int colons = text.indexOf("::");
        if (text.contains("?method=") || text.contains("?scope=")) {
            name = text.substring(0, text.indexOf('?'));
            Matcher query = Pattern.compile("[?&]method=([^&]*)").matcher(text);
            method = query.find() ? query.group(1) : "";
        } else if (colons > 0 && (!text.contains("(") || colons < text.indexOf('('))) {
            name = text.substring(0, colons);
            method = text.substring(colons + 2);
        } else if (dot > 0) {
            name = text.substring(0, dot);
            method = text.substring(dot + 1);
        }
        if (name.startsWith("type:")) {
            call(name.substring(5), beans.classOf(name.substring(5)), method, line, true);
        } else if (!name.contains("{") && !name.startsWith("#")) {
            beans.mustHave(name, line);
            call(name, beans.type(name), method, line, true);
        }
    }

    /** @param isChain whether what the method gives may be asked on, as in {@code a.b[0].c} */
    private void call(String bean, Class<?> of, String text, int line, boolean isChain) {
        Matcher matcher = SEGMENT.matcher(values.resolved(text).strip());
        if (of == null || Map.class.isAssignableFrom(of) || !matcher.matches()) {
            return;
        }
        String name = matcher.group(1);
        String rest = matcher.group(2);
        if (name.equals("class") || name.equals("getClass")) {
            return;
        }
        List<MethodInfo> all = new BeanInfo(context, of).getMethods();
        boolean isOther = !isChain && !rest.isEmpty() && !rest.startsWith("(");
        if (isOther || !new BeanInfo(context, of).hasMethod(name)) {
            var known =
                    all.stream().map(one -> one.getMethod().getName()).collect(Collectors.toCollection(TreeSet::new));
            String found = isOther ? text : name;
            throw tree.refuse(
                    line,
                    "bean '%s' has no method '%s'%s; it has %s",
                    bean,
                    found,
                    Sentences.near(found, known),
                    Sentences.list(known, SHOWN_MAX));
        }
        int end = rest.startsWith("(") ? CallText.end(rest, 1, '(', ')') : -1;
        if (end > 0) {
            parameters(bean, name, CallText.count(rest.substring(1, end)), named(all, name), line);
        }
    }

    private static List<Method> named(List<MethodInfo> all, String name) {
        return all.stream()
                .map(MethodInfo::getMethod)
                .filter(one -> one.getName().equals(name)
                        || BeanInfo.isGetter(one)
                                && BeanInfo.getGetterShorthandName(one).equals(name))
                .toList();
    }

    /** Camel fills in what is left out, so too few are no fault; none at all, written as {@code ()}, are meant. */
    private void parameters(String bean, String name, int given, List<Method> methods, int line) {
        int most = methods.stream()
                .mapToInt(one -> one.isVarArgs() ? Integer.MAX_VALUE : one.getParameterCount())
                .max()
                .orElse(Integer.MAX_VALUE);
        boolean none =
                methods.isEmpty() || methods.stream().anyMatch(one -> one.getParameterCount() == 0 || one.isVarArgs());
        if (given > most || given == 0 && !none) {
            throw tree.refuse(
                    line,
                    "method '%s' of bean '%s' takes %s, but is given %s",
                    name,
                    bean,
                    parameters(methods.stream()
                            .mapToInt(Method::getParameterCount)
                            .boxed()
                            .collect(Collectors.toCollection(TreeSet::new))),
                    given == 0 ? "none" : given);
        }
    }

    private static String parameters(TreeSet<Integer> counts) {
        String all = counts.stream().map(count -> Integer.toString(count)).collect(Collectors.joining(" or "));
        return all + (all.equals("1") ? " parameter" : " parameters");
    }
}
