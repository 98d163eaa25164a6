package dev.orderflow.drill;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;

/** JVMs of the drill: small, quick to start, and gone with it. Their output is appended to a file. */
final class Child {

    private static final Map<String, Path> ARCHIVES = new ConcurrentHashMap<>();
    private static final Map<String, String> JARS = new ConcurrentHashMap<>();

    private Child() {}

    static Process java(Path log, String classPath, List<String> flags, String mainClass, List<String> words) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        var archive = ARCHIVES.get(archived(classPath, mainClass));
        command.add(archive == null ? "-XX:+RecordDynamicDumpInfo" : "-XX:SharedArchiveFile=" + archive);
        command.addAll(flags);
        command.addAll(List.of("-cp", jars(classPath), mainClass));
        command.addAll(words);
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Has a child write down the classes that it has loaded, so that all later ones of this main class and class path
     * start with a third less work (JEP 350). Once for each; without an archive they start as ever.
     */
    static void archive(Process process, String classPath, String mainClass) {
        if (ARCHIVES.containsKey(archived(classPath, mainClass))) {
            return;
        }
        var archive = temporary(mainClass, ".jsa");
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        run(jcmd, Long.toString(process.pid()), "VM.cds", "dynamic_dump", archive.toString());
        if (Files.exists(archive)) {
            ARCHIVES.put(archived(classPath, mainClass), archive);
        }
    }

    private static String archived(String classPath, String mainClass) {
        return mainClass + " of " + classPath;
    }

    /** The same class path with a jar in the place of each folder: an archive of classes takes jars only. */
    private static String jars(String classPath) {
        return Arrays.stream(classPath.split(File.pathSeparator))
                .map(entry -> Files.isDirectory(Path.of(entry)) ? JARS.computeIfAbsent(entry, Child::jar) : entry)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String jar(String folder) {
        String jar = temporary("classes", ".jar").toString();
        ToolProvider.findFirst("jar").orElseThrow().run(System.out, System.err, "-cf", jar, "-C", folder, ".");
        return jar;
    }

    /** The name of a file that is not there, and goes with this JVM. */
    private static Path temporary(String name, String end) {
        try {
            var file = Files.createTempFile(Files.createDirectories(Path.of("target", "drill")), name + "-", end)
                    .toAbsolutePath();
            Files.delete(file);
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL; returns when it is gone. */
    static void kill(Process process) {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** STOP or CONT, which Java has no call for. */
    static void signal(String name, Process process) {
        run("kill", "-" + name, Long.toString(process.pid()));
    }

    private static void run(String... command) {
        try {
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
