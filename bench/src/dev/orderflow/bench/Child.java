package dev.orderflow.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A process under measurement, with its output in a file. */
final class Child implements AutoCloseable {

    private static final long START_MS = 90_000;

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final Path log;

    private Child(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** A main class of the bench in a JVM of its own. */
    static Child java(Class<?> main, List<String> flags, String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.add("-Dlogback.configurationFile=bench/logback.xml");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return start(main.getSimpleName(), command, Map.of());
    }

    static Child start(String name, List<String> command, Map<String, String> environment) {
        try {
            var log = Files.createDirectories(Path.of("target", "bench-logs"))
                    .resolve(name + "-" + COUNT.incrementAndGet() + ".log");
            var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            var child = new Child(builder.start(), log);
            Runtime.getRuntime().addShutdownHook(new Thread(child.process::destroyForcibly));
            return child;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until it printed a line that begins so, and gives the rest of that line. */
    String await(String beginning) {
        long end = System.currentTimeMillis() + START_MS;
        while (System.currentTimeMillis() < end && process.isAlive()) {
            for (String line : output().split("\n")) {
                if (line.startsWith(beginning)) {
                    return line.substring(beginning.length()).trim();
                }
            }
            pause(50);
        }
        throw new IllegalStateException(
                "No line '%s...' came from the process; its output:%n%s".formatted(beginning, output()));
    }

    /** Waits until its management port says that it is ready. */
    void awaitHealth(int port) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/observe/health"))
                .timeout(Duration.ofSeconds(5))
                .build();
        long end = System.currentTimeMillis() + START_MS;
        while (System.currentTimeMillis() < end && process.isAlive()) {
            if (isOk(request)) {
                return;
            }
            pause(50);
        }
        String said = output().strip();
        throw new IllegalStateException(
                "%s did not answer with 200; the last line of the process was: %s%nAll of it:%n%s"
                        .formatted(request.uri(), said.substring(said.lastIndexOf('\n') + 1), said));
    }

    private static boolean isOk(HttpRequest request) {
        try {
            return HTTP.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    /** Holds every thread of it where it is. */
    void hold() {
        signal("STOP");
    }

    void letGo() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static void pause(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        letGo();
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
