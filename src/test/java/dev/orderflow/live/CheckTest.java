package dev.orderflow.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.orderflow.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is asked of a route file before it may run; neither broker nor database is there. */
class CheckTest {

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

        assertThat(refused).isInstanceOf(Refused.class).hasMessageContaining(edit.sentence());
        assertThat(refused.getMessage()).matches("(?s)" + edit.file().replace(".", "\\.") + ":[1-9][0-9]*: .*");
    }

    /** Each key of the files that may be edited, without its second letter. */
    static Stream<Arguments> misspelt() {
        return SHIPPED.stream()
                .filter(file -> !file.isShared())
                .flatMap(file -> Tree.of(file).entries().stream()
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

        assertThat(refused).isInstanceOf(Refused.class).hasMessageStartingWith(file.name() + ":" + line + ": ");
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
        new Check(Settings.load().asProperties(), Optional.empty(), Set.of("list-routes")).check(file, files);
    }
}
