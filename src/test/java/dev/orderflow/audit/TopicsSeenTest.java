package dev.orderflow.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.kafka.UnreadableOffsets;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class TopicsSeenTest {

    private static final TopicPartition ORDERS = new TopicPartition("orders", 1);

    @Test
    void tellsOnceWhatWasMetTwice() {
        var seen = new TopicsSeen();
        var first = new UnreadableOffsets(ORDERS, 612, 615, "checksum");

        seen.unread(first);
        seen.unread(new UnreadableOffsets(ORDERS, 612, 615, "checksum again"));
        seen.unread(new UnreadableOffsets(ORDERS, 613, 614, "checksum"));

        assertThat(seen.unread).containsExactly(first);
    }

    @Test
    void tellsOfEachPlace() {
        var seen = new TopicsSeen();
        var first = new UnreadableOffsets(ORDERS, 612, 613, "checksum");
        var behind = new UnreadableOffsets(ORDERS, 612, 614, "checksum");
        var elsewhere = new UnreadableOffsets(new TopicPartition("orders", 2), 612, 613, "checksum");

        seen.unread(first);
        seen.unread(behind);
        seen.unread(elsewhere);

        assertThat(seen.unread).containsExactly(first, behind, elsewhere);
    }
}
