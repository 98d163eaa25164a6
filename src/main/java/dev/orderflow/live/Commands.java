package dev.orderflow.live;

import dev.orderflow.CannotStart;
import dev.orderflow.LocalParts;
import dev.orderflow.NearMiss;
import dev.orderflow.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code orderflow routes ...}: what live editing does, from the command line. */
final class Commands {

    private static final List<String> WORDS = List.of("check", "rehearse");

    private Commands() {}

    static int run(List<String> words) throws Exception {
        String word = words.isEmpty() ? "" : words.get(0);
        if (word.equals("check") && words.size() <= 2) {
            var settings = Settings.load();
            return check(settings, words.size() == 2 ? words.get(1) : settings.text("orderflow.routes.dir"));
        }
        if (word.equals("rehearse")
                && (words.size() == 2 || words.size() == 4 && words.get(2).equals("--last"))) {
            return rehearse(Settings.load(), Path.of(words.get(1)), words.size() == 4 ? words.get(3) : "1000");
        }
        throw new CannotStart("The command is: routes check [FOLDER], or routes rehearse FILE [--last N].%s"
                .formatted(NearMiss.of(word, WORDS)
                        .map(near -> " Did you mean '" + near + "'?")
                        .orElse("")));
    }

    private static int rehearse(Settings settings, Path file, String last) {
        int max = settings.number("rehearsal.ordersMax", 1, 1_000_000);
        if (!last.matches("[1-9][0-9]{0,6}") || Integer.parseInt(last) > max) {
            System.out.println(
                    "It could not be rehearsed: --last must be a whole number from 1 to %d (rehearsal.ordersMax), but is '%s'"
                            .formatted(max, last));
            return Rehearse.NOT_PLAYED;
        }
        Settings reached;
        try {
            reached = LocalParts.reached(settings);
        } catch (CannotStart e) {
            System.out.println("It could not be rehearsed: " + e.getMessage());
            return Rehearse.NOT_PLAYED;
        }
        return new Rehearse(reached, System.out).run(file, Integer.parseInt(last));
    }

    /** Status 0 when every file of the folder would be taken, else 1 with a sentence for each that would not. */
    private static int check(Settings settings, String where) throws Exception {
        var folder = Path.of(where).toAbsolutePath().normalize();
        int bad = 0;
        var files = read(folder);
        try (var database = settings.isSet("database.url") ? Choice.database(settings) : null) {
            var check = new Check(settings.asProperties(), Optional.ofNullable(database), Set.of());
            for (RouteFile file : files.values()) {
                try {
                    check.check(file, files.values());
                    System.out.println(file.name() + ": good, version " + file.version());
                } catch (Refused e) {
                    bad++;
                    System.out.println(e.getMessage());
                }
            }
        }
        System.out.println("%d files, %d refused%s"
                .formatted(
                        files.size(),
                        bad,
                        settings.isSet("database.url")
                                ? ""
                                : "; SQL was not asked of a database, set DATABASE_URL for that"));
        return bad == 0 ? 0 : 1;
    }

    private static Map<String, RouteFile> read(Path folder) {
        try {
            var files = new RouteFolder(folder, name -> true).read();
            if (files.isEmpty()) {
                throw new CannotStart(
                        "The folder '%s' has no file that ends with %s.".formatted(folder, RouteFile.END));
            }
            return files;
        } catch (IOException e) {
            throw new CannotStart(
                    "The folder '%s' cannot be read. Name the folder of the route files.".formatted(folder), e);
        }
    }
}
