package dev.orderflow.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Brokers of older versions, each in a JVM with a class path of its own; the profile {@code brokers} fetches them. */
public final class OldKafka {

    /** System property: the versions that were fetched, oldest first, with a space between them. */
    public static final String VERSIONS = "brokers.versions";

    private OldKafka() {}

    public static List<String> versions() {
        return List.of(System.getProperty(VERSIONS).split(" "));
    }

    /** That version of Kafka, and what is compiled here. */
    public static String classPath(String version) {
        try {
            var jars = Files.readString(Path.of("target", "brokers", version + ".classpath"));
            return String.join(
                    File.pathSeparator,
                    jars.strip(),
                    Path.of("target", "classes").toString(),
                    Path.of("target", "test-classes").toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A main class of ours on that version of Kafka. */
    public static ChildApp start(String version, String mainClass, String... arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                classPath(version),
                mainClass));
        command.addAll(List.of(arguments));
        return ChildApp.program(command, java.util.Map.of());
    }
}
