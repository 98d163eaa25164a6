package dev.orderflow.intake;

import dev.orderflow.door.Problem;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One bulk on its way: a part of the body is read, its lines are appended on a worker, and the next part is read when
 * there is room. So much is held at once: a part, and {@link #WINDOW} results. Everything is of the event loop but
 * {@link #work}, which runs alone.
 */
final class BulkRequest {

    /** Lines that may wait for their results to be written; enough to keep the producer's batches full. */
    private static final int WINDOW = 2_000;

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

    private byte[] part = new byte[0];
    private long bytes;
    private int number;
    private boolean working;
    private boolean ended;
    private boolean cut;
    private boolean tooMuch;
    private boolean noPlace;
    private boolean gone;

    BulkRequest(Bulk bulk, RoutingContext ctx) {
        this.bulk = bulk;
        this.ctx = ctx;
        this.request = ctx.request();
        this.response = ctx.response();
        this.loop = ctx.vertx().getOrCreateContext();
        this.lines = new BulkLines(bulk.lineBytesMax);
        this.append = new BulkAppend(bulk, ctx);
    }

    void read() {
        request.handler(this::part);
        request.endHandler(end -> {
            ended = true;
            next();
        });
        // A client that left in the middle: what it sent whole is appended, and nobody reads the results.
        response.closeHandler(closed -> gone = true);
        request.exceptionHandler(failed -> gone = true);
        request.resume();
    }

    private void part(Buffer buffer) {
        if (ended) {
            return;
        }
        request.pause();
        bytes += buffer.length();
        tooMuch = bytes > bulk.bytesMax;
        part = tooMuch ? buffer.getBytes(0, (int) (buffer.length() - (bytes - bulk.bytesMax))) : buffer.getBytes();
        ended = tooMuch;
        next();
    }

    private void next() {
        if (working || gone) {
            return;
        }
        working = true;
        try {
            bulk.workers.execute(this::work);
        } catch (RejectedExecutionException e) {
            gone = true;
            request.connection().close();
        }
    }

    /** On a worker, since validation takes time and a Kafka {@code send} can block. */
    private void work() {
        try {
            lines.take(part, todo::add);
            part = new byte[0];
            if (ended && !tooMuch && !cut) {
                lines.end(todo::add);
            }
            cut = ended;
            noPlace = false;
            while (!todo.isEmpty() && waitingResults.get() < WINDOW && !noPlace && number <= bulk.linesMax) {
                line();
            }
            append.flush();
            if (cut && tooMuch && todo.isEmpty() && number <= bulk.linesMax) {
                result().invalid(Problem.tooLarge(bulk.bytesMax));
            }
        } finally {
            loop.runOnContext(done -> worked());
        }
    }

    private void line() {
        if (number == bulk.linesMax) {
            result().invalid(Problems.tooManyLines(bulk.linesMax));
            tooMuch = true;
            todo.clear();
        } else if (bulk.waiting.take()) {
            append.line(todo.poll(), result());
        } else {
            noPlace = true;
        }
    }

    private LineResult result() {
        var result = new LineResult(++number, this::known);
        waitingResults.incrementAndGet();
        unknownResults.incrementAndGet();
        results.add(result);
        return result;
    }

    private void worked() {
        working = false;
        ended |= tooMuch;
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
        if (working) {
            return;
        }
        if (!todo.isEmpty() || part.length > 0 || ended && !cut && !tooMuch) {
            if (!noPlace && waitingResults.get() < WINDOW) {
                next();
            }
        } else if (ended) {
            end();
        } else if (waitingResults.get() < WINDOW) {
            request.resume();
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
            }
            response.write(out);
        }
    }

    private void end() {
        if (!results.isEmpty()) {
            return;
        }
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
