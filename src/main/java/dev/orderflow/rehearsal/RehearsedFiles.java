package dev.orderflow.rehearsal;

import dev.orderflow.check.RouteFile;
import dev.orderflow.check.RouteFileVersions;
import dev.orderflow.check.RouteFolder;
import dev.orderflow.settings.CannotStart;
import dev.orderflow.settings.Services;
import dev.orderflow.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The route files of a rehearsal: the edited one, those beside it, and the version that runs. */
final class RehearsedFiles {

    private final Settings settings;

    RehearsedFiles(Settings settings) {
        this.settings = settings;
    }

    /** @throws CannotStart for what is no service's file */
    RouteFile read(Path path) throws IOException {
        String name = path.getFileName().toString();
        if (!Services.isRouteFile(name) || !Files.isRegularFile(path)) {
            throw new CannotStart(
                    "'%s' is no route file; name one that begins with a letter or a digit and ends with %s"
                            .formatted(path, RouteFile.END));
        }
        if (RouteFile.isShared(name)) {
            throw new CannotStart("%s is no service; rehearse a service's file".formatted(name));
        }
        return RouteFolder.read(path.toAbsolutePath().getParent(), name);
    }

    /** The files of the edited one's own folder where the shared ones lie there too, else those of the route folder. */
    List<RouteFile> beside(Path path) throws IOException {
        var own = new RouteFolder(path.toAbsolutePath().getParent().toString(), name -> true)
                .read()
                .files();
        var files = own.keySet().stream().anyMatch(RouteFile::isShared)
                ? own
                : new RouteFolder(settings.text("orderflow.routes.dir"), name -> true)
                        .read()
                        .files();
        return List.copyOf(files.values());
    }

    /** The version that the process of this data folder runs, else the route folder's. */
    Optional<RouteFile> running(String name) throws IOException {
        var last = new RouteFileVersions(Path.of(settings.text("orderflow.data.dir"), "routes")).last(name);
        if (last.isPresent()) {
            return last;
        }
        return Optional.ofNullable(new RouteFolder(settings.text("orderflow.routes.dir"), one -> true)
                .read()
                .files()
                .get(name));
    }
}
