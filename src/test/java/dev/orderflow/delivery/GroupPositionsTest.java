package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

/** Where a consumer begins and goes on, and which gaps it notes. */
class GroupPositionsTest extends ConsumerInHand {

    @Test
    void aGroupThatIsNewBeginsWithTheOldest() {
        poll();
        clients.get(0).seek(P0, 50);
        script(() -> {
            throw new NoOffsetForPartitionException(P0);
        });

        assertThat(poll()).isEmpty();

        assertThat(clients.get(0).position(P0)).isEqualTo(10);
        assertThat(database.changes).isEmpty();
    }

    @Test
    void aGroupThatWasForgottenBeginsWithTheOldestAndNotesWhatItCannotFind() {
        for (var stood :
                List.of(List.of(5L, "gone"), List.of(10L, ""), List.of(100L, ""), List.of(101L, "went-back"))) {
            database.changes.clear();
            tables.put("delivery.marked WHERE", List.of(List.of("orders", 0, stood.get(0))));
            poll();
            script(() -> {
                throw new NoOffsetForPartitionException(P0);
            });

            poll();

            assertThat(gaps())
                    .isEqualTo(
                            stood.get(1).equals("")
                                    ? List.of()
                                    : List.of("orders-0 %s to 10 %s".formatted(stood.get(0), stood.get(1))));
            assertThat(database.changes).anyMatch(change -> change.sql().contains("over_at = now()"));
        }
    }

    @Test
    void goesOnInRangeAndNotesWhatItPassed() {
        poll();
        script(() -> {
            throw new OffsetOutOfRangeException(Map.of(P0, 7L));
        });
        assertThat(poll()).isEmpty();

        assertThat(gaps()).containsExactly("orders-0 7 to 10 gone");
        assertThat(database.changes).noneMatch(change -> change.sql().contains("over_at = now()"));
        assertThat(clients.get(0).position(P0)).isEqualTo(10);

        clients.get(0).seek(P0, 500);
        script(() -> {
            throw new OffsetOutOfRangeException(Map.of(P0, 500L));
        });
        poll();
        assertThat(gaps()).containsExactly("orders-0 7 to 10 gone", "orders-0 500 to 10 went-back");
        assertThat(database.changes).anyMatch(change -> change.sql().contains("over_at = now()"));
        assertThat(clients.get(0).position(P0)).isEqualTo(10);
    }

    @Test
    void notesACommitOfSomebodyElse() {
        tables.put("delivery.marked WHERE", List.of(List.of("orders", 0, 20L), List.of("orders", 1, 20L)));
        stands.put(P0, new OffsetAndMetadata(50));
        stands.put(P1, new OffsetAndMetadata(50, "orderflow"));

        poll();
        poll();

        assertThat(gaps()).containsExactly("orders-0 20 to 50 foreign-commit");
    }

    @Test
    void doesNotWonderAboutACommitWhereItStood() {
        tables.put("delivery.marked WHERE", List.of(List.of("orders", 0, 50L)));
        stands.put(P0, new OffsetAndMetadata(50));
        stands.put(P1, new OffsetAndMetadata(50));

        poll();

        assertThat(gaps()).isEmpty();
    }

    @Test
    void commitsPastWhatItIsNeverGiven() {
        stands.put(P0, new OffsetAndMetadata(9, "orderflow"));
        stands.put(P1, new OffsetAndMetadata(10, "orderflow"));

        poll();
        poll();

        assertThat(clients.get(0).commits).containsExactly(Map.of(P0, new OffsetAndMetadata(10, "orderflow")));
    }

    @Test
    void commitsNothingPastARecordThatIsOnItsWay() {
        stands.put(P0, new OffsetAndMetadata(9, "orderflow"));
        cannotBeMade = new KafkaException("no such host");
        assertThatThrownBy(this::poll).isSameAs(cannotBeMade);
        cannotBeMade = null;
        first = () -> records(P0, 9);

        poll();
        poll();

        assertThat(clients.get(0).commits).isEmpty();
    }

    @Test
    void marksEveryCommit() {
        poll();
        proxy.commitSync(Map.of(P0, new OffsetAndMetadata(12)));
        proxy.commitAsync(Map.of(P1, new OffsetAndMetadata(13)), null);

        assertThat(clients.get(0).commits)
                .containsExactly(
                        Map.of(P0, new OffsetAndMetadata(12, "orderflow")),
                        Map.of(P1, new OffsetAndMetadata(13, "orderflow")));
        assertThatThrownBy(proxy::commitSync)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A commit names its offsets, so that they carry our mark.");
    }
}
