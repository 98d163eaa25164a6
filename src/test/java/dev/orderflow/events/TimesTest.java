package dev.orderflow.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {

    private static final long YEAR_9999_MS = 253_402_300_799_999L;

    @Test
    void readsWhatItPrints() {
        for (int i = 0; i < 10_000; i++) {
            var time = Instant.ofEpochMilli(ThreadLocalRandom.current().nextLong(YEAR_9999_MS));
            assertThat(Times.parse(Times.text(time))).isEqualTo(time);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-26T12:01:36Z, 2026-11-26T12:01:36.000Z",
        "2026-11-26T12:00Z, 2026-11-26T12:00:00.000Z",
        "2026-11-26T12:01:36.9Z, 2026-11-26T12:01:36.900Z",
        "2026-11-26T12:01:36.123999Z, 2026-11-26T12:01:36.123Z",
    })
    void printsThreeDigitsOfASecondAlways(String time, String text) {
        assertThat(Times.text(OffsetDateTime.parse(time).toInstant())).isEqualTo(text);
    }

    /** Orders of one millisecond share it; another time does not get it. */
    @Test
    void printsTheSameTimeOnce() {
        var time = Instant.parse("2026-11-26T12:01:36.001Z");
        String text = Times.text(time);

        assertThat(Times.text(Instant.ofEpochMilli(time.toEpochMilli()))).isSameAs(text);
        assertThat(Times.text(time.plusMillis(1))).isEqualTo("2026-11-26T12:01:36.002Z");
        assertThat(Times.text(time)).isEqualTo(text);
    }

    @Test
    void sortsAsTextAsItDoesAsTimes() {
        var times = ThreadLocalRandom.current()
                .longs(10_000, 0, YEAR_9999_MS / 1_000)
                .mapToObj(s -> Instant.ofEpochMilli(s / 50 * 50 + s % 2 * 1_000))
                .sorted()
                .toList();

        assertThat(times.stream().map(Times::text)).isSorted();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-31T08:00:00Z",
                "2026-01-31T08:00:00.120Z",
                "2026-01-31T08:00:00.123456Z",
                "2024-02-29T23:59:59.999Z",
                "2026-01-31T24:00:00.000Z",
                "0001-01-01T00:00:00.001Z",
                "9999-12-31T23:59:59.999Z",
                "1969-12-31T23:59:59.001Z",
                "2026-10-09T09:09:09.090Z",
                "2016-12-31T23:59:60.000Z",
                "0000-01-01T00:00:00.000Z",
                "+12026-01-31T08:00:00Z",
            })
    void readsAsTheJdkDoes(String text) {
        assertThat(Times.parse(text)).isEqualTo(Instant.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "2026-02-29T08:00:00.000Z",
                "2026-13-01T08:00:00.000Z",
                "2026-00-01T08:00:00.000Z",
                "2026-01-31T25:00:00.000Z",
                "2026-01-31T08:60:00.000Z",
                "2026-01-31T08:00:61.000Z",
                "2026-01-31 08:00:00.000Z",
                "2026-01-31T08:00:00.000Z ",
                "2026-01-31T08:00:00.00:Z",
                "2026-01-31T08:00:00./00Z",
                "2026-01-31T08:00:00.000X",
                "2026-01-31T08:00:60.000Z",
                "2026-01-31T60:00:00.000Z",
                "2026-01-31T08:00:00.000+",
                "2026-01-31T08:00:0\u0661.000Z",
            })
    void refusesWhatIsNoTime(String text) {
        assertThatThrownBy(() -> Times.parse(text)).isInstanceOf(DateTimeException.class);
    }
}
