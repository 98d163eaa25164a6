package dev.orderflow.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.settings.Settings;
import dev.orderflow.testing.RoutesInHand;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code orderflow routes check FOLDER}: a sentence for each file that is bad, and for no other. */
class RoutesCommandTest {

    @TempDir
    Path folder;

    @Test
    void refusesTheFileThatIsBadAndNoOther() throws Exception {
        var routes = RoutesInHand.plain(folder);
        routes.write("aaa.camel.yaml", "- route: [\n");
        routes.write(".#shipping.camel.yaml", "- route: [\n");
        // Nobody can read it, whoever runs this.
        Files.createSymbolicLink(folder.resolve("bbb.camel.yaml"), folder.resolve("nowhere"));

        String said = check(1);

        assertThat(said).contains("aaa.camel.yaml:2: this is no YAML", "bbb.camel.yaml: it cannot be read");
        assertThat(said).contains("8 files, 2 refused");
        RoutesInHand.shipped().keySet().forEach(name -> assertThat(said).contains(name + ": good, version "));
    }

    @Test
    void saysOnceThatASharedFileIsBad() throws Exception {
        RoutesInHand.plain(folder).write("beans.camel.yaml", "- beans: [\n");

        String said = check(1);

        assertThat(said).contains("beans.camel.yaml:2: this is no YAML", "6 files, 1 refused");
        assertThat(said).contains("shipping.camel.yaml: not checked, since every service needs beans.camel.yaml");
    }

    private String check(int status) throws Exception {
        var before = System.out;
        var said = new ByteArrayOutputStream();
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            assertThat(RoutesCommand.check(Settings.load(), folder.toString(), false))
                    .isEqualTo(status);
        } finally {
            System.setOut(before);
        }
        return said.toString(StandardCharsets.UTF_8);
    }
}
