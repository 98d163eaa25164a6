package dev.orderflow.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table and the file are one list, and each range is what it says. */
class SettingLimitsTest {

    private static final Properties NONE = new Properties();

    static Stream<Setting> rows() {
        return SettingLimits.rows().stream();
    }

    static Stream<Setting> numbers() {
        return rows().filter(row -> row.range().isPresent());
    }

    @Test
    void hasARowForEachSettingOfTheFileInItsOrder() throws IOException {
        var keys = Files.readAllLines(Path.of("src/main/resources/application.properties")).stream()
                .filter(line -> !line.startsWith("#") && line.contains("="))
                .map(line -> line.substring(0, line.indexOf('=')).strip())
                .toList();

        assertThat(rows().map(Setting::key))
                .containsExactlyInAnyOrderElementsOf(keys)
                .doesNotHaveDuplicates();
    }

    @Test
    void takesTheDefaults() {
        assertThat(SettingDependencies.faults(Settings.load(Map.of(), NONE))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void takesTheEndsOfARangeAndNothingBeyond(Setting row) {
        var range = row.range().orElseThrow();

        assertThat(List.of(range.min(), range.max())).allSatisfy(end -> {
            assertThat(row.fault(Integer.toString(end))).isEmpty();
            assertThat(with(row, Integer.toString(end)).number(row.key())).isEqualTo(end);
        });
        for (String beyond : List.of(
                Long.toString(range.min() == 1 && row.wanted().contains("-1") ? -2 : range.min() - 1L),
                Long.toString(range.max() + 1L),
                "99999999999999999999",
                "abc",
                "1.5",
                "1 2",
                "")) {
            assertThat(SettingDependencies.faults(with(row, beyond)))
                    .as(beyond)
                    .anySatisfy(sentence -> assertThat(sentence)
                            .contains("'" + row.key() + "' must be " + row.wanted(), "but is '" + beyond + "'"));
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void namesTheVariableThatSetsIt(Setting row) {
        String refused = "\u0000";

        row.fault(refused)
                .ifPresent(sentence -> assertThat(sentence).endsWith("Set " + Settings.variable(row.key()) + "."));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void showsNoSecret(Setting row) {
        boolean named = row.key().matches(".*(password|token|tokens|jaas\\.config|smtp)");

        assertThat(row.secret()).isEqualTo(named);
        if (row.secret()) {
            row.fault("sesame").ifPresent(sentence -> assertThat(sentence).doesNotContain("sesame"));
        }
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void saysNoUnitThatTheFileDoesNotSay(Setting row) {
        if (row.key().endsWith("Ms") || row.key().endsWith("MsMax")) {
            assertThat(row.wanted()).contains("milliseconds");
        }
        if (row.key().contains("Hours")) {
            assertThat(row.wanted()).contains("hours");
        }
        if (row.key().contains("Bytes")) {
            assertThat(row.wanted()).contains("bytes");
        }
    }

    @Test
    void takesForeverOnlyWhereTheFileSaysSo() throws IOException {
        var lines = Files.readAllLines(Path.of("src/main/resources/application.properties"));

        assertThat(numbers().filter(row -> row.range().orElseThrow().min() > -1))
                .allSatisfy(row -> {
                    int at = lines.indexOf(lines.stream()
                            .filter(line -> line.startsWith(row.key() + " ="))
                            .findFirst()
                            .orElseThrow());
                    assertThat(row.fault("-1").isEmpty())
                            .isEqualTo(lines.get(at - 1).contains("-1 forever"));
                });
    }

    @Test
    void knowsAddresses() {
        var brokers = SettingLimits.row("kafka.brokers");

        assertThat(List.of("", "b1:9092", "b1:9092,b2:9092", "b1:9092, b2:9092", "[::1]:9092", "10.0.0.1:1"))
                .allSatisfy(value -> assertThat(brokers.fault(value)).isEmpty());
        assertThat(List.of("b1", "b1:", ":9092", "b1:0", "b1:65536", "b1:9092,", "b1:9092;b2:9092", "kafka://b1:9092"))
                .allSatisfy(value -> assertThat(brokers.fault(value)).isPresent());
    }

    private static Settings with(Setting row, String value) {
        return Settings.load(Map.of(Settings.variable(row.key()), value), NONE);
    }
}
