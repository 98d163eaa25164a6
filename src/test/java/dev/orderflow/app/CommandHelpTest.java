package dev.orderflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Every command says what it does, how it is written, and how it ends; and the page has it. */
class CommandHelpTest {

    /** Each command with those above it, such as {@code routes check}. */
    static List<String> commands() {
        var all = new ArrayList<String>();
        collect(App.tree(Terminal.ofProcess()).whole(), "", all);
        return all;
    }

    private static void collect(CommandLine line, String above, List<String> all) {
        line.getSubcommands().forEach((name, inner) -> {
            all.add(above + name);
            collect(inner, above + name + " ", all);
        });
    }

    private static String told(String... words) throws Exception {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var terminal = new Terminal(
                InputStream.nullInputStream(), new PrintStream(out, true), new PrintStream(err, true), false);
        assertThat(App.tree(terminal).run(words)).isZero();
        assertThat(err.toString()).isEmpty();
        return out.toString();
    }

    private static String told(String typed) throws Exception {
        return told(typed.split(" "));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void saysHowItIsWrittenAndHowItEnds(String command) throws Exception {
        String help = told(command + " --help");

        assertThat(help)
                .startsWith("Usage: orderflow " + command)
                .contains("\nExit status:\n", " 64 ", "\nExample:\n", "orderflow " + command);
        assertThat(help.lines()).allMatch(line -> line.length() <= 100);
        assertThat(told(command + " -h")).isEqualTo(help);
        assertThat(told("help " + command)).isEqualTo(help);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void isOnThePage(String command) throws Exception {
        assertThat(Files.readString(Path.of("docs/cli.md"))).containsPattern("\n\\| `" + command + "[ `]");
    }

    @Test
    void describesEveryOptionAndParameter() {
        var lines = new ArrayList<CommandLine>(
                List.of(App.tree(Terminal.ofProcess()).whole()));
        for (int i = 0; i < lines.size(); i++) {
            lines.addAll(lines.get(i).getSubcommands().values());
            Stream.concat(
                            lines.get(i).getCommandSpec().options().stream(),
                            lines.get(i).getCommandSpec().positionalParameters().stream())
                    .forEach(one -> assertThat(Arrays.asList(one.description()))
                            .as(one.paramLabel())
                            .isNotEmpty()
                            .allMatch(sentence -> sentence.endsWith(".")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "--help", "-h"})
    void namesTheAddressAndTheTokenOfACallAndEveryCommand(String word) throws Exception {
        assertThat(told(word))
                .startsWith("Usage: orderflow COMMAND")
                .contains("CLI_URL", "CLI_TOKEN", "Exit status:", "Example:")
                .contains(commands().stream()
                        .filter(command -> !command.contains(" "))
                        .map(command -> "\n  " + command + " ")
                        .toList());
    }

    @Test
    void printsAScriptThatCompletes() throws Exception {
        assertThat(told("completion")).startsWith("#!").contains("complete -F", "dead-letters", "--dry-run");
    }

    @Test
    void printsItsVersion() throws Exception {
        assertThat(told("version")).isEqualTo(told("--version")).startsWith("orderflow ");
    }
}
