package dev.orderflow.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;

/** The application, or another main class, in a JVM of its own, which a test can kill. Its output is kept below target/. */
public final class ChildApp implements AutoCloseable {

    private static final int END_S = 30;

    private final Process process;
    private final Path output;

    private ChildApp(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Runs {@code orderflow run} with the settings given; the ports are theirs too, so name free ones. */
    public static ChildApp start(Map<String, String> settings) {
        return start("dev.orderflow.app.App", settings, List.of("run"));
    }

    public static ChildApp start(String mainClass, Map<String, String> settings, List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx320m");
        command.add("-XX:+UseSerialGC");
        settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(arguments);
        return program(command, Map.of());
    }

    /** Any program, with {@code environment} over that of the test. */
    public static ChildApp program(List<String> command, Map<String, String> environment) {
        try {
            var folder = Files.createDirectories(Path.of("target", "children"));
            var output = Files.createTempFile(folder, "child-", ".log");
            var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            var process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new ChildApp(process, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything that it printed so far. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it printed {@code text}; fails with its output when it ends before. */
    public ChildApp await(String text) {
        try {
            Awaitility.await(text)
                    .atMost(60, TimeUnit.SECONDS)
                    .failFast(() -> !process.isAlive() && !output().contains(text))
                    .until(() -> output().contains(text));
        } catch (ConditionTimeoutException | TerminalFailureException e) {
            throw new IllegalStateException(
                    "The child %s '%s'. It printed:%n%s"
                            .formatted(process.isAlive() ? "did not print" : "ended without", text, output()),
                    e);
        }
        return this;
    }

    /** Waits until it takes orders. */
    public ChildApp awaitReady() {
        return await("Orderflow is ready");
    }

    /** SIGKILL, as a crash does it; returns when it is gone. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGTERM, as an orderly stop does it; returns the status. */
    public int stop() {
        process.destroy();
        return awaitEnd();
    }

    /** Waits for its end and returns the status. */
    public int awaitEnd() {
        try {
            if (!process.waitFor(END_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("The child did not end within " + END_S + " s:\n" + output());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            stop();
        }
    }
}
