package dev.orderflow.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.compression.JdkZlibDecoder;
import io.netty.handler.codec.compression.ZlibWrapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Predicate;
import java.util.zip.CRC32;

/**
 * Reads gzip (RFC 1952) as it comes, a little at a time, so that whoever takes what it becomes can stop before it is too
 * much. One member; for one thread.
 */
public final class Gunzip implements AutoCloseable {

    /** A byte of gzip can become a thousand. */
    private static final int SLICE = 64;

    /** CRC-32 and size (RFC 1952, 2.3.1). */
    private static final int TRAILER = 8;

    private final JdkZlibDecoder decoder = new JdkZlibDecoder(ZlibWrapper.GZIP);
    private final EmbeddedChannel channel = new EmbeddedChannel(decoder);
    private final CRC32 crc = new CRC32();
    private final byte[] last = new byte[TRAILER];
    private long size;
    private boolean closed;

    /** What came is no gzip, or not all of one. */
    public static final class NoGzipException extends Exception {
        private static final long serialVersionUID = 1L;

        NoGzipException(String sentence) {
            super(sentence, null, false, false);
        }
    }

    /**
     * @param from where in the part to begin
     * @param out gets what it becomes, and tells whether it wants more now
     * @return where it wants to go on; the part's length where all of it was read
     */
    public int take(byte[] part, int from, Predicate<byte[]> out) throws NoGzipException {
        int at = from;
        boolean wants = true;
        while (wants && at < part.length) {
            if (decoder.isClosed()) {
                throw more();
            }
            int count = Math.min(SLICE, part.length - at);
            try {
                channel.writeInbound(Unpooled.wrappedBuffer(part, at, count));
            } catch (DecoderException e) {
                throw new NoGzipException("The body is not gzip, as its Content-Encoding says.");
            }
            remember(part, at, count);
            at += count;
            for (ByteBuf some = channel.readInbound(); some != null; some = channel.readInbound()) {
                byte[] bytes = new byte[some.readableBytes()];
                some.readBytes(bytes).release();
                crc.update(bytes);
                size += bytes.length;
                wants &= out.test(bytes);
            }
        }
        return at;
    }

    private void remember(byte[] part, int from, int count) {
        int kept = Math.min(count, TRAILER);
        System.arraycopy(last, kept, last, 0, TRAILER - kept);
        System.arraycopy(part, from + count - kept, last, TRAILER - kept, kept);
    }

    /** The body ended here; the decoder passes what follows a member without a word, so its trailer must be the end. */
    public void end() throws NoGzipException {
        if (!decoder.isClosed()) {
            throw new NoGzipException("The body ended before its gzip did.");
        }
        var trailer = ByteBuffer.wrap(last).order(ByteOrder.LITTLE_ENDIAN);
        if (trailer.getInt() != (int) crc.getValue() || trailer.getInt() != (int) size) {
            throw more();
        }
    }

    private static NoGzipException more() {
        return new NoGzipException("More follows the gzip member of the body; one is read.");
    }

    /** May be called again. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            channel.finishAndReleaseAll();
        } catch (DecoderException e) {
            // It was no gzip, which was told already.
        }
    }
}
