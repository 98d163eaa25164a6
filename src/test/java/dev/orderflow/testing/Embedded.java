package dev.orderflow.testing;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.orderflow.local.EmbeddedParts;
import dev.orderflow.settings.LocalParts;
import dev.orderflow.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** One real broker and one real PostgreSQL for all tests of a JVM, fresh, on free ports, below target/. */
public final class Embedded {

    private static Embedded shared;

    private final LocalParts.Running parts;

    private Embedded() {
        parts = new EmbeddedParts().start(settings());
        Runtime.getRuntime().addShutdownHook(new Thread(parts::close, "stop-embedded"));
    }

    /** Started by the first call, stopped with the JVM. */
    public static synchronized Embedded shared() {
        if (shared == null) {
            shared = new Embedded();
        }
        return shared;
    }

    /** Settings of a start in a new folder of its own, with every port a free one. */
    public static Settings settings() {
        try {
            var parent = Files.createDirectories(Path.of("target", "embedded"));
            return settings(Files.createTempDirectory(parent, "data-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same, in a folder that the test keeps. */
    public static Settings settings(Path data) {
        return Settings.load()
                .with("kafka.brokers", "")
                .with("database.url", "")
                .with("orderflow.data.dir", data.toString())
                .with("local.postgres.dir", Path.of("target", "postgresql").toString())
                .with("local.kafka.port", "0")
                .with("local.postgres.port", "0");
    }

    public String brokers() {
        return parts.settings().text("kafka.brokers");
    }

    public String databaseUrl() {
        return parts.settings().text("database.url");
    }

    public String user() {
        return parts.settings().text("database.user");
    }

    public String password() {
        return parts.settings().text("database.password");
    }

    /** A small pool on a database; close it when the test ends. */
    public HikariDataSource dataSource(String url) {
        var config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user());
        config.setPassword(password());
        config.setMaximumPoolSize(6);
        config.setMinimumIdle(1);
        return new HikariDataSource(config);
    }

    /** A pool on the shared database, for a test that does not mind what others leave in it. */
    public HikariDataSource dataSource() {
        return dataSource(databaseUrl());
    }

    /** The address of a new empty database with a name of its own. */
    public String newDatabase() {
        String name = "test_" + UUID.randomUUID().toString().replace("-", "");
        try (var pool = dataSource()) {
            create(pool, name);
        }
        String url = databaseUrl();
        return url.substring(0, url.lastIndexOf('/') + 1) + name;
    }

    private static void create(DataSource pool, String name) {
        try (var connection = pool.getConnection();
                var statement = connection.createStatement()) {
            statement.executeUpdate("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public void createTopics(int partitions, String... names) {
        createTopics(brokers(), partitions, names);
    }

    static void createTopics(String brokers, int partitions, String... names) {
        try (var admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
            admin.createTopics(Arrays.stream(names)
                            .map(name -> new NewTopic(name, partitions, (short) 1))
                            .toList())
                    .all()
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    public Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", brokers()));
    }
}
