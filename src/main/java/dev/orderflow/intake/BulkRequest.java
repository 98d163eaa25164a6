package dev.orderflow.intake;

import dev.orderflow.http.Gunzip;
import dev.orderflow.http.MediaType;
import dev.orderflow.http.Problem;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One bulk on its way: parts of the body are read while the lines of those before them are appended on a worker. So much
 * is held at once: twice {@link #READ_AHEAD_BYTES}, and {@link #WINDOW} results. Everything is of the event loop but
 * {@link #work}, which runs alone.
 */
final class BulkRequest {

    /** Lines that may wait for their results to be written; enough to keep the producer's batches full. */
    private static final int WINDOW = 2_000;

    /** Bytes that may wait for the worker; the more it finds, the less often it is woken. */
    private static final int READ_AHEAD_BYTES = 256 * 1024;

    /** Results that become known before they are written, while others are awaited: waking the event loop costs more than a result. */
    private static final int WRITTEN_TOGETHER = 256;

    private static final long NO_PLACE_PAUSE_MS = 5;

    private final Bulk bulk;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final RoutingContext ctx;
    private final Context loop;
    private final BulkLines lines;
    private final BulkAppend append;
    private final Deque<byte[]> todo = new ArrayDeque<>();
    private final Queue<LineResult> results = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waitingResults = new AtomicInteger();
    private final AtomicInteger unknownResults = new AtomicInteger();
    private final AtomicBoolean flushAsked = new AtomicBoolean();

    private List<byte[]> parts = new ArrayList<>();
    private int ahead;
    private long bytes;
    private boolean working;
    private boolean ended;
    private boolean tooMuch;
    private boolean gone;

    /** What of it is not read, and why; null where all is. */
    private volatile Problem unread;

    /** Of a body that is gzip: what of it waits to be unpacked, and how far the first part is. Null where it is none. */
    private final Gunzip gunzip;

    private final Deque<byte[]> packed = new ArrayDeque<>();
    private int packedAt;
    private boolean received;

    // Of the worker, and of the event loop while it does not work.
    private List<byte[]> taken = List.of();
    private boolean last;
    private boolean cut;
    private boolean isStopTold;
    /** Lines that have a result: all but blank ones. */
    private int number;

    /** Lines so far. */
    private int place;

    private boolean noPlace;

    BulkRequest(Bulk bulk, RoutingContext ctx) {
        this.bulk = bulk;
        this.ctx = ctx;
        this.request = ctx.request();
        this.response = ctx.response();
        this.loop = ctx.vertx().getOrCreateContext();
        this.lines = new BulkLines(bulk.lineBytesMax);
        this.append = new BulkAppend(bulk, ctx);
        this.gunzip = MediaType.isGzip(request.getHeader("Content-Encoding")) ? new Gunzip() : null;
    }

    void read() {
        request.handler(this::part);
        request.endHandler(end -> {
            received();
            goOn();
        });
        // A client that left in the middle: what is being worked on is appended, and nobody reads the results.
        response.closeHandler(closed -> {
            gone = true;
            closeGunzip();
        });
        if (request.version() == HttpVersion.HTTP_1_1 && request.headers().contains("Expect")) {
            response.writeContinue();
        }
        request.exceptionHandler(failed -> gone = true);
        request.resume();
    }

    private void part(Buffer buffer) {
        if (ended || gone) {
            return;
        }
        if (gunzip == null) {
            plain(buffer.getBytes());
        } else {
            packed.add(buffer.getBytes());
            unpack();
        }
        if (ended || ahead >= READ_AHEAD_BYTES || !packed.isEmpty()) {
            request.pause();
        }
        goOn();
    }

    /** Only so far as is read ahead: a little of gzip can become very much. */
    private void unpack() {
        try {
            while (!ended && !gone && ahead < READ_AHEAD_BYTES && !packed.isEmpty()) {
                packedAt = gunzip.take(packed.peek(), packedAt, this::plain);
                if (packedAt == packed.peek().length) {
                    packed.poll();
                    packedAt = 0;
                }
            }
            if (received && packed.isEmpty() && !ended && !gone) {
                gunzip.end();
                ended = true;
            }
        } catch (Gunzip.NoGzipException e) {
            stopAt(Problem.malformedRequest(e.getMessage()));
        }
    }

    /** @return whether more is wanted now */
    private boolean plain(byte[] part) {
        bytes += part.length;
        boolean over = bytes > bulk.bytesMax;
        parts.add(over ? Arrays.copyOf(part, (int) (part.length - (bytes - bulk.bytesMax))) : part);
        ahead += part.length;
        if (over) {
            stopAt(Problem.tooLarge(bulk.bytesMax));
        }
        return !over && ahead < READ_AHEAD_BYTES;
    }

    private void stopAt(Problem problem) {
        unread = problem;
        tooMuch = true;
        ended = true;
    }

    private void received() {
        received = true;
        if (gunzip == null) {
            ended = true;
        } else {
            unpack();
        }
    }

    private void next() {
        if (working || gone) {
            return;
        }
        working = true;
        if (todo.isEmpty()) {
            take();
        }
        try {
            bulk.workers.execute(this::work);
        } catch (RejectedExecutionException e) {
            gone = true;
            request.connection().close();
        }
    }

    private void take() {
        taken = parts;
        last = ended;
        parts = new ArrayList<>();
        ahead = 0;
        if (gunzip != null) {
            unpack();
        }
        if (!ended && packed.isEmpty()) {
            request.resume();
        }
    }

    /** On a worker, since validation takes time and a Kafka {@code send} can block. */
    private void work() {
        try {
            taken.forEach(part -> lines.take(part, todo::add));
            taken = List.of();
            Problem stopped = last ? unread : null;
            if (last && stopped == null && !cut) {
                lines.end(todo::add);
            }
            cut = last;
            noPlace = false;
            while (!todo.isEmpty() && waitingResults.get() < WINDOW && !noPlace && number <= bulk.linesMax) {
                line();
            }
            append.flush();
            if (stopped != null && !isStopTold && todo.isEmpty() && number <= bulk.linesMax) {
                isStopTold = true;
                result().invalid(stopped);
            }
        } finally {
            loop.runOnContext(done -> worked());
        }
    }

    private void line() {
        if (isBlank(todo.peek())) {
            todo.poll();
            place++;
        } else if (number >= bulk.linesMax) {
            result().invalid(IntakeProblems.tooManyLines(bulk.linesMax));
            todo.clear();
        } else if (bulk.waiting.take()) {
            append.line(todo.poll(), result());
        } else {
            noPlace = true;
        }
    }

    private static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    private LineResult result() {
        number++;
        var result = new LineResult(++place, this::known);
        waitingResults.incrementAndGet();
        unknownResults.incrementAndGet();
        results.add(result);
        return result;
    }

    private void worked() {
        working = false;
        if (number > bulk.linesMax) {
            tooMuch = true;
            ended = true;
            parts.clear();
        }
        if (noPlace) {
            ctx.vertx().setTimer(NO_PLACE_PAUSE_MS, again -> next());
        }
        flush();
    }

    /** From any thread. The last result that is awaited, if no other, has those before it written. */
    private void known() {
        if (unknownResults.decrementAndGet() % WRITTEN_TOGETHER == 0 && flushAsked.compareAndSet(false, true)) {
            loop.runOnContext(flush -> {
                flushAsked.set(false);
                flush();
            });
        }
    }

    private void flush() {
        if (gone || response.ended()) {
            return;
        }
        if (response.writeQueueFull()) {
            response.drainHandler(drained -> flush());
            return;
        }
        write();
        goOn();
    }

    private void goOn() {
        if (working || gone || response.ended()) {
            return;
        }
        boolean tells = unread != null && !isStopTold;
        if (!todo.isEmpty() || !parts.isEmpty() || ended && !cut && !tooMuch || tells) {
            if (!noPlace && waitingResults.get() < WINDOW) {
                next();
            }
        } else if (ended) {
            end();
        }
    }

    private void write() {
        Buffer out = Buffer.buffer();
        for (LineResult head = results.peek(); head != null && head.isKnown(); head = results.peek()) {
            out.appendBytes(head.text());
            results.poll();
            waitingResults.decrementAndGet();
        }
        if (out.length() > 0) {
            if (!response.headWritten()) {
                response.setChunked(true).putHeader("Content-Type", Bulk.CONTENT_TYPE);
                if (tooMuch) {
                    response.putHeader("Connection", "close");
                }
            }
            response.write(out);
        }
    }

    /** It holds memory outside of the heap. */
    private void closeGunzip() {
        if (gunzip != null) {
            gunzip.close();
        }
    }

    private void end() {
        if (!results.isEmpty()) {
            return;
        }
        closeGunzip();
        if (number == 0) {
            Problem.emptyBody("Send an order a line.").answer(response);
        } else if (tooMuch) {
            // The rest of the body was not read, so no other request can follow on this connection.
            response.end().onComplete(sent -> request.connection().close());
        } else {
            response.end();
        }
    }
}
