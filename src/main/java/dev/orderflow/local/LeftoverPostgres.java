package dev.orderflow.local;

import dev.orderflow.settings.CannotStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A PostgreSQL that outlived its process, and what a dead one left in its folder. */
final class LeftoverPostgres {

    private static final int END_WAIT_S = 5;

    private LeftoverPostgres() {}

    /** Stops a server that runs on {@code folder}; never one that runs on another. */
    static void stop(Path folder, PostgresTools tools) throws IOException {
        var file = folder.resolve("postmaster.pid");
        var server = server(file);
        if (server.isEmpty()) {
            return;
        }
        try {
            stop(folder, file, server.get(), tools);
        } catch (IOException e) {
            // Its watcher ends it too, so it can be gone in the middle of every look at it.
            if (!ends(server.get())) {
                throw e;
            }
        }
    }

    private static void stop(Path folder, Path file, ProcessHandle server, PostgresTools tools) throws IOException {
        if (!isPostgres(server)) {
            // The number was given to another program meanwhile; PostgreSQL would take that for a server.
            Files.delete(file);
        } else if (runsOn(folder, file, server)) {
            tools.run("pg_ctl", List.of("stop", "-w", "-t", "30", "-m", "fast", "-D", folder.toString()));
        } else {
            throw new CannotStart(
                    "'%s' names process %d, a PostgreSQL that runs on another folder. Remove that file if this folder is a copy, else stop the process."
                            .formatted(file, server.pid()));
        }
    }

    private static boolean ends(ProcessHandle server) {
        try {
            server.onExit().get(END_WAIT_S, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The living process that {@code postmaster.pid} names. */
    static Optional<ProcessHandle> server(Path file) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        try {
            return lines.isEmpty()
                    ? Optional.empty()
                    : ProcessHandle.of(Long.parseLong(lines.get(0).trim())).filter(ProcessHandle::isAlive);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static boolean isPostgres(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> command.contains("postgres"))
                .orElse(true);
    }

    /** By the path in the file, or, where the folder was renamed under the server, by its working directory. */
    private static boolean runsOn(Path folder, Path file, ProcessHandle process) throws IOException {
        var lines = Files.readAllLines(file);
        var workingDirectory = Path.of("/proc", Long.toString(process.pid()), "cwd");
        if (Files.isSymbolicLink(workingDirectory)) {
            return workingDirectory.toRealPath().equals(folder.toRealPath());
        }
        return lines.size() > 1 && Path.of(lines.get(1)).equals(folder);
    }
}
