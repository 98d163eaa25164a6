package dev.orderflow.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.orderflow.settings.Settings;
import dev.orderflow.testing.BadEdit;
import dev.orderflow.testing.Page;
import dev.orderflow.testing.RoutesInHand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of a route file before it may run; neither broker nor database is there. */
class RouteFileCheckTest {

    private static final String STATUS = "status.camel.yaml";
    private static final List<RouteFile> SHIPPED = RoutesInHand.shipped().entrySet().stream()
            .map(file -> new RouteFile(file.getKey(), file.getValue(), ""))
            .toList();

    static Stream<RouteFile> shipped() {
        return SHIPPED.stream();
    }

    static Stream<BadEdit> bad() {
        return BadEdit.all().stream()
                .filter(edit -> !Set.of("bad SQL", "does not start").contains(edit.kind()));
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void takesWhatIsShipped(RouteFile file) {
        assertThatCode(() -> check(file)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("bad")
    void refusesWithASentenceThatNamesFileAndLine(BadEdit edit) {
        Throwable refused = catchThrowable(() -> check(new RouteFile(edit.file(), edit.yaml(), "")));

        assertThat(refused).isInstanceOf(RouteFileRefused.class).hasMessageContaining(edit.sentence());
        assertThat(refused.getMessage()).matches("(?s)" + edit.file().replace(".", "\\.") + ":[1-9][0-9]*: .*");
        edit.line().ifPresent(line -> assertThat(refused).hasMessageStartingWith("%s:%d: ", edit.file(), line));
    }

    /** What Camel's schema allows at the top of a file, and a service's file must not have. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "dataFormats",
                "errorHandler",
                "from",
                "intercept",
                "interceptFrom",
                "interceptSendToEndpoint",
                "onCompletion",
                "onException",
                "rest",
                "restConfiguration",
                "routeConfiguration",
                "routeTemplate",
                "templatedRoute"
            })
    void refusesWhatOutlivesItsFile(String part) {
        Throwable refused =
                catchThrowable(() -> check(edited(STATUS, "- route:\n", "- %s: {}\n- route:\n".formatted(part))));

        assertThat(refused)
                .hasMessageStartingWith("%s:14: '%s' must not stand here, since ", STATUS, part)
                .hasMessageEndingWith("a route file may have beans, route");
    }

    /** The forms that Camel takes; each is one that a check could take for a fault. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "batching: true | batching: \"TRUE\"",
                "batching: true | batching: \"{{live.enabled}}\"",
                "batching: true | batching: true;pollTimeoutMs: 250",
                "batching: true | batching: true;maxPollIntervalMs: 300000;additionalProperties.fetch.min.bytes: 1",
                "batching: true | batching: true;pollOnError: reconnect;isolationLevel: READ_COMMITTED",
                "batching: true | batching: true;headerFilterStrategy: '#class:org.apache.camel.component.kafka.KafkaHeaderFilterStrategy'",
                "method: note | method: note(${body})",
                "method: note | method: note(*)",
                "method: note | method: note(java.util.List)",
                "method: note | method: \"note(${body}, )\"",
            })
    void takesEachFormThatCamelTakes(String found, String replacement) {
        String text = replacement.replace(";", "\n        ").replace("note(${body}, )", "note(${headers.a,b})");

        assertThatCode(() -> check(edited(STATUS, found, text))).doesNotThrowAnyException();
    }

    /** In a step whose words are {@code simple}; the bean has the methods that Java code would find. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "${bean:statusBook.note(${body})}",
                "${bean:statusBook?method=note}",
                "${bean:statusBook.class.name}",
                "${bean:type:java.lang.Math::abs(1)}",
                "${bean:type:java.lang.String::format('a, b', 1, 2, 3)}",
                "${bean:words.bytes.length}",
                "${bean:words.substring(1)} ${bean:words.substring(1, 2)}",
                "${bean:made.length}",
                "${body.anything}"
            })
    void takesEachCallThatCamelCanMake(String words) {
        String yaml = "- beans:\n    - name: words\n      type: java.lang.String\n"
                + "    - name: made\n      type: java.lang.String\n      factoryMethod: valueOf\n"
                + "      constructors:\n        0: \"1\"\n";
        String step = "              - log:\n                  message: \"%s\"\n              - bean:\n";

        assertThatCode(() -> check(new RouteFile(
                        STATUS,
                        RoutesInHand.edited(
                                edited(STATUS, "- beans:\n", yaml).yaml(),
                                "              - bean:\n",
                                step.formatted(words)),
                        "")))
                .doesNotThrowAnyException();
    }

    /** One file of a folder that is no YAML. */
    @Test
    void refusesNoOtherFileForOneThatIsNoYaml() {
        var files = new ArrayList<>(SHIPPED);
        files.add(new RouteFile("aaa.camel.yaml", "- route: [", ""));

        assertThatCode(() -> check(SHIPPED.get(SHIPPED.size() - 1), files)).doesNotThrowAnyException();
    }

    @Test
    void refusesAStepIdOfAnotherFile() {
        var other = edited("inventory.camel.yaml", "- policy:\n", "- policy:\n            id: act\n");
        var files = new ArrayList<>(SHIPPED);
        files.removeIf(one -> one.name().equals(other.name()));
        files.add(other);

        assertThat(catchThrowable(
                        () -> check(edited(STATUS, "- policy:\n", "- policy:\n            id: act\n"), files)))
                .hasMessage(
                        "status.camel.yaml:25: step id 'act' stands in inventory.camel.yaml already; give it another");
    }

    private static RouteFile edited(String name, String found, String replacement) {
        return new RouteFile(name, RoutesInHand.edited(RoutesInHand.shipped().get(name), found, replacement), "");
    }

    /** Each key of the files that may be edited, without its second letter. */
    static Stream<Arguments> misspelt() {
        return SHIPPED.stream()
                .filter(file -> !file.isShared())
                .flatMap(file -> YamlTree.of(file).entries().stream()
                        .filter(entry -> entry.key().length() > 1)
                        .map(entry -> Arguments.of(file, entry.line(), entry.key())));
    }

    @ParameterizedTest(name = "{1} {2}")
    @MethodSource("misspelt")
    void refusesEachMisspeltKeyAtItsLineAndNamesTheNearMiss(RouteFile file, int line, String key) {
        var lines = new ArrayList<>(file.yaml().lines().toList());
        lines.set(line - 1, lines.get(line - 1).replaceFirst(key, key.charAt(0) + key.substring(2)));

        Throwable refused =
                catchThrowable(() -> check(new RouteFile(file.name(), String.join("\n", lines) + "\n", "")));

        assertThat(refused)
                .isInstanceOf(RouteFileRefused.class)
                .hasMessageStartingWith(file.name() + ":" + line + ": ");
        if (key.length() > 3) {
            assertThat(refused).hasMessageContaining("did you mean '%s'?", key);
        }
    }

    @Test
    void namesTheLine() {
        Throwable refused = catchThrowable(() -> check(new RouteFile(
                "shipping.camel.yaml",
                RoutesInHand.edited(
                        RoutesInHand.shipped().get("shipping.camel.yaml"), "ref: shippingOnce", "ref: shipingOnce"),
                "")));

        assertThat(refused).hasMessageStartingWith("shipping.camel.yaml:24: there is no bean 'shipingOnce'");
    }

    @Test
    void takesTheServiceOfThePage() {
        var page = new Page("add-a-service.md");

        assertThatCode(() -> check(
                        new RouteFile("loyalty.camel.yaml", page.file("loyalty.camel.yaml"), page.file("loyalty.sql"))))
                .doesNotThrowAnyException();
    }

    private static void check(RouteFile file) throws Exception {
        var files = new ArrayList<>(SHIPPED);
        files.removeIf(one -> one.name().equals(file.name()));
        files.add(file);
        check(file, files);
    }

    private static void check(RouteFile file, List<RouteFile> files) throws Exception {
        new RouteFileCheck(Settings.load().asProperties(), Optional.empty(), Set.of("list-routes")).check(file, files);
    }
}
