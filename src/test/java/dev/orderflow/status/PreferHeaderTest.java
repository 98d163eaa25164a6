package dev.orderflow.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreferHeaderTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "wait=10 | 10",
                "WAIT = 10 | 10",
                "respond-async, wait=5 | 5",
                "wait=\"7\"; foo=bar | 7",
                "wait=3, wait=9 | 3",
                "wait=31 | 30",
                "wait=999999999 | 30",
                "wait=0 | 0"
            })
    void readsTheWaitThatIsAskedFor(String prefer, int seconds) {
        assertThat(PreferHeader.waitSeconds(Optional.of(prefer), 30)).contains(seconds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "await=5", "wait", "wait=", "wait=-1", "wait=1.5", "wait=ten", "wait=9999999999"})
    void ignoresWhatItCannotReadAsRfc7240Says(String prefer) {
        assertThat(PreferHeader.waitSeconds(Optional.of(prefer), 30)).isEmpty();
    }

    @Test
    void asksForNoWaitByDefault() {
        assertThat(PreferHeader.waitSeconds(Optional.empty(), 30)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"3\"", "W/\"3\"", "\"1\", \"3\"", "*", " \"3\" "})
    void knowsTheStateThatTheCallerHas(String ifNoneMatch) {
        assertThat(PreferHeader.has(Optional.of(ifNoneMatch), 3)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"2\"", "3", "\"33\"", "\"x\""})
    void knowsTheStateThatTheCallerHasNot(String ifNoneMatch) {
        assertThat(PreferHeader.has(Optional.of(ifNoneMatch), 3)).isFalse();
    }
}
