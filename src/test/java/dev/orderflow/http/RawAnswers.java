package dev.orderflow.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A server of Vert.x alone before one handler, and the bytes that it answers to bytes. */
final class RawAnswers implements AutoCloseable {

    private static final int LIMIT_MS = 10_000;

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;

    RawAnswers(Handler<HttpServerRequest> handler) {
        server = vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1"))
                .requestHandler(handler)
                .listen(0)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** What comes up to the end of the connection; fails where the server keeps it open. */
    String of(String bytes) {
        try (var socket = new Socket("127.0.0.1", server.actualPort())) {
            socket.setSoTimeout(LIMIT_MS);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
