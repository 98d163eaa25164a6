package dev.orderflow.testing;

import dev.orderflow.check.RouteFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;

/** A copy of the shipped route folder that a test may edit, as a person, an editor or a Kubernetes ConfigMap does. */
public final class RoutesInHand {

    private final Path folder;
    private int mounted;

    private RoutesInHand(Path folder) {
        this.folder = folder;
    }

    public static RoutesInHand plain(Path folder) {
        var routes = new RoutesInHand(folder);
        routes.make(folder);
        shipped().forEach(routes::write);
        return routes;
    }

    public static RoutesInHand empty(Path folder) {
        var routes = new RoutesInHand(folder);
        routes.make(folder);
        return routes;
    }

    /** As the kubelet mounts it: each file is a link through {@code ..data} to a folder that is replaced as a whole. */
    public static RoutesInHand configMap(Path folder) {
        var routes = new RoutesInHand(folder);
        routes.make(folder);
        routes.mount(shipped());
        return routes;
    }

    public static Map<String, String> shipped() {
        var shipped = new TreeMap<String, String>();
        try (var files = Files.list(Path.of("routes-yaml"))) {
            for (Path file : files.filter(file -> file.toString().endsWith(RouteFile.END))
                    .toList()) {
                shipped.put(file.getFileName().toString(), Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return shipped;
    }

    /** The ConfigMap's new content; files that it no longer has are gone. */
    public void mount(Map<String, String> content) {
        try {
            Path data = Files.createDirectory(folder.resolve("..v" + ++mounted));
            for (var file : content.entrySet()) {
                Files.writeString(data.resolve(file.getKey()), file.getValue());
            }
            Path link = Files.createSymbolicLink(folder.resolve("..data_tmp"), data.getFileName());
            Files.move(link, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
            for (String name : content.keySet()) {
                if (!Files.isSymbolicLink(folder.resolve(name))) {
                    Files.createSymbolicLink(folder.resolve(name), Path.of("..data", name));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path path() {
        return folder;
    }

    public String read(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes in place. */
    public void write(String name, String text) {
        try {
            Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes beside and renames over, as editors do. */
    public void renameOver(String name, String text) {
        try {
            Path beside = folder.resolve("." + name + ".swp");
            Files.writeString(beside, text);
            Files.move(beside, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void delete(String name) {
        try {
            Files.delete(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void deleteIfThere(String name) {
        if (Files.exists(folder.resolve(name))) {
            delete(name);
        }
    }

    private void make(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text with words replaced that must be there. */
    public static String edited(String text, String found, String replacement) {
        if (!text.contains(found)) {
            throw new IllegalArgumentException("The file has no '" + found + "'.");
        }
        return text.replace(found, replacement);
    }
}
