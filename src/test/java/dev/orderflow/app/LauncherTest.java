package dev.orderflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both launchers hand everything to Java as it was typed, and end with a status that says what it says elsewhere. */
class LauncherTest {

    /** Prints what it was given; it takes no option -Xnope. */
    private static final String JAVA = """
            #!/usr/bin/env bash
            for word in "$@"; do [ "$word" != -Xnope ] || { echo "Unrecognized option: $word" >&2; exit 1; }; done
            for word in "$@"; do [ "$word" != -version ] || { echo 'openjdk version "17.0.1"' >&2; exit 0; }; done
            printf 'LC_ALL=%s\\nROUTES=%s\\n' "$LC_ALL" "$ORDERFLOW_ROUTES_DIR"
            printf '<%s>\\n' "$@"
            """;

    @TempDir
    Path home;

    @BeforeEach
    void lay() throws IOException {
        Path bin = Files.createDirectories(home.resolve("bin"));
        Path java = Files.writeString(bin.resolve("java"), JAVA);
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.createDirectories(home.resolve("src/main"));
        Files.createDirectories(home.resolve("target"));
        Files.createDirectories(home.resolve("below"));
        Files.writeString(home.resolve("pom.xml"), "");
        for (String made : List.of("run.classpath", "local.classpath", "run.stamp")) {
            Files.writeString(home.resolve("target/" + made), "");
        }
        Files.copy(Path.of("orderflow"), home.resolve("orderflow"));
        Files.copy(Path.of("src/main/bin/orderflow"), bin.resolve("orderflow"));
    }

    private record Ended(int status, String said, String failed) {}

    /** Typed in the folder {@code below}. */
    private Ended typed(String launcher, Map<String, String> environment, String... words) throws Exception {
        var command = new ArrayList<>(List.of("../" + launcher));
        command.addAll(List.of(words));
        Path err = home.resolve("err");
        var builder = new ProcessBuilder(command)
                .directory(home.resolve("below").toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.startsWith("ORDERFLOW_"));
        builder.environment().put("LANG", "C");
        builder.environment().put("JAVA_HOME", home.toString());
        builder.environment().putAll(environment);
        var process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), said, Files.readString(err));
    }

    @ParameterizedTest
    @CsvSource({
        "orderflow, audit, 2", "orderflow, run, 1", "orderflow, '', 1",
        "bin/orderflow, audit, 2", "bin/orderflow, --run, 1", "bin/orderflow, '', 1"
    })
    void endsWithoutJavaAsItsCommandDoesThatCouldNotAsk(String launcher, String word, int status) throws Exception {
        var ended = typed(launcher, Map.of("JAVA_HOME", "/nope"), word.isEmpty() ? new String[0] : new String[] {word});

        assertThat(ended.status).isEqualTo(status);
        assertThat(ended.said).isEmpty();
        assertThat(ended.failed).contains("there is no '/nope/bin/java'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"orderflow", "bin/orderflow"})
    void couldNotAskWhereJavaDoesNotTakeItsOptions(String launcher) throws Exception {
        var ended = typed(launcher, Map.of("JAVA_OPTS", "-Dsecret=s3cret -Xnope"), "audit");

        assertThat(ended.status).isEqualTo(2);
        assertThat(ended.failed)
                .contains("JAVA_OPTS", "Unrecognized option: -Xnope")
                .doesNotContain("s3cret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"orderflow", "bin/orderflow"})
    void handsOverLettersInALocaleThatHasNone(String launcher) throws Exception {
        var ended = typed(launcher, Map.of("CDPATH", home + ":/"), "dead-letters", "--service", "a b");

        assertThat(ended.status).as(ended.failed).isZero();
        // The first line of standard output is the command's.
        assertThat(ended.said).startsWith("LC_ALL=C.UTF-8\n").contains("<dead-letters>\n<--service>\n<a b>\n");
        assertThat(ended.said).doesNotContain("ExitOnOutOfMemoryError").contains("<-Dorderflow.terminals=>");
        assertThat(ended.failed).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"routes", "--routes"})
    void takesPathsFromWhereThePersonIs(String word) throws Exception {
        var ended = typed("orderflow", Map.of("ORDERFLOW_ROUTES_DIR", "my routes, /other"), word, "check", "my folder");

        Path here = home.resolve("below").toRealPath();
        assertThat(ended.said)
                .contains(
                        "ROUTES=" + here + "/my routes,/other\n",
                        "<" + word + ">\n<check>\n<" + here + "/my folder>\n");
    }
}
