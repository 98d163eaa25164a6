package dev.orderflow.fuzz;

import dev.orderflow.http.Gunzip;
import dev.orderflow.http.Gunzip.NoGzipException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A body is what the JDK's own reader makes of it, however the network cuts it into parts and wherever its reader pauses,
 * or is refused; and what somebody packed is read back.
 */
public final class GzipFuzz {

    private static final int BYTES_MAX = 1_000_000;

    /** What one slice of a body can become beyond what is wanted: 64 bytes, a thousand times. */
    private static final int BEYOND = 80_000;

    private GzipFuzz() {}

    /** The readers are loaded and instrumented here, so that it does not count for the first input. */
    public static void fuzzerInitialize() {
        fuzzerTestOneInput(new byte[] {3, 'a', 'b', 'c'});
    }

    /** The first byte is the length of the parts, and how much is taken at once. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int part = 1 + (input[0] & 0xFF);
        byte[] rest = Arrays.copyOfRange(input, 1, input.length);
        byte[] whole = read(rest, Math.max(1, rest.length), BYTES_MAX);
        Promise.holds(Arrays.equals(whole, read(rest, part, part)), "another body when it comes in parts");
        if (whole != null && whole.length <= BYTES_MAX) {
            Promise.holds(Arrays.equals(whole, jdk(rest)), "another body than the JDK reads");
        }
        Promise.holds(Arrays.equals(rest, read(packed(rest), part, part)), "not what was packed");
    }

    /** @return null where it is refused; no more than a little beyond {@link #BYTES_MAX} */
    private static byte[] read(byte[] packed, int part, int atOnce) {
        var out = new ByteArrayOutputStream();
        try (var gunzip = new Gunzip()) {
            for (int from = 0; from < packed.length && out.size() <= BYTES_MAX; from += part) {
                byte[] some = Arrays.copyOfRange(packed, from, Math.min(packed.length, from + part));
                int at = 0;
                while (at < some.length && out.size() <= BYTES_MAX) {
                    int before = out.size();
                    int next = gunzip.take(some, at, bytes -> {
                        out.writeBytes(bytes);
                        return out.size() - before < atOnce;
                    });
                    Promise.holds(next > at, "it does not go on");
                    Promise.holds(out.size() - before < atOnce + BEYOND, "more than a slice beyond what was wanted");
                    at = next;
                }
            }
            if (out.size() <= BYTES_MAX) {
                gunzip.end();
            }
            return Arrays.copyOf(out.toByteArray(), Math.min(out.size(), BYTES_MAX + 1));
        } catch (NoGzipException e) {
            Promise.isSentence(e.getMessage());
            return null;
        }
    }

    private static byte[] jdk(byte[] packed) {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return in.readAllBytes();
        } catch (IOException e) {
            return null;
        }
    }

    private static byte[] packed(byte[] bytes) {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
