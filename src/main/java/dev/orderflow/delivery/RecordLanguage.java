package dev.orderflow.delivery;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.language.bean.BeanLanguage;

/**
 * Camel's language {@code bean}, by which {@code simple} reads {@code ${body.order.pieces}}, with a short way for what is
 * made of records only: their methods are called. Camel's own way looks a bean up and copies the exchange for each name of
 * each evaluation. Whatever else stands in an expression is Camel's. Taken where a bean of the name {@code bean-language}
 * is declared.
 */
public class RecordLanguage extends BeanLanguage {

    /** The methods without parameters of each record, by name. */
    private static final ClassValue<Map<String, MethodHandle>> ACCESSORS = new ClassValue<>() {
        @Override
        protected Map<String, MethodHandle> computeValue(Class<?> type) {
            return accessors(type);
        }
    };

    /** Camel calls none of them. */
    private static final Set<String> OF_OBJECT =
            Arrays.stream(Object.class.getMethods()).map(Method::getName).collect(Collectors.toSet());

    /** Why the short way ends; no value of a record can be it. */
    private static final Object NOT_OURS = new Object();

    /** An expression may be made of what a message holds, so not every chain that comes is kept. */
    private static final int CHAINS_MAX = 1_000;

    /** The names of each chain that was met, such as {@code .order.pieces}; none where it is more than names. */
    private final Map<String, String[]> chains = new ConcurrentHashMap<>();

    @Override
    public Expression createExpression(String expression, Object[] properties) {
        // Bean and method stand first, or behind the type of the result: that differs between versions of Camel.
        int at = properties.length > 0 && properties[0] instanceof Record ? 0 : 1;
        if (properties.length > at + 1
                && properties[at] instanceof Record bean
                && properties[at + 1] instanceof String chain) {
            Object value = value(bean, chain);
            if (value != NOT_OURS) {
                return new Value(value);
            }
        }
        return super.createExpression(expression, properties);
    }

    private Object value(Record bean, String chain) {
        String[] names = chains.get(chain);
        if (names == null) {
            names = names(chain);
            if (chains.size() < CHAINS_MAX) {
                chains.put(chain, names);
            }
        }
        Object value = names.length == 0 ? NOT_OURS : bean;
        for (String name : names) {
            MethodHandle accessor =
                    value instanceof Record ? ACCESSORS.get(value.getClass()).get(name) : null;
            if (accessor == null) {
                return NOT_OURS;
            }
            try {
                value = accessor.invokeExact(value);
            } catch (Throwable e) {
                // Camel's own way says of it what it says of any bean.
                return NOT_OURS;
            }
        }
        return value;
    }

    private static String[] names(String chain) {
        String plain = chain.startsWith(".") ? chain.substring(1) : chain;
        return plain.matches("[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)*") ? plain.split("\\.") : new String[0];
    }

    private static Map<String, MethodHandle> accessors(Class<?> type) {
        Map<String, MethodHandle> accessors = new HashMap<>();
        if (!Modifier.isPublic(type.getModifiers())) {
            return accessors;
        }
        for (Method method : type.getMethods()) {
            boolean reads = method.getParameterCount() == 0
                    && method.getReturnType() != void.class
                    && !Modifier.isStatic(method.getModifiers())
                    && method.getDeclaringClass() == type
                    && !OF_OBJECT.contains(method.getName());
            if (reads) {
                try {
                    accessors.put(
                            method.getName(),
                            MethodHandles.publicLookup()
                                    .unreflect(method)
                                    .asType(MethodType.methodType(Object.class, Object.class)));
                } catch (IllegalAccessException e) {
                    // It stays Camel's to read.
                    continue;
                }
            }
        }
        return accessors;
    }

    /** What was read already. */
    private record Value(Object value) implements Expression {

        @Override
        public <T> T evaluate(Exchange exchange, Class<T> type) {
            return type == Object.class
                    ? type.cast(value)
                    : exchange.getContext().getTypeConverter().convertTo(type, exchange, value);
        }

        @Override
        public void init(CamelContext context) {
            // nothing to look up
        }
    }
}
