package dev.orderflow.door;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.compression.JdkZlibDecoder;
import io.netty.handler.codec.compression.ZlibWrapper;
import java.util.function.Predicate;

/**
 * Reads gzip (RFC 1952) as it comes, a little at a time, so that whoever takes what it becomes can stop before it is too
 * much. One member; for one thread.
 */
public final class Gunzip implements AutoCloseable {

    /** A byte of gzip can become a thousand. */
    private static final int SLICE = 64;

    private final JdkZlibDecoder decoder = new JdkZlibDecoder(ZlibWrapper.GZIP);
    private final EmbeddedChannel channel = new EmbeddedChannel(decoder);
    private boolean closed;

    /** What came is no gzip, or not all of one. */
    public static final class NoGzipException extends Exception {
        private static final long serialVersionUID = 1L;

        NoGzipException(String sentence) {
            super(sentence, null, false, false);
        }
    }

    /** @param out gets what it becomes, and tells whether it wants more */
    public void take(byte[] part, Predicate<byte[]> out) throws NoGzipException {
        for (int from = 0; from < part.length; from += SLICE) {
            if (decoder.isClosed()) {
                throw new NoGzipException("More follows the gzip member of the body; one is read.");
            }
            try {
                channel.writeInbound(Unpooled.wrappedBuffer(part, from, Math.min(SLICE, part.length - from)));
            } catch (DecoderException e) {
                throw new NoGzipException("The body is not gzip, as its Content-Encoding says.");
            }
            for (ByteBuf some = channel.readInbound(); some != null; some = channel.readInbound()) {
                byte[] bytes = new byte[some.readableBytes()];
                some.readBytes(bytes).release();
                if (!out.test(bytes)) {
                    return;
                }
            }
        }
    }

    /** The body ended here. */
    public void end() throws NoGzipException {
        if (!decoder.isClosed()) {
            throw new NoGzipException("The body ended before its gzip did.");
        }
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
