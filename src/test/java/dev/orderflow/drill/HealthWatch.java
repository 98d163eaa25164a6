package dev.orderflow.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks each process for its health, and the front for {@code GET /routes}, once a second, and keeps what changed. */
final class HealthWatch implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final long EVERY_MS = 1_000;
    private static final String WELL = "{\"name\":\"deliveries\",\"status\":\"UP\"}";

    private final Path file;
    private final HttpClient http = HttpClient.newHttpClient();

    /** By who was asked. */
    private final Map<String, String> newest = new ConcurrentHashMap<>();

    private volatile boolean closed;

    /** @param file where all answers are kept, a line for each that is not the one before */
    HealthWatch(Path file) {
        this.file = file;
    }

    void add(Instance instance, boolean isFront) {
        watch(instance.name, instance.managementUrl() + "/observe/health");
        if (isFront) {
            watch(instance.name + "/routes", instance.url() + "/routes");
        }
    }

    private void watch(String who, String url) {
        var thread = new Thread(
                () -> {
                    while (!closed) {
                        keep(who, ask(url));
                        Fault.pause(EVERY_MS);
                    }
                },
                "watch-" + who);
        thread.setDaemon(true);
        thread.start();
    }

    private String ask(String url) {
        try {
            return http.send(
                            HttpRequest.newBuilder(URI.create(url))
                                    .timeout(TIMEOUT)
                                    .build(),
                            BodyHandlers.ofString())
                    .body()
                    .replace("\\/", "/")
                    .replaceAll("\\s*\\R\\s*", "");
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private void keep(String who, String said) {
        if (!said.equals(newest.put(who, said))) {
            synchronized (this) {
                try {
                    Files.writeString(
                            file,
                            "%s %s %s%n".formatted(Instant.now(), who, said),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.APPEND);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /** What is said now that matches, of health; empty when nothing is until the limit is over. */
    String awaitSaid(Pattern sentence, Duration limit) {
        Instant until = Instant.now().plus(limit);
        while (Instant.now().isBefore(until)) {
            for (var said : newest.entrySet()) {
                Matcher found = sentence.matcher(said.getValue());
                if (!said.getKey().endsWith("/routes") && found.find()) {
                    return found.group();
                }
            }
            Fault.pause(EVERY_MS / 4);
        }
        return "";
    }

    /** Whether, until the limit is over, every process comes to say that all services are well. */
    String awaitWell(Duration limit) {
        Instant until = Instant.now().plus(limit);
        while (true) {
            String ill = newest.entrySet().stream()
                    .filter(said -> !said.getKey().endsWith("/routes"))
                    .filter(said -> !said.getValue().contains(WELL))
                    .map(said -> said.getKey() + " says " + said.getValue())
                    .findFirst()
                    .orElse("");
            if (ill.isEmpty() || Instant.now().isAfter(until)) {
                return ill;
            }
            Fault.pause(EVERY_MS / 4);
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
