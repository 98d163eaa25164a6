package dev.orderflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A terminal obeys nothing that came from elsewhere. */
class HarmlessStreamTest {

    private static final String EVIL = "a\u001b[2Jb\u009b31mc\u202ed\re\u0007";
    private static final String WRITTEN = "a\\u001b[2Jb\\u009b31mc\\u202ed\\re\\u0007".replace("\\r", "\\u000d");

    private final FakeProcess process = new FakeProcess();

    @AfterEach
    void stop() {
        process.close();
    }

    private static String printed(Charset charset, String text) {
        var bytes = new ByteArrayOutputStream();
        new HarmlessStream(bytes, charset).print(text);
        return bytes.toString(charset);
    }

    @Test
    void writesOutWhatMovesATerminalAndLeavesLettersAndLines() {
        assertThat(printed(StandardCharsets.UTF_8, EVIL)).isEqualTo(WRITTEN);
        assertThat(printed(StandardCharsets.UTF_8, "Gr\u00f6\u00dfe\t\uD83D\uDE00\r\n\n"))
                .isEqualTo("Gr\u00f6\u00dfe\t\uD83D\uDE00\r\n\n");
    }

    @Test
    void writesOutWhatTheTerminalHasNoLettersFor() {
        assertThat(printed(StandardCharsets.US_ASCII, "Gr\u00f6\u00dfe \uD83D\uDE00"))
                .isEqualTo("Gr\\u00f6\\u00dfe \\ud83d\\ude00");
    }

    @Test
    void doesSoHoweverItIsPrinted() {
        var bytes = new ByteArrayOutputStream();
        var stream = new HarmlessStream(bytes, StandardCharsets.UTF_8);

        stream.println("\u001b1");
        stream.println((Object) "\u001b2");
        stream.printf("%s%n", "\u001b3");
        stream.append("\u001b4").append('\u001b').println(new char[] {'\u001b'});

        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .doesNotContain("\u001b")
                .contains("\\u001b1\n", "\\u001b2\n", "\\u001b3\n", "\\u001b4\\u001b\\u001b\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 409, 500})
    void writesOutWhatARefusalSays(int status) {
        process.answer("POST /operations", status, FakeProcess.problem("\\u001b]0;x\\u0007\\u202e"));

        process.typed("pause shipping --yes");

        assertThat(process.err.toString(StandardCharsets.UTF_8))
                .contains("\\u001b]0;x\\u0007\\u202e")
                .doesNotContain("\u001b", "\u202e");
    }

    @Test
    void writesOutWhatAQuestionAndAPlanSay() {
        process.answer("POST /operations dry", 200, "{\"dryRun\":true,\"result\":\"\\u001b[2J\\u202e\"}");

        process.asked("n\n", "pause shipping");
        process.typed("pause shipping --dry-run");

        assertThat(process.err.toString(StandardCharsets.UTF_8) + process.out.toString(StandardCharsets.UTF_8))
                .contains("\\u001b[2J\\u202e\n", "It would be: \\u001b[2J\\u202e")
                .doesNotContain("\u001b", "\u202e");
    }

    @Test
    void keepsTheSameJson() throws IOException {
        String answer = "{\"dryRun\":true,\"result\":\"\u202e\u009b \uDB40\uDC41 Gr\u00f6\u00dfe\"}";
        process.answer("POST /operations dry", 200, answer);

        process.typed("pause shipping --dry-run --json");

        String printed = process.out.toString(StandardCharsets.UTF_8);
        assertThat(printed).contains("Gr\u00f6\u00dfe").doesNotContain("\u202e", "\u009b");
        assertThat(new ObjectMapper().readTree(printed)).isEqualTo(new ObjectMapper().readTree(answer));
    }
}
