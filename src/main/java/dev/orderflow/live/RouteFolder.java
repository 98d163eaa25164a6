package dev.orderflow.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The folder that people edit. It is read through symlinks, so that a ConfigMap's swap is seen as any other edit. */
final class RouteFolder {

    private final Path folder;
    private final Predicate<String> ofServices;

    /** @param ofServices which services' files count; those that all share always do */
    RouteFolder(Path folder, Predicate<String> ofServices) {
        this.folder = folder;
        this.ofServices = ofServices;
    }

    Path path() {
        return folder;
    }

    /** What it holds now, by file name. */
    Map<String, RouteFile> read() throws IOException {
        List<String> names;
        try (var files = Files.list(folder)) {
            names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(RouteFile.END) && !name.startsWith("."))
                    .filter(name -> RouteFile.isShared(name) || ofServices.test(RouteFile.service(name)))
                    .toList();
        }
        var found = new TreeMap<String, RouteFile>();
        for (String name : names) {
            found.put(name, read(folder, name));
        }
        return found;
    }

    static RouteFile read(Path folder, String name) throws IOException {
        Path sql = folder.resolve(RouteFile.sqlName(name));
        return new RouteFile(name, text(folder.resolve(name)), Files.exists(sql) ? text(sql) : "");
    }

    /** Bytes that are no UTF-8 are shown as such, and refused later with their line. */
    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
