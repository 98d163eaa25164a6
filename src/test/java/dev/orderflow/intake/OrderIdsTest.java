package dev.orderflow.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OrderIdsTest {

    @Test
    void makesGreaterIdsWhileTheClockStands() {
        var ids = new OrderIds(Clock.fixed(Instant.parse("2026-01-31T08:00:00Z"), ZoneOffset.UTC));
        String previous = ids.next().toString();

        for (int i = 0; i < 10_000; i++) {
            UUID next = ids.next();
            assertThat(next.toString()).isGreaterThan(previous);
            assertThat(next.version()).isEqualTo(7);
            assertThat(next.variant()).isEqualTo(2);
            previous = next.toString();
        }
    }

    @Test
    void beginsWithTheTime() {
        var now = Instant.parse("2026-01-31T08:00:00Z");

        UUID id = new OrderIds(Clock.fixed(now, ZoneOffset.UTC)).next();

        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(now.toEpochMilli());
    }

    @Test
    void derivesTheIdOfAKeyedOrder() {
        UUID id = OrderIds.of("shop", "k-1");

        assertThat(id).isEqualTo(OrderIds.of("shop", "k-1")).isNotEqualTo(OrderIds.of("shopk", "-1"));
        assertThat(id.version()).isEqualTo(8);
        assertThat(id.variant()).isEqualTo(2);
    }
}
