package dev.orderflow.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.compression.JdkZlibDecoder;
import io.netty.handler.codec.compression.ZlibWrapper;
import java.util.List;
import java.util.function.Predicate;

/**
 * Reads gzip (RFC 1952) as it comes, a little at a time, so that whoever takes what it becomes can stop before it is too
 * much. One member; for one thread.
 */
public final class Gunzip implements AutoCloseable {

    /** A byte of gzip can become a thousand. */
    private static final int SLICE = 64;

    private final OneMember decoder = new OneMember();
    private final EmbeddedChannel channel = new EmbeddedChannel(decoder);
    private boolean closed;

    /** Netty's decoder passes what follows a member without a word; here it is seen. */
    private static final class OneMember extends JdkZlibDecoder {

        private boolean followed;

        OneMember() {
            super(ZlibWrapper.GZIP);
        }

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
            followed |= isClosed() && in.isReadable();
            super.decode(ctx, in, out);
        }
    }

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
            int count = Math.min(SLICE, part.length - at);
            try {
                channel.writeInbound(Unpooled.wrappedBuffer(part, at, count));
            } catch (DecoderException e) {
                throw new NoGzipException("The body is not gzip, as its Content-Encoding says.");
            }
            if (decoder.followed) {
                throw new NoGzipException("More follows the gzip member of the body; one is read.");
            }
            at += count;
            for (ByteBuf some = channel.readInbound(); some != null; some = channel.readInbound()) {
                byte[] bytes = new byte[some.readableBytes()];
                some.readBytes(bytes).release();
                wants &= out.test(bytes);
            }
        }
        return at;
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
