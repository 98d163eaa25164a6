package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.testing.CapturedLog;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GapTest {

    private static final TopicPartition PLACE = new TopicPartition("orders", 3);

    private final MemoryDatabase database = new MemoryDatabase();
    private final Gaps gaps = new Gaps(database.dataSource());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GONE|5|9|topic orders partition 3: offsets 5 to 8 were gone before shipping read them, so 4 records are lost to it; it goes on behind them. Look what they were (GET /audit), then: orderflow skip shipping orders-3 5-8",
                "WENT_BACK|9|5|topic orders partition 3: the group stood at offset 9, which the partition does not have any more, and went back to 5; its topic was made again, or its end was lost. Look at the brokers, then: orderflow rewind shipping --to orders-3@5",
                "FOREIGN_COMMIT|5|9|topic orders partition 3: somebody who is not Orderflow committed offset 9 for the group shipping, which stood at 5. Do what lies between with: orderflow rewind shipping --to orders-3@5",
                "FOREIGN_COMMIT|9|5|topic orders partition 3: somebody who is not Orderflow committed offset 5 for the group shipping, which stood at 9. Do what lies between with: orderflow rewind shipping --to orders-3@5",
                "SKIPPED|5|9|topic orders partition 3: offsets 5 to 8 were skipped"
            })
    void saysWhatHappenedAndWhatToDo(Gap.Kind kind, long from, long to, String sentence) {
        assertThat(new Gap("shipping", PLACE, from, to, kind).sentence()).isEqualTo(sentence);
    }

    @ParameterizedTest
    @EnumSource
    void isWrittenAsItIsRead(Gap.Kind kind) {
        assertThat(kind.word()).isLowerCase().doesNotContain("_");
        assertThat(Gap.Kind.of(kind.word())).isEqualTo(kind);
    }

    @Test
    void isToldWhenItIsNoted() {
        var gap = new Gap("shipping", PLACE, 5, 9, Gap.Kind.GONE);
        try (var log = CapturedLog.debugOf(Gaps.class.getName())) {
            gaps.note(gap);
            assertThat(log.text()).isEqualTo("WARN shipping: " + gap.sentence());

            database.changesNothing();
            gaps.note(gap);
            assertThat(log.text().lines()).as("it was noted already").hasSize(1);
        }
    }

    @Test
    void findsThoseThatAreOpen() {
        database.finds(asked -> asked.sql().contains("closed_at IS NULL")
                ? List.of(List.of("shipping", "orders", 3, 5L, 9L, "went-back"))
                : List.of());

        assertThat(gaps.open(List.of("shipping")))
                .containsExactly(new Gap("shipping", PLACE, 5, 9, Gap.Kind.WENT_BACK));
    }

    @Test
    void saysHowManyWereClosed() {
        assertThat(gaps.close("shipping", PLACE, 5, 9, "ada")).isEqualTo(1);
        database.changesNothing();
        assertThat(gaps.close("shipping", PLACE, 5, 9, "ada")).isZero();
    }

    @Test
    void knowsWhereEachPartitionStood() {
        database.finds(asked -> List.of(List.of("orders", 3, 5L)));

        assertThat(gaps.marked("shipping")).isEqualTo(Map.of(PLACE, 5L));
    }
}
