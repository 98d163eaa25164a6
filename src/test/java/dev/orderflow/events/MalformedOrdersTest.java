package dev.orderflow.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** 10,000 bodies made from a good one by a seeded random hand; the seed is printed, and replays them. */
class MalformedOrdersTest {

    @Test
    void givesNothingButAVerdictForAnyBody() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("MalformedOrdersTest: seed " + seed);
        var random = new Random(seed);
        int readable = 0;

        for (int i = 0; i < 10_000; i++) {
            var verdict = OrderReader.request(SpoiltBytes.of(random, Orders.utf8(Orders.REQUEST)));
            if (verdict instanceof OrderReader.Readable order) {
                readable++;
                roundTrip(order.placed(new UUID(1, i), Instant.EPOCH));
            } else if (verdict instanceof OrderReader.Invalid invalid) {
                assertThat(invalid.violations()).isNotEmpty().hasSizeLessThanOrEqualTo(20);
            }
            readOrRefuse(SpoiltBytes.of(random, Orders.utf8(Orders.recordText(text -> text))));
        }

        assertThat(readable).isLessThan(5_000);
    }

    // Whatever a request lets through, each service can read.
    private static void roundTrip(Order order) {
        assertThat(OrderReader.record(OrderWriter.bytes(order))).isEqualTo(order);
    }

    private static void readOrRefuse(byte[] record) {
        try {
            OrderReader.record(record);
        } catch (UnreadableException e) {
            assertThat(e.getMessage()).endsWith(".").hasSizeLessThan(400);
        }
    }
}
