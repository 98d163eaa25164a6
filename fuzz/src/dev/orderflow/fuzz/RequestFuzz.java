package dev.orderflow.fuzz;

import dev.orderflow.events.OrderReader;
import dev.orderflow.events.OrderReader.BulkLine;
import dev.orderflow.events.OrderReader.Invalid;
import dev.orderflow.events.OrderReader.Malformed;
import dev.orderflow.events.OrderReader.Readable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/** The body of a POST is an order that services can read back, or is refused in bounded sentences; it never throws. */
public final class RequestFuzz {

    private static final UUID ID = new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0001L);
    private static final Instant TIME = Instant.parse("2026-11-22T10:00:00Z");

    private RequestFuzz() {}

    /** The readers are loaded and instrumented here, so that it does not count for the first input. */
    public static void fuzzerInitialize() {
        fuzzerTestOneInput("{\"customer\":{\"id\":\"c\"}}".getBytes(StandardCharsets.UTF_8));
    }

    public static void fuzzerTestOneInput(byte[] json) {
        var request = OrderReader.request(json);
        if (request instanceof Readable order) {
            Promise.isReadBack(order.placed(ID, TIME));
            Promise.holds(
                    OrderReader.line(json) instanceof BulkLine line
                            && line.order().equals(order)
                            && line.key().isEmpty(),
                    "a line of a bulk reads what a request reads");
        } else if (request instanceof Invalid invalid) {
            int count = invalid.violations().size();
            Promise.holds(count >= 1 && count <= 20, count + " violations");
            invalid.violations().forEach(violation -> Promise.isSentence(violation.toString()));
        } else if (request instanceof Malformed malformed) {
            Promise.isSentence(malformed.sentence());
        }
    }
}
