package dev.orderflow.check;

import dev.orderflow.settings.Services;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The folders that people edit, as one: a file of a later folder hides one of the same name in an earlier. They are read
 * through symlinks, so that a ConfigMap's swap is seen as any other edit.
 */
public final class RouteFolder {

    /**
     * What the folders hold.
     *
     * @param unreadable why a file that is there could not be read, by its name
     */
    public record Content(Map<String, RouteFile> files, Map<String, String> unreadable) {}

    private final List<Path> folders;
    private final Predicate<String> ofServices;

    /**
     * @param setting folders, comma separated
     * @param ofServices which services' files count; those that all share always do
     */
    public RouteFolder(String setting, Predicate<String> ofServices) {
        this.folders = Services.folders(setting);
        this.ofServices = ofServices;
    }

    /** What it holds now, by file name. One file that cannot be read keeps nobody from the others. */
    public Content read() throws IOException {
        var found = new TreeMap<String, RouteFile>();
        var unreadable = new TreeMap<String, String>();
        for (var place : places().entrySet()) {
            String name = place.getKey();
            try {
                found.put(name, read(place.getValue(), name));
            } catch (IOException e) {
                unreadable.put(
                        name,
                        "%s: it cannot be read (%s); let this process read it"
                                .formatted(name, e.getClass().getSimpleName()));
            }
        }
        return new Content(found, unreadable);
    }

    /** The folder of each file that counts, by its name. */
    public Map<String, Path> places() throws IOException {
        Map<String, Path> places = new HashMap<>();
        for (Path folder : folders) {
            Services.routeFiles(folder).stream()
                    .filter(name -> RouteFile.isShared(name) || ofServices.test(RouteFile.service(name)))
                    .forEach(name -> places.put(name, folder));
        }
        return places;
    }

    public static RouteFile read(Path folder, String name) throws IOException {
        Path sql = folder.resolve(RouteFile.sqlName(name));
        return new RouteFile(name, text(folder.resolve(name)), Files.exists(sql) ? text(sql) : "");
    }

    /** Bytes that are no UTF-8 are shown as such, and refused later with their line. */
    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return folders.stream().map(Path::toString).collect(Collectors.joining(", "));
    }
}
