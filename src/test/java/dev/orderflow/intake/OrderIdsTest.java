package dev.orderflow.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
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

    /** A repetition may come to a later version: its id is made of the SHA-256 of client, a zero byte and key. */
    @Test
    void derivesTheSameIdInEveryVersion() {
        assertThat(OrderIds.of("shop", "k-1")).hasToString("208ce412-4027-8061-b676-44553ac3de90");
        assertThat(OrderIds.of("", "k-1")).isNotEqualTo(OrderIds.of("shop", "k-1"));
    }

    @Test
    void countsOnWhileTheClockStandsAndWhenItGoesBack() {
        var clock = new AtomicLong(1_000);
        var ids = new OrderIds(new Clock() {
            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return Instant.ofEpochMilli(clock.get());
            }
        });

        for (int i = 0; i < 5_000; i++) {
            assertThat(tick(ids.next())).isEqualTo((1_000L << 12) + i);
        }
        clock.set(10);
        assertThat(tick(ids.next())).isEqualTo((1_000L << 12) + 5_000);
        clock.set(2_000);
        assertThat(tick(ids.next())).isEqualTo(2_000L << 12);
    }

    @Test
    void drawsEachIdAnew() {
        var ids = new OrderIds(Clock.systemUTC());
        var drawn = new HashSet<Long>();

        for (int i = 0; i < 1_000; i++) {
            drawn.add(ids.next().getLeastSignificantBits());
        }

        assertThat(drawn).hasSize(1_000);
    }

    /** Milliseconds and counter in one number. */
    private static long tick(UUID id) {
        long high = id.getMostSignificantBits();
        return high >>> 16 << 12 | high & 0xFFF;
    }
}
