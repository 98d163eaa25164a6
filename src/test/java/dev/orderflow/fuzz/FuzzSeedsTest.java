package dev.orderflow.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The fuzzing itself takes minutes; what it begins with, and what it found once, is played in every build. */
class FuzzSeedsTest {

    private static final Pattern TARGET = Pattern.compile("\\b([a-z]+):(dev\\.orderflow\\.[a-z]+\\.[A-Z]\\w+Fuzz)\\b");

    @Test
    void everySeedOfEveryTargetKeepsItsPromise() throws Exception {
        Map<String, String> targets = new TreeMap<>();
        TARGET.matcher(Files.readString(Path.of("fuzz/run")))
                .results()
                .forEach(to -> targets.put(to.group(1), to.group(2)));

        assertThat(targets.keySet()).containsExactlyElementsOf(names(Path.of("fuzz/seeds")));
        for (var target : targets.entrySet()) {
            Method one = Class.forName(target.getValue()).getMethod("fuzzerTestOneInput", byte[].class);
            Path seeds = Path.of("fuzz/seeds", target.getKey());
            for (String seed : names(seeds)) {
                byte[] input = Files.readAllBytes(seeds.resolve(seed));
                assertThatCode(() -> one.invoke(null, (Object) input))
                        .as(seeds + "/" + seed)
                        .doesNotThrowAnyException();
            }
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
