package dev.orderflow.app;

import dev.orderflow.events.OrderReader;
import dev.orderflow.events.OrderWriter;
import dev.orderflow.settings.Settings;
import dev.orderflow.telemetry.DaemonThreads;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Uses what every order uses before the first one comes, since a cold JVM takes a hundred times as long: it reads and
 * writes an order that goes nowhere while the rest still starts, and then asks its own door for a page. It leaves nothing
 * in a topic or a table.
 */
final class WarmUp {

    private static final int CALLS_AT_ONCE = 16;
    private static final byte[] ORDER = """
            {"customer":{"id":"c-1","email":"ada@example.com"},"shipTo":{"name":"Ada","street":"Main St 1","city":"Berlin",
            "postalCode":"10115","country":"DE"},"currency":"EUR","lines":[{"sku":"mug-blue","quantity":2,"unitPrice":"12.50"},
            {"sku":"mug-white","quantity":1,"unitPrice":"7"}],"reference":"r"}""".getBytes(StandardCharsets.UTF_8);

    private final long until;
    private final CompletableFuture<Void> reading;
    private volatile boolean done;

    private WarmUp(int ms) {
        this.until = System.nanoTime() + ms * 1_000_000L;
        this.done = ms == 0;
        this.reading = CompletableFuture.runAsync(this::readAndWrite, task -> {
            var thread = DaemonThreads.of("warm-up", task);
            thread.setPriority(Thread.MIN_PRIORITY);
            thread.start();
        });
    }

    /** Begins beside the start of everything else. */
    static WarmUp begin(Settings settings) {
        return new WarmUp(settings.number("orderflow.warmUpMs"));
    }

    /** Why the process is not ready; empty when it is warm. */
    Optional<String> trouble() {
        return done ? Optional.empty() : Optional.of("it is warming up");
    }

    /** Returns when the process is warm, or its time is over. */
    void finish(Settings settings) {
        if (!done) {
            calls(URI.create("http://%s:%s/openapi.json"
                    .formatted(settings.text("orderflow.http.host"), settings.text("orderflow.http.port"))));
            reading.join();
            done = true;
        }
    }

    private boolean isTime() {
        return System.nanoTime() - until < 0;
    }

    private void readAndWrite() {
        var id = new UUID(0, 0);
        while (isTime()) {
            if (OrderReader.request(ORDER) instanceof OrderReader.Readable order) {
                OrderReader.record(OrderWriter.bytes(order.placed(id, Instant.EPOCH)));
            }
        }
    }

    // Without a token the answer is 401, which warms the server all the same.
    private void calls(URI page) {
        var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var request =
                HttpRequest.newBuilder(page).timeout(Duration.ofSeconds(5)).build();
        try {
            // One alone, so that the classes are loaded once.
            client.send(request, BodyHandlers.discarding());
            while (isTime()) {
                var calls = new ArrayList<CompletableFuture<?>>();
                for (int i = 0; i < CALLS_AT_ONCE; i++) {
                    calls.add(client.sendAsync(request, BodyHandlers.discarding()));
                }
                CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
                        .exceptionally(failed -> null)
                        .join();
            }
        } catch (IOException e) {
            // The door is elsewhere than this machine can reach; the first callers warm it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
