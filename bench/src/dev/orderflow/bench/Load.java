package dev.orderflow.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.HdrHistogram.Histogram;

/** A closed loop: each of N connections sends its next request when the answer to its last one is there. */
final class Load {

    private static final int LOOPS = 2;
    private static final Vertx VERTX = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(LOOPS));

    private final int port;
    private final int connections;
    /** What is read; empty where orders are posted. */
    private final List<String> uris;

    private final List<Buffer> bodies;
    private final int ordersInBody;

    private Load(int port, int connections, List<String> uris, List<Buffer> bodies, int ordersInBody) {
        this.uris = uris;
        this.port = port;
        this.connections = connections;
        this.bodies = bodies;
        this.ordersInBody = ordersInBody;
    }

    /** One order a request. */
    static Load single(int port, int connections) {
        var bodies = new ArrayList<Buffer>();
        for (int i = 0; i < 1_000; i++) {
            bodies.add(Buffer.buffer(Orders.request(i)));
        }
        return new Load(port, connections, List.of(), bodies, 1);
    }

    /** Reads these addresses in turn; what is not 200 is an error. */
    static Load reads(int port, int connections, List<String> uris) {
        return new Load(port, connections, uris, List.of(Buffer.buffer()), 1);
    }

    /** So many orders a request, a line each. */
    static Load bulk(int port, int connections, int lines) {
        var body = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            body.append(Orders.request(i)).append('\n');
        }
        return new Load(port, connections, List.of(), List.of(Buffer.buffer(body.toString())), lines);
    }

    /** @param perSecond accepted orders, of the seconds after the warm-up */
    record Result(double perSecond, Histogram latencyUs, long orders, long errors) {}

    /** Runs for so long; counts only what began and ended behind the warm-up. */
    Result run(double warmUpS, double seconds) {
        long from = System.nanoTime() + (long) (warmUpS * 1e9);
        long to = from + (long) (seconds * 1e9);
        var loops = new ArrayList<Loop>();
        var done = new CountDownLatch(connections);
        int threads = Math.min(LOOPS, connections);
        for (int i = 0; i < threads; i++) {
            var loop = new Loop(connections / threads + (i < connections % threads ? 1 : 0), from, to, done);
            loops.add(loop);
            VERTX.getOrCreateContext();
            VERTX.runOnContext(onLoop -> loop.begin());
        }
        try {
            done.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        var latency = new Histogram(3);
        long orders = 0;
        long errors = 0;
        for (Loop loop : loops) {
            latency.add(loop.latency);
            orders += loop.orders;
            errors += loop.errors;
            loop.client.close();
        }
        return new Result(orders / seconds, latency, orders, errors);
    }

    /** The connections of one event loop; everything here runs on it. */
    private final class Loop {

        final HttpClient client;
        final Histogram latency = new Histogram(3);
        private final RequestOptions options;
        private final int mine;
        private final long from;
        private final long to;
        private final CountDownLatch done;
        long orders;
        long errors;
        private int next;

        Loop(int mine, long from, long to, CountDownLatch done) {
            this.mine = mine;
            this.from = from;
            this.to = to;
            this.done = done;
            this.client = VERTX.createHttpClient(new HttpClientOptions()
                    .setMaxPoolSize(mine)
                    .setKeepAlive(true)
                    .setPipelining(false));
            this.options = new RequestOptions()
                    .setMethod(uris.isEmpty() ? HttpMethod.POST : HttpMethod.GET)
                    .setHost("127.0.0.1")
                    .setPort(port)
                    .setURI("/orders")
                    .putHeader("Content-Type", ordersInBody == 1 ? "application/json" : "application/x-ndjson");
        }

        private RequestOptions options(int n) {
            return uris.isEmpty() ? options : new RequestOptions(options).setURI(uris.get(n % uris.size()));
        }

        void begin() {
            for (int i = 0; i < mine; i++) {
                send();
            }
        }

        private void send() {
            long start = System.nanoTime();
            if (start >= to) {
                done.countDown();
                return;
            }
            Buffer body = bodies.get(next % bodies.size());
            client.request(options(next++))
                    .compose(request -> request.send(body))
                    .compose(response -> response.body().map(answer -> accepted(response, answer)))
                    .onComplete(result -> {
                        count(start, result.succeeded() ? result.result() : 0);
                        send();
                    });
        }

        private void count(long start, int accepted) {
            long end = System.nanoTime();
            if (start >= from && end <= to) {
                orders += accepted;
                errors += ordersInBody - accepted;
                latency.recordValue((end - start) / 1_000);
            }
        }
    }

    private int accepted(HttpClientResponse response, Buffer answer) {
        if (ordersInBody == 1) {
            return response.statusCode() == (uris.isEmpty() ? 202 : 200) ? 1 : 0;
        }
        int accepted = 0;
        String text = answer.toString();
        for (int at = text.indexOf("\"accepted\""); at >= 0; at = text.indexOf("\"accepted\"", at + 1)) {
            accepted++;
        }
        return accepted;
    }
}
