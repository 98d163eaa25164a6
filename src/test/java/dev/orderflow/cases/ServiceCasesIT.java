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

/**
 * What each service promises: {@code <service>.cases.yaml}, beside its route file or in {@code src/test/cases}, played
 * against the service. With {@code -Dcases=SERVICE} one service's only; {@code ./orderflow cases} runs this.
 */
class ServiceCasesIT {

    private static final String END = ".cases.yaml";
    private static final Path CASES = Path.of("src/test/cases");
    private static final Path ROUTES = Path.of("routes-yaml");

    @TestFactory
    List<DynamicContainer> services() {
        String one = System.getProperty("cases", "");
        assertThat(cases()).as("services with a cases file").containsAll(one.isEmpty() ? List.of() : List.of(one));
        return cases().stream()
                .filter(service -> one.isEmpty() || service.equals(one))
                .map(ServiceCasesIT::service)
                .toList();
    }

    private static List<String> cases() {
        return Stream.concat(names(CASES, END).stream(), names(ROUTES, END).stream())
                .sorted()
                .toList();
    }

    private static DynamicContainer service(String service) {
        String file = service + END;
        Path beside = ROUTES.resolve(file);
        var cases = Case.read(file, read(Files.exists(beside) ? beside : CASES.resolve(file)));
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

        assertThat(cases()).isEqualTo(services);
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
                stage = Optional.of(new Stage(service, ROUTES));
            }
            return stage.get();
        }

        void fall() {
            stage.ifPresent(Stage::close);
        }
    }
}
