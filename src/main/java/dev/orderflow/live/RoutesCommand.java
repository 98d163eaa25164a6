package dev.orderflow.live;

import dev.orderflow.check.RouteFile;
import dev.orderflow.check.RouteFileCheck;
import dev.orderflow.check.RouteFileRefused;
import dev.orderflow.check.RouteFolder;
import dev.orderflow.check.YamlTree;
import dev.orderflow.database.Database;
import dev.orderflow.rehearsal.RehearseCommand;
import dev.orderflow.settings.CannotStart;
import dev.orderflow.settings.LocalParts;
import dev.orderflow.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code orderflow routes ...}: what live editing does, from the command line. */
final class RoutesCommand {

    /** Of Migrations: the database answers. */
    private static final String OTHER_SCHEMA = "The database schema is not";

    private RoutesCommand() {}

    static int rehearse(Settings settings, Path file, int last) {
        Settings reached;
        try {
            reached = LocalParts.reached(settings);
        } catch (CannotStart e) {
            System.err.println("It could not be rehearsed: " + e.getMessage());
            return RehearseCommand.NOT_PLAYED;
        }
        return new RehearseCommand(reached, System.out, System.err).run(file, last);
    }

    /** Status 0 when every file of the folder would be taken, else 1 with a sentence for each that would not. */
    static int check(Settings settings, String where, boolean migrate) throws Exception {
        var content = read(where);
        var files = content.files().values();
        content.unreadable().values().forEach(System.out::println);
        List<String> refused = new ArrayList<>(content.unreadable().keySet());
        List<String> unasked = new ArrayList<>();
        try (var database = database(settings, migrate).orElse(null)) {
            var check = new RouteFileCheck(settings.asProperties(), Optional.ofNullable(database), Set.of());
            for (RouteFile file : sharedFirst(files)) {
                if (database == null && hasSql(file)) {
                    unasked.add(file.name());
                }
                Optional<String> needed = refused.stream()
                        .filter(name -> !file.isShared() && RouteFile.isShared(name))
                        .findFirst();
                try {
                    if (needed.isEmpty()) {
                        check.check(file, files);
                    }
                    System.out.println(needed.map(name -> unchecked(file, name))
                            .orElseGet(() -> file.name() + ": good, version " + file.version()));
                } catch (RouteFileRefused e) {
                    var other = otherShared(file, files, e);
                    System.out.println(other.map(name -> unchecked(file, name)).orElse(e.getMessage()));
                    if (other.isEmpty()) {
                        refused.add(file.name());
                    }
                }
            }
        }
        System.out.println("%d files, %d refused"
                .formatted(files.size() + content.unreadable().size(), refused.size()));
        if (!unasked.isEmpty()) {
            System.out.println(
                    "Not checked, since there was no database to ask: the SQL of %s. Set DATABASE_URL, or run orderflow here meanwhile."
                            .formatted(String.join(", ", unasked)));
        }
        return refused.isEmpty() ? 0 : 1;
    }

    /**
     * The one of the settings, else the one that a running orderflow has here. Either is only asked: whoever checks files
     * of a newer version before it is there must not bring the schema forward under the version that runs. Who has a
     * database for the check alone says so.
     */
    private static Optional<Database> database(Settings settings, boolean migrate) {
        if (settings.isSet("database.url")) {
            return Optional.of(migrate ? StartVersions.database(settings) : asked(settings));
        }
        try {
            return Optional.of(asked(LocalParts.reached(settings)));
        } catch (CannotStart | IllegalStateException e) {
            return Optional.empty();
        }
    }

    private static Database asked(Settings settings) {
        try {
            return StartVersions.database(
                    settings.with("database.migrate", "false").with("database.startWaitMs", "0"));
        } catch (IllegalStateException e) {
            if (!e.getMessage().startsWith(OTHER_SCHEMA)) {
                throw e;
            }
            throw new CannotStart(
                    "%s Nothing was altered. In a database that is there for the check alone, --migrate brings its schema to this version."
                            .formatted(e.getMessage().strip()),
                    e);
        }
    }

    private static boolean hasSql(RouteFile file) {
        try {
            return !file.sql().isBlank()
                    || YamlTree.of(file).all("uri").stream()
                            .anyMatch(uri -> uri.text().matches("sql(:.*)?"));
        } catch (RouteFileRefused e) {
            return false;
        }
    }

    private static String unchecked(RouteFile file, String needed) {
        return "%s: not checked, since every service needs %s".formatted(file.name(), needed);
    }

    /** The file that all share and that this refusal is about, where it is not the checked one. */
    private static Optional<String> otherShared(RouteFile file, Collection<RouteFile> files, RouteFileRefused refused) {
        return files.stream()
                .map(RouteFile::name)
                .filter(name -> RouteFile.isShared(name) && !name.equals(file.name()))
                .filter(name -> refused.getMessage().startsWith(name + ":"))
                .findFirst();
    }

    private static List<RouteFile> sharedFirst(Collection<RouteFile> files) {
        return files.stream()
                .sorted(Comparator.comparing(file -> !file.isShared()))
                .toList();
    }

    private static RouteFolder.Content read(String folder) {
        try {
            var content = new RouteFolder(folder, name -> true).read();
            if (content.files().isEmpty() && content.unreadable().isEmpty()) {
                throw new CannotStart(
                        "The folder '%s' has no file that ends with %s.".formatted(folder, RouteFile.END));
            }
            return content;
        } catch (IOException e) {
            throw new CannotStart(
                    "The folder '%s' cannot be read. Name the folder of the route files.".formatted(folder), e);
        }
    }
}
