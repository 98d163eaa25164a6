package dev.orderflow.intake;

import dev.orderflow.events.OrderReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A bulk is cut into the same bounded lines however the network cuts it into parts, and no line makes its reader throw. */
public final class BulkFuzz {

    private static final int BYTES_MAX = 2_000;

    private BulkFuzz() {}

    /** The readers are loaded and instrumented here, so that it does not count for the first input. */
    public static void fuzzerInitialize() {
        fuzzerTestOneInput("\001{\"customer\":{}}\n".getBytes(StandardCharsets.UTF_8));
    }

    /** The first byte is the length of the parts. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] bulk = Arrays.copyOfRange(input, 1, input.length);
        List<byte[]> whole = lines(bulk, Math.max(1, bulk.length));
        List<byte[]> parts = lines(bulk, 1 + (input[0] & 0xFF));
        if (!Arrays.deepEquals(whole.toArray(), parts.toArray())) {
            throw new AssertionError("other lines when it comes in parts: " + new String(bulk, StandardCharsets.UTF_8));
        }
        for (byte[] line : whole) {
            if (line.length > BYTES_MAX + 1) {
                throw new AssertionError("a line of " + line.length + " bytes");
            }
            OrderReader.line(line);
        }
    }

    private static List<byte[]> lines(byte[] bulk, int partBytes) {
        List<byte[]> lines = new ArrayList<>();
        var cutter = new BulkLines(BYTES_MAX);
        for (int from = 0; from < bulk.length; from += partBytes) {
            cutter.take(Arrays.copyOfRange(bulk, from, Math.min(bulk.length, from + partBytes)), lines::add);
        }
        cutter.end(lines::add);
        return lines;
    }
}
