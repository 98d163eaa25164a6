package dev.orderflow.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What each service promises: {@code src/test/cases/<service>.cases.yaml}, played against the service. */
class ServiceCasesIT {

    private static final Path CASES = Path.of("src/test/cases");
    private static final Path ROUTES = Path.of("routes-yaml");

    @TestFactory
    List<DynamicContainer> services() {
        return names(CASES, ".cases.yaml").stream().map(ServiceCasesIT::service).toList();
    }

    private static DynamicContainer service(String service) {
        String file = service + ".cases.yaml";
        var cases = Case.read(file, read(CASES.resolve(file)));
        var curtain = new Curtain(service);
        return dynamicContainer(
                service,
                cases.stream()
                        .map(one ->
                                dynamicTest(one.name(), () -> curtain.stage().play(one)))
                        .onClose(curtain::fall));
    }

    @Test
    void thereAreCasesForEveryService() {
        var services = names(ROUTES, ".camel.yaml").stream()
                .filter(name -> !List.of("beans", "delivery").contains(name))
                .toList();

        assertThat(names(CASES, ".cases.yaml")).isEqualTo(services);
    }

    @Test
    void refusesAWordThatIsNotKnown() {
        assertThatThrownBy(() -> Case.read("a.cases.yaml", "- {case: a, then: {event: []}}"))
                .hasMessage("a.cases.yaml, case 1 'a', then: nothing is known about 'event'.");
        assertThatThrownBy(() -> Case.read("a.cases.yaml", "- {case: a, when: [{order: $o1, sku: x}], then: {}}"))
                .hasMessage("a.cases.yaml, case 1 'a', when: nothing is known about 'sku'.");
    }

    private static List<String> names(Path folder, String end) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(end))
                    .map(name -> name.substring(0, name.length() - end.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens the stage at the service's first case, and closes it after its last. */
    private static final class Curtain {

        private final String service;
        private Optional<Stage> stage = Optional.empty();

        Curtain(String service) {
            this.service = service;
        }

        Stage stage() {
            if (stage.isEmpty()) {
                stage = Optional.of(new Stage(service));
            }
            return stage.get();
        }

        void fall() {
            stage.ifPresent(Stage::close);
        }
    }
}
