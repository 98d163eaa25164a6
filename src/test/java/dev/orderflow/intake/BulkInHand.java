package dev.orderflow.intake;

import static dev.orderflow.events.Orders.REQUEST;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.orderflow.http.InFlightLimit;
import dev.orderflow.settings.Settings;
import dev.orderflow.telemetry.OutageLog;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.auth.User;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.LoggerFactory;

/** A bulk's handler on a server of Vert.x alone, with a producer and keys that do what the test says. */
final class BulkInHand implements AutoCloseable {

    static final String ORDER = REQUEST.replaceAll("\\s*\\n\\s*", " ");

    /** More bytes than the least limit that a setting takes. */
    static final String WIDE = ORDER + " ".repeat(1_100 - ORDER.length());

    /** Small, so that answers that nobody reads fill it soon. */
    private static final int SEND_BUFFER = 8_192;

    final DefaultCamelContext context = new DefaultCamelContext();
    final KeysInHand keys = new KeysInHand();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final MockProducer<String, byte[]> producer;
    final InFlightLimit waiting;
    final Bulk bulk;
    volatile Optional<User> user = Optional.empty();
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;

    private BulkInHand(boolean acknowledges, int places, UnaryOperator<Settings> change) {
        producer = new MockProducer<>(acknowledges, null, new StringSerializer(), new ByteArraySerializer());
        waiting = new InFlightLimit(places);
        bulk = new Bulk(
                context,
                change.apply(Settings.load()),
                waiting,
                new IntakeMeters(registry, waiting),
                () -> Optional.of(keys),
                new OutageLog(LoggerFactory.getLogger(BulkInHand.class), "intake"),
                () -> producer);
        try {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:accept-order").routeId("accept-order").stop();
                }
            });
            context.addService(bulk);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        context.start();
        server = vertx.createHttpServer(
                        new HttpServerOptions().setHost("127.0.0.1").setSendBufferSize(SEND_BUFFER))
                .requestHandler(router())
                .listen(0)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** Each order is acknowledged at once. */
    static BulkInHand acknowledging(UnaryOperator<Settings> change) {
        return new BulkInHand(true, 5_000, change);
    }

    /** Each order waits for what the test says of it. */
    static BulkInHand holding(int places) {
        return new BulkInHand(false, places, settings -> settings);
    }

    private Router router() {
        var router = Router.router(vertx);
        router.route().handler(ctx -> {
            user.ifPresent(ctx::setUser);
            ctx.next();
        });
        router.route(Bulk.PATH).handler(bulk);
        router.route("/orders").handler(bulk);
        router.route("/orders").handler(ctx -> ctx.end("one order"));
        return router;
    }

    static String keyed(String key) {
        return keyed(key, ORDER);
    }

    static String keyed(String key, String order) {
        return order.replaceFirst("\\{", "{\"idempotencyKey\": \"" + key + "\", ");
    }

    /** Sends a bulk of these lines, each of which ends, so that all of them are worked on together. */
    BulkAnswer post(String... lines) {
        return post("", (String.join("\n", lines) + "\n").getBytes(ISO_8859_1));
    }

    BulkAnswer post(String headers, byte[] body) {
        try (var socket = open("/orders/bulk", headers + "Content-Length: " + body.length + "\r\n")) {
            socket.getOutputStream().write(body);
            return BulkAnswer.read(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without a Content-Length: how long it is shows only as it comes. */
    BulkAnswer postChunked(String body) {
        try (var socket = open("/orders/bulk", "Transfer-Encoding: chunked\r\n")) {
            socket.getOutputStream().write(chunk(body));
            socket.getOutputStream().write(chunk(""));
            return BulkAnswer.read(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] chunk(String part) {
        return (Integer.toHexString(part.length()) + "\r\n" + part + "\r\n").getBytes(ISO_8859_1);
    }

    /** A connection on which the head of a request was sent. */
    Socket open(String path, String headers) {
        String type = headers.contains("Content-Type") ? "" : "Content-Type: application/x-ndjson\r\n";
        try {
            var socket = new Socket();
            socket.setReceiveBufferSize(SEND_BUFFER);
            socket.connect(new InetSocketAddress("127.0.0.1", server.actualPort()));
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("POST " + path + " HTTP/1.1\r\nHost: a\r\n" + type + headers + "\r\n")
                            .getBytes(ISO_8859_1));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    double accepted() {
        return registry.get("orderflow.orders.accepted").counter().count();
    }

    double refused(int status) {
        return registry.find("orderflow.orders.refused").tag("status", "" + status).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Override
    public void close() {
        context.stop();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
