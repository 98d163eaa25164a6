package dev.orderflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a command prints in a process of its own: whole or told so, and the same in every locale. */
class CommandProcessTest {

    private final FakeProcess process = new FakeProcess();

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        process.close();
    }

    private int run(File out, List<String> options, String... words) throws Exception {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "-Dcli.url=" + process.address(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.orderflow.app.App"));
        command.addAll(List.of(words));
        var builder = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(out)
                .redirectError(folder.resolve("err").toFile());
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("CLI_TOKN", "s3cret");
        var child = builder.start();
        try {
            assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return child.exitValue();
        } finally {
            child.destroyForcibly();
        }
    }

    private String err() throws IOException {
        return Files.readString(folder.resolve("err"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"token a orders", "operations", "operations --json", "help", "pause shipping --yes --json"})
    void tellsThatItsAnswerIsLost(String line) throws Exception {
        process.answer("GET /operations?limit=50", 200, "{\"paused\":[],\"operations\":[]}");
        process.answer("POST /operations", 200, "{\"id\":\"i\",\"state\":\"done\"}");

        // A disk that is full.
        assertThat(run(new File("/dev/full"), List.of(), line.split(" "))).isEqualTo(2);

        assertThat(err()).contains("Standard output did not take the answer");
    }

    @Test
    void printsJsonInUtf8AndNumbersInTheirDigitsInEveryLocale() throws Exception {
        String answer =
                "{\"groups\":[],\"deadLetters\":[{\"id\":\"i\",\"attempts\":1200,\"error\":{\"message\":\"Gr\u00f6\u00dfe\"}}]}";
        process.answer("GET /dead-letters", 200, answer);
        var out = folder.resolve("out").toFile();
        var arabic = List.of("-Duser.language=ar", "-Duser.country=EG", "-Duser.extensions=u-nu-arab");

        assertThat(run(out, arabic, "dead-letters", "--json")).as(err()).isZero();
        assertThat(Files.readString(out.toPath(), StandardCharsets.UTF_8)).contains("Gr\u00f6\u00dfe");

        assertThat(run(out, arabic, "dead-letters")).as(err()).isZero();
        assertThat(err())
                .contains("CLI_TOKN is set, but is no setting", "CLI_TOKEN")
                .doesNotContain("s3cret");
        // The terminal has no letters of its own here, so they are written out and not lost.
        assertThat(Files.readString(out.toPath(), StandardCharsets.UTF_8)).contains("1,200", "Gr\\u00f6\\u00dfe");
    }

    @ParameterizedTest
    @CsvSource({
        "02, 1, Go on? [y/N]",
        "012, 1, Go on? [y/N]",
        "01, 64, say --yes",
        "12, 64, say --yes",
        "'', 64, say --yes"
    })
    void asksWhereAPersonReadsTheQuestionAndCanAnswer(String terminals, int status, String said) throws Exception {
        process.answer("POST /operations dry", 200, "{\"dryRun\":true,\"result\":\"shipping stands still\"}");
        var out = folder.resolve("out").toFile();

        // Nobody says anything, which is a no.
        assertThat(run(out, List.of("-Dorderflow.terminals=" + terminals), "pause", "shipping"))
                .isEqualTo(status);

        assertThat(err()).contains(said);
    }
}
