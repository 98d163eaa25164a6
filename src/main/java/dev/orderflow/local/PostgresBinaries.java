package dev.orderflow.local;

import dev.orderflow.settings.CannotStart;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's own programs, unpacked once from the archive on the class path. */
final class PostgresBinaries {

    private final Path folder;

    private PostgresBinaries(Path folder) {
        this.folder = folder;
    }

    Path program(String name) {
        return folder.resolve("bin").resolve(name);
    }

    /** The programs below {@code parent}; their folder carries the archive's checksum, so that a new version is a new folder. */
    static PostgresBinaries unpack(Path parent) {
        var archive = archive();
        try {
            var folder = parent.resolve("postgresql-" + checksum(archive));
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(parent);
                var beside = Files.createTempDirectory(parent, "unpacking-");
                unpack(archive, beside);
                publish(beside, folder);
            }
            return new PostgresBinaries(folder);
        } catch (IOException e) {
            throw new CannotStart(
                    "PostgreSQL cannot be unpacked into '%s': %s. Make room and make it writable, or set DATABASE_URL to a database that runs."
                            .formatted(parent, e),
                    e);
        }
    }

    private static URL archive() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String cpu = System.getProperty("os.arch");
        String name = "postgres-%s-%s.txz"
                .formatted(
                        os.startsWith("mac") ? "darwin" : os,
                        switch (cpu) {
                            case "amd64", "x86_64" -> "x86_64";
                            case "aarch64", "arm64" -> "arm_64";
                            default -> cpu;
                        });
        var archive = PostgresBinaries.class.getResource("/" + name);
        if (archive == null) {
            throw new CannotStart(
                    "This build brings no PostgreSQL for %s on %s. Set DATABASE_URL to a database that runs."
                            .formatted(os, cpu));
        }
        return archive;
    }

    private static String checksum(URL archive) throws IOException {
        return archive.openConnection() instanceof JarURLConnection jar
                ? Long.toHexString(jar.getJarEntry().getCrc())
                : Long.toHexString(archive.openConnection().getContentLengthLong());
    }

    private static void unpack(URL archive, Path folder) throws IOException {
        try (var in = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive.openStream())))) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                var target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder)) {
                    throw new IOException("The archive has a file outside of it: " + entry.getName());
                }
                put(in, entry, target);
            }
        }
    }

    private static void put(TarArchiveInputStream in, TarArchiveEntry entry, Path target) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
            Files.copy(in, target);
            boolean runs = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(runs ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    /** Programs are no secret, and other users may run them where local.postgres.dir is shared, whatever the umask. */
    private static void open(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isDirectory).toList()) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }

    /** A rename is all or nothing: a process that dies while it unpacks leaves no half folder under the real name. */
    private static void publish(Path beside, Path folder) throws IOException {
        open(beside);
        try {
            Files.move(beside, folder);
        } catch (IOException e) {
            // Another process was first.
            DataFolder.delete(beside);
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
    }
}
