package dev.orderflow.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServicesTest {

    @TempDir
    Path folder;

    private Settings settings;

    @BeforeEach
    void settings() {
        settings = Settings.load().with("orderflow.services", "*").with("orderflow.routes.dir", folder.toString());
    }

    private void files(String... names) throws IOException {
        for (String name : names) {
            Files.createFile(folder.resolve(name + ".camel.yaml"));
        }
    }

    @Test
    void runsEveryFileAndIntakeByDefault() throws IOException {
        // Given
        files("inventory", "delivery", "beans", "shipping");

        // When
        var services = Services.of(settings);

        // Then
        assertThat(services.names()).containsExactly("intake", "inventory", "redrive", "shipping");
        assertThat(services.files())
                .extracting(file -> file.getFileName().toString())
                .containsExactly(
                        "beans.camel.yaml", "delivery.camel.yaml", "inventory.camel.yaml", "shipping.camel.yaml");
    }

    /** Beside a file that is edited: Emacs' lock and its autosave, macOS' and Office's own. */
    @Test
    void takesNoFileOfAnEditorForAService() throws IOException {
        files("inventory", "delivery", "beans", ".#shipping", "._shipping", "#shipping", "~$shipping");
        Files.createDirectory(folder.resolve("drafts.camel.yaml"));
        Files.createFile(folder.resolve("shipping.camel.yaml~"));

        assertThat(Services.of(settings).names()).containsExactly("intake", "inventory", "redrive");
        assertThat(Services.inRoutes(settings)).containsExactly("inventory");
    }

    @Test
    void runsOnlyWhatTheSettingNames() throws IOException {
        // Given
        files("inventory", "delivery", "beans", "shipping");

        // When
        var services = Services.of(settings.with("orderflow.services", "shipping, intake"));

        // Then
        assertThat(services.runs("shipping")).isTrue();
        assertThat(services.runs("inventory")).isFalse();
        assertThat(services.files()).hasSize(3);
    }

    @Test
    void guessesWhatAMistypedServiceWasMeantToBe() throws IOException {
        files("inventory", "delivery", "beans");

        assertThatThrownBy(() -> Services.of(settings.with("orderflow.services", "inventry")))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("names 'inventry'")
                .hasMessageEndingWith("Did you mean 'inventory'? There are: intake, inventory, redrive.");
    }

    @Test
    void tellsThatTheRouteFolderIsMissing() {
        assertThatThrownBy(() -> Services.of(settings.with("orderflow.routes.dir", folder + "/none")))
                .isInstanceOf(CannotStart.class)
                .hasMessageEndingWith(
                        "/none' cannot be read. Start in the folder that has it, or set ORDERFLOW_ROUTES_DIR.");
    }

    @Test
    void tellsThatASharedFileIsMissing() throws IOException {
        files("inventory", "beans");

        assertThatThrownBy(() -> Services.of(settings)).hasMessageContaining("has no delivery.camel.yaml");
    }
}
