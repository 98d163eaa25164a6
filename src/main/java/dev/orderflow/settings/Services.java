package dev.orderflow.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The services of this process, and the files that hold their routes.
 *
 * @param names in the order of the setting; {@code intake} and {@code redrive} are of them and have no file
 * @param files what the services share first, then one file for each
 */
public record Services(Set<String> names, List<Path> files) {

    public static final String INTAKE = "intake";
    public static final String REDRIVE = "redrive";

    /** How the name of a route file ends. */
    public static final String END = ".camel.yaml";

    /** They are Java, and have no file. */
    private static final Set<String> WITHOUT_FILE = Set.of(INTAKE, REDRIVE);

    /** Beans before the routes that name them. */
    private static final List<String> SHARED = List.of("beans", "delivery");

    /** @throws CannotStart when the folder lacks a file, or the setting names a service that there is not */
    public static Services of(Settings settings) {
        var folders = folders(settings.text("orderflow.routes.dir"));
        Map<String, Path> places = new HashMap<>();
        folders.forEach(one -> inFolder(one).forEach(name -> places.put(name, one)));
        var known = new TreeSet<>(places.keySet());
        String folder = folders.stream().map(Path::toString).collect(Collectors.joining(", "));
        for (String shared : SHARED) {
            if (!known.remove(shared)) {
                throw new CannotStart(
                        "The route folder '%s' has no %s%s, which every service needs. Set %s to the folder that has it."
                                .formatted(folder, shared, END, Settings.variable("orderflow.routes.dir")));
            }
        }
        known.addAll(WITHOUT_FILE);
        var names = names(settings, folder, known);
        var files = Stream.concat(SHARED.stream(), names.stream().filter(name -> !WITHOUT_FILE.contains(name)))
                .map(name -> places.get(name).resolve(name + END))
                .toList();
        return new Services(names, files);
    }

    /** The folders of a setting that names one or more, comma separated. */
    public static List<Path> folders(String setting) {
        return Arrays.stream(setting.split(","))
                .map(String::strip)
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder).toAbsolutePath().normalize())
                .toList();
    }

    /** The services that have a file in the route folders, in this process or not; none where there is no folder. */
    public static List<String> inRoutes(Settings settings) {
        return folders(settings.text("orderflow.routes.dir")).stream()
                .filter(Files::isDirectory)
                .flatMap(folder -> inFolder(folder).stream())
                .filter(name -> !SHARED.contains(name))
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * The names of a folder's route files. One begins with a letter or a digit: what editors and systems keep beside
     * them for a while, such as {@code .#x.camel.yaml}, {@code ._x.camel.yaml} or {@code ~$x.camel.yaml}, is no service.
     */
    public static List<String> routeFiles(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> !Files.isDirectory(file))
                    .map(file -> file.getFileName().toString())
                    .filter(Services::isRouteFile)
                    .sorted()
                    .toList();
        }
    }

    public static boolean isRouteFile(String name) {
        return name.endsWith(END) && Character.isLetterOrDigit(name.charAt(0));
    }

    private static Set<String> inFolder(Path folder) {
        try {
            return routeFiles(folder).stream()
                    .map(name -> name.substring(0, name.length() - END.length()))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new CannotStart(
                    "The route folder '%s' cannot be read. Start in the folder that has it, or set %s."
                            .formatted(folder, Settings.variable("orderflow.routes.dir")),
                    e);
        }
    }

    private static Set<String> names(Settings settings, String folder, Set<String> known) {
        String setting = settings.text("orderflow.services");
        if (setting.equals("*")) {
            return known;
        }
        var names = new LinkedHashSet<String>();
        for (String name : setting.split(",")) {
            names.add(name.strip());
        }
        for (String name : names) {
            if (!known.contains(name)) {
                throw new CannotStart("Setting 'orderflow.services' names '%s', but '%s' has no %s%s.%s There are: %s."
                        .formatted(
                                name,
                                folder,
                                name,
                                END,
                                NearMiss.of(name, known)
                                        .map(near -> " Did you mean '" + near + "'?")
                                        .orElse(""),
                                String.join(", ", known)));
            }
        }
        return names;
    }

    /** Whether this process runs the service. */
    public boolean runs(String service) {
        return names.contains(service);
    }
}
