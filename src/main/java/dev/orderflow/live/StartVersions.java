package dev.orderflow.live;

import dev.orderflow.check.RouteFile;
import dev.orderflow.check.RouteFileCheck;
import dev.orderflow.check.RouteFileRefused;
import dev.orderflow.check.RouteFileVersions;
import dev.orderflow.check.RouteFolder;
import dev.orderflow.database.Database;
import dev.orderflow.settings.CannotStart;
import dev.orderflow.settings.Settings;
import dev.orderflow.telemetry.Causes;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which version of each file a start begins with: the folder's, or the last good one where the folder's is bad. */
final class StartVersions {

    private static final Logger LOG = LoggerFactory.getLogger(StartVersions.class);

    /** @param from the folder that has this version as a file */
    record Chosen(RouteFile file, Path from, Optional<RouteFileStatus.NotTaken> refusal) {}

    private final Settings settings;
    private final RouteFolder folder;
    private final RouteFileVersions versions;

    StartVersions(Settings settings, RouteFolder folder, RouteFileVersions versions) {
        this.settings = settings;
        this.folder = folder;
        this.versions = versions;
    }

    /** @throws CannotStart when a file is bad and there is no good version of it */
    Map<String, Chosen> choose() throws IOException {
        var content = folder.read();
        var places = folder.places();
        Map<String, Chosen> chosen = new LinkedHashMap<>();
        content.unreadable().forEach((name, sentence) -> chosen.put(name, unread(name, sentence)));
        var files = new ArrayList<>(content.files().values());
        chosen.values().forEach(one -> files.add(one.file()));
        for (RouteFile file : content.files().values()) {
            chosen.put(file.name(), choose(file, places.get(file.name()), files));
        }
        return chosen;
    }

    private Chosen unread(String name, String sentence) {
        var last = versions.last(name).orElseThrow(() -> new CannotStart("Route file %s.".formatted(sentence)));
        LOG.warn("{}: started with the last good version {}, since {}", name, last.version(), sentence);
        return new Chosen(last, versions.lastFile(name).getParent(), Optional.empty());
    }

    private Chosen choose(RouteFile file, Path place, Collection<RouteFile> files) {
        var last = versions.last(file.name());
        var refusal =
                versions.refusal(file.name()).filter(known -> known.version().equals(file.version()));
        if (last.isPresent() && last.get().version().equals(file.version())) {
            return new Chosen(file, place, Optional.empty());
        }
        if (last.isPresent() && refusal.isPresent()) {
            return lastGood(last.get(), refusal.get());
        }
        try {
            check(file, files, last.isPresent());
            return new Chosen(file, place, Optional.empty());
        } catch (RouteFileRefused e) {
            var refused = new RouteFileVersions.Refusal(file.version(), e.getMessage());
            if (last.isEmpty()) {
                throw new CannotStart("Route file " + e.getMessage() + ".");
            }
            versions.refused(file.name(), refused);
            return lastGood(last.get(), refused);
        }
    }

    private Chosen lastGood(RouteFile last, RouteFileVersions.Refusal refusal) {
        LOG.warn(
                "{}: started with the last good version {}, since {}", last.name(), last.version(), refusal.sentence());
        return new Chosen(
                last,
                versions.lastFile(last.name()).getParent(),
                Optional.of(new RouteFileStatus.NotTaken(refusal.version(), Instant.now(), refusal.sentence())));
    }

    /** The database is asked only where there is something to fall back to; a first start finds out by itself. */
    private void check(RouteFile file, Collection<RouteFile> files, boolean withSql) {
        try (var database = withSql && settings.isSet("database.url") ? database(settings) : null) {
            new RouteFileCheck(settings.asProperties(), Optional.<DataSource>ofNullable(database), Set.of())
                    .check(file, files);
        } catch (RouteFileRefused e) {
            throw e;
        } catch (SQLException e) {
            throw new CannotStart("The database cannot be used: %s.".formatted(Causes.named(e)), e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The database of the settings, with its schema as this version needs it. */
    static Database database(Settings settings) {
        var database = new Database();
        database.setUrl(settings.text("database.url"));
        database.setUsername(settings.text("database.user"));
        database.setPassword(settings.text("database.password"));
        // One for the migrations, one for their history.
        database.setMaximumPoolSize(3);
        database.setMinimumIdle(0);
        database.setStartWaitMs(settings.number("database.startWaitMs"));
        database.setMigrate(settings.flag("database.migrate"));
        database.start();
        return database;
    }
}
