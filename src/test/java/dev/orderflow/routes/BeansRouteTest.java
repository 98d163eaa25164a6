package dev.orderflow.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Every bean that a file declares is made, and has what the file gives it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BeansRouteTest extends CamelTestSupport {

    /** Properties of the pool that it keeps under another name. */
    private static final Map<String, String> KEPT_AS = Map.of("url", "jdbcUrl", "maximumPoolSize", "maxPoolSize");

    record Bean(String file, String name, Map<?, ?> declared) {

        @Override
        public String toString() {
            return name + " of " + file;
        }
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        return new StagedRoutes(
                        StagedRoutes.shipped(services().toArray(String[]::new)), Map.of("database.password", "secret"))
                .context();
    }

    private static List<String> services() {
        return StagedRoutes.names().stream()
                .filter(name -> !Set.of("beans", "delivery").contains(name))
                .toList();
    }

    static Stream<Bean> beans() {
        return StagedRoutes.names().stream().flatMap(BeansRouteTest::beansOf);
    }

    private static Stream<Bean> beansOf(String name) {
        var parts = (List<?>)
                new Load(LoadSettings.builder().build()).loadFromString(StagedRoutes.read(name + StagedRoutes.END));
        return parts.stream()
                .map(part -> ((Map<?, ?>) part).get("beans"))
                .filter(List.class::isInstance)
                .flatMap(beans -> ((List<?>) beans).stream())
                .map(bean -> (Map<?, ?>) bean)
                .map(bean -> new Bean(name, (String) bean.get("name"), bean));
    }

    @ParameterizedTest
    @MethodSource("beans")
    void isMadeAsItsFileSays(Bean bean) throws Exception {
        Object made = context.getRegistry().lookupByName(bean.name());

        assertThat(made).isNotNull();
        assertThat(made.getClass().getName()).isEqualTo(bean.declared().get("type"));
        if (bean.declared().get("constructors") instanceof Map<?, ?> constructors) {
            Object like = resolved(constructors.get(0));
            var own = new HashSet<Object>(keys(bean.declared().get("properties")));
            for (Field field : made.getClass().getDeclaredFields()) {
                if (!own.contains(field.getName())
                        && !List.of("hears", "producer", "FRESH").contains(field.getName())) {
                    assertThat(value(made, field)).as(field.getName()).isEqualTo(value(like, field));
                }
            }
        }
        if (bean.declared().get("properties") instanceof Map<?, ?> properties) {
            for (var property : properties.entrySet()) {
                assertThat(shown(made, (String) property.getKey()))
                        .as("%s", property.getKey())
                        .isEqualTo(shown(resolved(property.getValue())));
            }
        }
    }

    private static Set<?> keys(Object map) {
        return map instanceof Map<?, ?> properties ? properties.keySet() : Set.of();
    }

    private Object resolved(Object value) throws Exception {
        String text = String.valueOf(value);
        return text.startsWith("#bean:")
                ? context.getRegistry().lookupByName(text.substring("#bean:".length()))
                : context.resolvePropertyPlaceholders(text);
    }

    /** A property's value as the file would write it. */
    private static Object shown(Object bean, String property) throws Exception {
        if (bean instanceof com.zaxxer.hikari.HikariDataSource pool) {
            switch (property) {
                case "username" -> {
                    return pool.getUsername();
                }
                case "password" -> {
                    return pool.getPassword();
                }
                default -> {}
            }
        }
        Object value = value(bean, field(bean.getClass(), KEPT_AS.getOrDefault(property, property)));
        return shown(value);
    }

    private static Object shown(Object value) {
        if (value instanceof Set<?> words) {
            return Set.copyOf(words);
        }
        if (value instanceof String text && text.contains(",")) {
            return Set.copyOf(Arrays.asList(text.split(",")));
        }
        return value instanceof Number || value instanceof Boolean ? value.toString() : value;
    }

    private static Object value(Object bean, Field field) throws IllegalAccessException {
        field.setAccessible(true);
        return field.get(bean);
    }

    private static Field field(Class<?> type, String name) throws NoSuchFieldException {
        for (Class<?> of = type; of != null; of = of.getSuperclass()) {
            for (Field field : of.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    return field;
                }
            }
        }
        throw new NoSuchFieldException(type.getName() + " has no field '" + name + "'.");
    }
}
