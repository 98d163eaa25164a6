package dev.orderflow.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildTest {

    @TempDir
    Path folder;

    @Test
    void takesAProductionBuild() throws IOException {
        build(folder);

        assertThat(Build.in("before", folder).launcher()).isEqualTo(folder.resolve("bin/orderflow"));
    }

    @Test
    void takesTheBuildOfACheckout() throws IOException {
        checkout();

        assertThat(Build.in("before", folder).routes()).isEqualTo(folder.resolve("target/orderflow/routes-yaml"));
    }

    @Test
    void refusesABuildThatIsOlderThanItsSources() throws IOException {
        checkout();
        Files.setLastModifiedTime(
                folder.resolve("src/main/App.java"), FileTime.from(Instant.now().plusSeconds(60)));

        assertThatThrownBy(() -> Build.in("before", folder))
                .hasMessage(
                        "The build in '%s' is older than its 'src/main/App.java'. Build it again with ./mvnw package -DskipTests."
                                .formatted(folder.resolve("target/orderflow")));
    }

    @Test
    void saysWhatItFoundWhereThereIsNoBuild() throws IOException {
        assertThatThrownBy(() -> Build.in("before", folder.resolve("nowhere")))
                .hasMessageContaining("nowhere' is no folder. Build the version before");
        assertThatThrownBy(() -> Build.in("before", folder))
                .hasMessageContaining("but '%s' is neither a checkout nor a build. Build the".formatted(folder));
        Files.createFile(folder.resolve("pom.xml"));
        assertThatThrownBy(() -> Build.in("before", folder))
                .hasMessageContaining("but '%s' is a checkout that is not built. Build the".formatted(folder));
    }

    private void checkout() throws IOException {
        for (String sources : List.of("src/main", "routes-yaml")) {
            Files.createDirectories(folder.resolve(sources));
        }
        Files.createFile(folder.resolve("pom.xml"));
        Files.createFile(folder.resolve("src/main/App.java"));
        build(folder.resolve("target/orderflow"));
    }

    private static void build(Path home) throws IOException {
        for (String part : List.of("bin", "lib", "routes-yaml")) {
            Files.createDirectories(home.resolve(part));
        }
        assertThat(Files.createFile(home.resolve("bin/orderflow")).toFile().setExecutable(true))
                .isTrue();
    }
}
