package dev.orderflow.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.settings.Settings;
import dev.orderflow.testing.Embedded;
import dev.orderflow.testing.RoutesInHand;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

/** {@code orderflow routes check} alters nothing, also in a database that it was given. */
class RoutesCheckIT {

    @TempDir
    Path folder;

    private Settings settings(String url) {
        RoutesInHand.plain(folder);
        return Settings.load()
                .with("database.url", url)
                .with("database.user", Embedded.shared().user())
                .with("database.password", Embedded.shared().password());
    }

    @Test
    void bringsNoSchemaForward() {
        var embedded = Embedded.shared();
        String url = embedded.newDatabase();
        var settings = settings(url);

        assertThatThrownBy(() -> RoutesCommand.check(settings, folder.toString(), false))
                .hasMessageContaining("The database schema is not the one that this version needs")
                .hasMessageContaining("--migrate");

        assertThat(tables(url)).isZero();
    }

    @Test
    void bringsItForwardWhereItIsTold() throws Exception {
        String url = Embedded.shared().newDatabase();

        assertThat(RoutesCommand.check(settings(url), folder.toString(), true)).isZero();

        assertThat(tables(url)).isPositive();
        assertThat(RoutesCommand.check(settings(url), folder.toString(), false)).isZero();
    }

    private static long tables(String url) {
        try (var database = Embedded.shared().dataSource(url)) {
            return new JdbcTemplate(database)
                    .queryForObject(
                            "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
                            Long.class);
        }
    }

    @Test
    void waitsForNoDatabase() {
        var settings = settings("jdbc:postgresql://127.0.0.1:1/orderflow");
        long begin = System.nanoTime();

        assertThatThrownBy(() -> RoutesCommand.check(settings, folder.toString(), false))
                .hasMessageContaining("The database cannot be used");

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
    }
}
