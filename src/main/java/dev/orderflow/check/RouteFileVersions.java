package dev.orderflow.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was good, kept in the data folder: of each file the version that runs and the one before it, and the version
 * that was refused last. A restart reads it.
 */
public final class RouteFileVersions {

    private static final Logger LOG = LoggerFactory.getLogger(RouteFileVersions.class);
    private static final String LAST = "last";
    private static final String BEFORE = "before";
    private static final String REFUSED = "refused";

    /** A version that must not be tried again, and why. */
    public record Refusal(String version, String sentence) {}

    private final Path folder;

    public RouteFileVersions(Path folder) {
        this.folder = folder;
    }

    /** The version that ran last. */
    public Optional<RouteFile> last(String name) {
        return read(LAST, name);
    }

    /** The one before it. */
    public Optional<RouteFile> before(String name) {
        return read(BEFORE, name);
    }

    /** Where a start finds the last version as a file. */
    public Path lastFile(String name) {
        return folder.resolve(LAST).resolve(name);
    }

    /** Notes that a version runs now; the one that ran becomes the one before. */
    public void ran(RouteFile file) {
        var last = last(file.name());
        if (last.isPresent() && !last.get().version().equals(file.version())) {
            write(BEFORE, last.get());
        }
        write(LAST, file);
    }

    /** Notes that nothing of this file runs any more; a rollback still finds what ran. */
    public void gone(String name) {
        last(name).ifPresent(file -> write(BEFORE, file));
        forget(name);
    }

    /** Notes that this version is nothing to fall back to. */
    public void failed(RouteFile file) {
        if (last(file.name())
                .filter(last -> last.version().equals(file.version()))
                .isPresent()) {
            forget(file.name());
        }
    }

    private void forget(String name) {
        delete(folder.resolve(LAST).resolve(name));
        delete(folder.resolve(LAST).resolve(RouteFile.sqlName(name)));
    }

    public void refused(String name, Refusal refusal) {
        put(folder.resolve(REFUSED).resolve(name), refusal.version() + "\n" + refusal.sentence() + "\n");
    }

    public Optional<Refusal> refusal(String name) {
        Path file = folder.resolve(REFUSED).resolve(name);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            String[] lines = Files.readString(file).split("\n", 2);
            return Optional.of(new Refusal(lines[0], lines.length > 1 ? lines[1].strip() : ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<RouteFile> read(String kind, String name) {
        Path of = folder.resolve(kind);
        try {
            return Files.exists(of.resolve(name)) ? Optional.of(RouteFolder.read(of, name)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String kind, RouteFile file) {
        Path of = folder.resolve(kind);
        if (file.sql().isEmpty()) {
            delete(of.resolve(RouteFile.sqlName(file.name())));
        } else {
            put(of.resolve(RouteFile.sqlName(file.name())), file.sql());
        }
        put(of.resolve(file.name()), file.yaml());
    }

    /** Whole or not at all, whenever the process ends. A folder that cannot be written is no reason not to run. */
    private static void put(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Path writing = file.resolveSibling(file.getFileName() + ".writing");
            Files.writeString(writing, text);
            Files.move(writing, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn("{}: not kept, so that a restart could not fall back to it: {}", file.getFileName(), e.toString());
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
