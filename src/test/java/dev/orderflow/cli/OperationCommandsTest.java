package dev.orderflow.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.settings.CannotStart;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperationCommandsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pause shipping | {\"operation\":\"pause\",\"service\":\"shipping\"}",
                "rewind shipping --to beginning --dry-run | {\"operation\":\"rewind\",\"dryRun\":true,\"service\":\"shipping\",\"to\":\"beginning\"}",
                "rewind shipping orders-1@5 | {\"operation\":\"rewind\",\"service\":\"shipping\",\"to\":\"orders-1@5\"}",
                "skip shipping orders-1 5-9 | {\"operation\":\"skip\",\"service\":\"shipping\",\"partition\":\"orders-1\",\"first\":5,\"last\":9}",
                "skip shipping orders-1 5 | {\"operation\":\"skip\",\"service\":\"shipping\",\"partition\":\"orders-1\",\"first\":5,\"last\":5}",
                "allow shipping 7f4e46c0debd | {\"operation\":\"allow\",\"service\":\"shipping\",\"fingerprint\":\"7f4e46c0debd\"}"
            })
    void makesTheCallThatTheWordsMean(String typed, String body) {
        var words = List.of(typed.split(" "));

        assertThat(OperationCommands.request(words.get(0), words.subList(1, words.size()))
                        .toString())
                .isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"pause", "pause a b", "rewind shipping", "skip shipping orders-1", "skip shipping orders-1 x"})
    void saysHowTheCommandIsWritten(String typed) {
        var words = List.of(typed.split(" "));

        assertThatThrownBy(() -> OperationCommands.request(words.get(0), words.subList(1, words.size())))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("The command is: " + words.get(0));
    }
}
