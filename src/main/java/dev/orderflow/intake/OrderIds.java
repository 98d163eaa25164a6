package dev.orderflow.intake;

import dev.orderflow.credentials.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids of orders (RFC 9562). A new one is a UUIDv7, greater than every earlier one of this process, so that index pages
 * fill in order. One of a keyed order is a UUIDv8 made of client and key: the same for each repetition.
 */
final class OrderIds {

    private static final int DRAWN_BYTES = 1_024;
    private static final int COUNTER_BITS = 12;
    private static final long COUNTER_MASK = (1L << COUNTER_BITS) - 1;
    private static final long VERSION_7 = 0x7000L;
    private static final long VERSION_8 = 0x8000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    // Drawn ahead: a draw of a thousand bytes costs hardly more than one of eight.
    private final byte[] drawn = new byte[DRAWN_BYTES];
    private final ByteBuffer ahead = ByteBuffer.wrap(drawn).limit(0);
    // Milliseconds and a counter in one number. A clock that stands or goes back is waited for by counting on.
    private final AtomicLong last = new AtomicLong();

    OrderIds(Clock clock) {
        this.clock = clock;
    }

    UUID next() {
        long now = clock.millis() << COUNTER_BITS;
        long tick = last.updateAndGet(previous -> Math.max(previous + 1, now));
        long high = tick >>> COUNTER_BITS << 16 | VERSION_7 | tick & COUNTER_MASK;
        return new UUID(high, VARIANT | bits() >>> 2);
    }

    private synchronized long bits() {
        if (!ahead.hasRemaining()) {
            random.nextBytes(drawn);
            ahead.clear();
        }
        return ahead.getLong();
    }

    static UUID of(String client, String key) {
        var digest = Sha256.begin();
        digest.update(client.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        var hash = ByteBuffer.wrap(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
        long high = hash.getLong() & ~0xF000L | VERSION_8;
        return new UUID(high, VARIANT | hash.getLong() >>> 2);
    }
}
