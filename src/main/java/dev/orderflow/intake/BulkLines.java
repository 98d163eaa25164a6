package dev.orderflow.intake;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Cuts a stream of bytes into lines. It holds one unfinished line at most, and of a line that is too long no more than
 * its beginning. For one thread at a time.
 */
final class BulkLines {

    /** Of empty lines there may be very many. */
    private static final byte[] EMPTY = {};

    private final int bytesMax;
    private byte[] rest = new byte[1_024];
    private int length;

    BulkLines(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Gives each line that ends in this part; one that was cut has {@code bytesMax + 1} bytes. */
    void take(byte[] part, Consumer<byte[]> line) {
        // A search in a text of single bytes takes many at once.
        String bytes = new String(part, StandardCharsets.ISO_8859_1);
        int from = 0;
        for (int end = bytes.indexOf('\n'); end >= 0; end = bytes.indexOf('\n', from)) {
            line.accept(length == 0 && end - from <= bytesMax ? whole(part, from, end) : endOf(part, from, end));
            from = end + 1;
        }
        keep(part, from, part.length);
    }

    /** Gives the last line, where the stream did not end with a line's end. */
    void end(Consumer<byte[]> line) {
        if (length > 0) {
            line.accept(line());
        }
    }

    private static byte[] whole(byte[] part, int from, int to) {
        int end = to > from && part[to - 1] == '\r' ? to - 1 : to;
        return end == from ? EMPTY : Arrays.copyOfRange(part, from, end);
    }

    private byte[] endOf(byte[] part, int from, int to) {
        keep(part, from, to);
        return line();
    }

    private byte[] line() {
        int end = length > 0 && rest[length - 1] == '\r' ? length - 1 : length;
        length = 0;
        return Arrays.copyOf(rest, end);
    }

    private void keep(byte[] part, int from, int to) {
        int room = bytesMax + 1 - length;
        int count = Math.min(to - from, room);
        if (length + count > rest.length) {
            rest = Arrays.copyOf(rest, Math.max(length + count, Math.min(rest.length * 2, bytesMax + 1)));
        }
        System.arraycopy(part, from, rest, length, count);
        length += count;
    }
}
