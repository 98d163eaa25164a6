package dev.orderflow.local;

import dev.orderflow.settings.CannotStart;
import dev.orderflow.settings.OwnerOnlyFolder;
import dev.orderflow.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;

/** The folder of a run's state, locked for one process: two brokers on one log would destroy it. */
final class DataFolder implements AutoCloseable {

    private final Path path;
    private final FileChannel channel;

    private DataFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static DataFolder lock(Path folder) {
        var path = folder.toAbsolutePath().normalize();
        try {
            OwnerOnlyFolder.folder(path);
            Files.createDirectories(path);
            var file = path.resolve("lock");
            var channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (!locked(channel)) {
                channel.close();
                throw new CannotStart(
                        "The data folder '%s' is in use by another run. Stop that one, or set %s to another folder."
                                .formatted(path, Settings.variable("orderflow.data.dir")));
            }
            return new DataFolder(path, channel);
        } catch (IOException e) {
            throw new CannotStart(
                    "The data folder '%s' cannot be written: %s. Make it writable, or set %s to another folder."
                            .formatted(path, reason(e), Settings.variable("orderflow.data.dir")),
                    e);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** The JDK's message of a file error is often only the file's name; the class then tells what happened. */
    private static String reason(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "") + " " + e.getMessage();
    }

    Path path() {
        return path;
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Closing the channel gives the lock back; the file stays, since removing it would race with the next process. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
