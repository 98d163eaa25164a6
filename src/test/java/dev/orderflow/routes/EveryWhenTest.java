package dev.orderflow.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.routes.NotificationRouteTest.Texts;
import dev.orderflow.routes.ShippingRouteTest.Carriers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The tests of the routes can fail: no branch of a router may be missing from its file without a row that shows it. */
class EveryWhenTest {

    private static final Map<String, RouterTable> TABLES =
            Map.of("shipping", new Carriers(), "notification", new Texts());

    @TempDir
    Path data;

    /** A file without one branch of one of its routers. */
    record Without(String file, String branch, String yaml) {

        @Override
        public String toString() {
            return file + " without " + branch;
        }
    }

    static Stream<Without> branches() {
        return StagedRoutes.names().stream().flatMap(EveryWhenTest::without);
    }

    private static Stream<Without> without(String name) {
        int branches = choices(parsed(name)).stream()
                .mapToInt(EveryWhenTest::branchesOf)
                .sum();
        var without = new ArrayList<Without>();
        for (int i = 0; i < branches; i++) {
            Object yaml = parsed(name);
            String branch = remove(choices(yaml), i);
            without.add(
                    new Without(name, branch, new Dump(DumpSettings.builder().build()).dumpToString(yaml)));
        }
        return without.stream();
    }

    private static Object parsed(String name) {
        return new Load(LoadSettings.builder().build()).loadFromString(StagedRoutes.read(name + StagedRoutes.END));
    }

    private static List<Map<String, Object>> choices(Object yaml) {
        var choices = new ArrayList<Map<String, Object>>();
        collect(yaml, choices::add);
        return choices;
    }

    @SuppressWarnings("unchecked")
    private static void collect(Object node, Consumer<Map<String, Object>> choices) {
        if (node instanceof Map<?, ?> map) {
            if (map.get("choice") instanceof Map<?, ?> choice) {
                choices.accept((Map<String, Object>) choice);
            }
            map.values().forEach(value -> collect(value, choices));
        } else if (node instanceof List<?> list) {
            list.forEach(one -> collect(one, choices));
        }
    }

    private static int branchesOf(Map<String, Object> choice) {
        return ((List<?>) choice.get("when")).size() + (choice.containsKey("otherwise") ? 1 : 0);
    }

    /** @return the words of the branch */
    private static String remove(List<Map<String, Object>> choices, int branch) {
        int left = branch;
        for (var choice : choices) {
            var whens = (List<?>) choice.get("when");
            if (left < whens.size()) {
                return "when '" + ((Map<?, ?>) whens.remove(left)).get("description") + "'";
            }
            left -= branchesOf(choice);
            if (left < 0) {
                choice.remove("otherwise");
                return "otherwise";
            }
        }
        throw new IllegalArgumentException("There is no branch " + branch);
    }

    @ParameterizedTest
    @MethodSource("branches")
    void aRouterWithoutOneOfItsBranchesDoesOtherThings(Without mutant) throws Exception {
        var table = TABLES.get(mutant.file());
        assertThat(table)
                .as(
                        "%s.camel.yaml has a router: write its RouterTable beside its test, and name it here",
                        mutant.file())
                .isNotNull();
        var files = StagedRoutes.shipped(mutant.file());
        files.put(mutant.file() + StagedRoutes.END, mutant.yaml());

        Map<String, String> outcomes;
        try (var staged = new StagedRoutes(files, Map.of("orderflow.data.dir", data.toString()))) {
            staged.context().start();
            outcomes = table.outcomes(staged);
        }

        assertThat(outcomes).as("a row that shows the missing branch").isNotEqualTo(table.expected());
    }

    @Test
    void everyFileHasItsRouteTest() {
        assertThat(StagedRoutes.names()).allSatisfy(name -> {
            String test = name.substring(0, 1).toUpperCase() + name.substring(1) + "RouteTest";
            assertThat(CamelTestSupport.class)
                    .as(test)
                    .isAssignableFrom(Class.forName(getClass().getPackageName() + "." + test));
        });
    }
}
