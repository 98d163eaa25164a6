package dev.orderflow.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.orderflow.settings.Settings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Answers as the REST API does, or as something else does; and what a person types and reads of it. */
final class FakeProcess implements AutoCloseable {

    /** Writes an answer of its own, however wrong. */
    @FunctionalInterface
    interface Answering {
        void answer(HttpExchange call) throws IOException;
    }

    final List<String> asked = new ArrayList<>();
    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private final Map<String, Answering> answers = new HashMap<>();
    private final Map<String, String> set = new HashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    /** A body with {@code dryRun} is a call of its own, {@code POST /path dry}. */
    FakeProcess() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", call -> {
            String body = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            asked.add((call.getRequestMethod() + " " + call.getRequestURI() + " " + body).strip());
            String key = call.getRequestMethod() + " " + call.getRequestURI()
                    + (body.contains("\"dryRun\":true") ? " dry" : "");
            var answering = answers.get(key);
            if (answering == null) {
                write(call, 404, problem("There is no such path here. See /openapi.json."));
            } else {
                answering.answer(call);
            }
            call.close();
        });
        server.start();
        set("cli.url", address());
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void set(String key, String value) {
        set.put(key, value);
    }

    void answer(String call, int status, String body) {
        answers.put(call, exchange -> write(exchange, status, body));
    }

    void answer(String call, Answering answering) {
        answers.put(call, answering);
    }

    static String problem(String detail) {
        return "{\"type\":\"https://orderflow.dev/problems/p\",\"detail\":\"%s\"}".formatted(detail);
    }

    static void write(HttpExchange call, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        call.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        call.getResponseBody().write(bytes);
    }

    /** No terminal is there. */
    int typed(String line) {
        return run("", false, line);
    }

    /** A person sits there and says {@code said}. */
    int asked(String said, String line) {
        return run(said, true, line);
    }

    private int run(String said, boolean interactive, String line) {
        var terminal = new Terminal(
                new ByteArrayInputStream(said.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true),
                new PrintStream(err, true),
                interactive);
        var settings = Settings.load();
        for (var one : set.entrySet()) {
            settings = settings.with(one.getKey(), one.getValue());
        }
        var found = settings;
        try {
            return new CommandTree(terminal, "operations", ProcessCommands.all(() -> found, terminal))
                    .run(line.isEmpty() ? new String[0] : line.split(" "));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
