package dev.orderflow.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.http.ProblemException;
import dev.orderflow.operations.RewindPlan.Move;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RewindPlanTest {

    private static final TopicPartition P0 = new TopicPartition("orders", 0);
    private static final TopicPartition P1 = new TopicPartition("orders", 1);

    @Test
    void movesThosePartitionsBackThatStandBehindTheTarget() {
        assertThat(plan(20, 5, 3).moves()).containsExactly(Map.entry(P0, new Move(20, 5)));
        assertThat(plan(4, 5, 3).moves()).as("before it already").isEmpty();
        assertThat(plan(5, 5, 3).moves()).as("at it already").isEmpty();
    }

    @Test
    void goesNoFurtherThanWhatIsThere() {
        assertThat(plan(20, 1, 3).moves()).containsExactly(Map.entry(P0, new Move(20, 3)));
    }

    @Test
    void leavesAPartitionInWhichNothingIsAsYoungAsTheTime() {
        assertThat(plan(20, -1, 3).moves()).isEmpty();
    }

    @Test
    void refusesAllWhereOnePartitionWouldReachBehindItsReceipts() {
        var plan = new RewindPlan(
                Map.of(P0, 20L, P1, 20L), Map.of(P0, 0L, P1, 0L), Map.of(P0, 8L, P1, 8L), Map.of(P0, 8L, P1, 9L), 48);

        assertThatThrownBy(plan::moves)
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("reach offset 8 of orders-1, but receipts are kept for 48 hours")
                .hasMessageContaining("back to offset 9");
    }

    private static RewindPlan plan(long stands, long wanted, long begin) {
        return new RewindPlan(Map.of(P0, stands), Map.of(P0, begin), Map.of(P0, wanted), Map.of(P0, begin), 48);
    }
}
