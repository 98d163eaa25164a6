package dev.orderflow.drill;

import dev.orderflow.local.EmbeddedParts;
import dev.orderflow.settings.LocalParts;
import dev.orderflow.settings.Ports;
import dev.orderflow.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A real PostgreSQL that can be killed and started again on its folder. Each caller gets a proxy of its own. */
final class Postgres implements AutoCloseable {

    private final Path folder;
    private final int port = Ports.free();
    private LocalParts.Running parts;

    private Postgres(Path folder) {
        this.folder = folder;
        start();
    }

    static Postgres start(Path folder) {
        return new Postgres(folder);
    }

    int port() {
        return port;
    }

    /** Its address by way of a proxy. */
    String url(Proxy proxy) {
        return "jdbc:postgresql://127.0.0.1:%d/orderflow".formatted(proxy.port());
    }

    String user() {
        return parts.settings().text("database.user");
    }

    String password() {
        return parts.settings().text("database.password");
    }

    /** A connection of the drill's own, past every proxy. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection(parts.settings().text("database.url"), user(), password());
    }

    void execute(String sql) {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void start() {
        parts = new EmbeddedParts()
                .start(Settings.load()
                        .with("kafka.brokers", "127.0.0.1:1")
                        .with("database.url", "")
                        .with("orderflow.data.dir", folder.toString())
                        .with(
                                "local.postgres.dir",
                                Path.of("target", "postgresql").toString())
                        .with("local.postgres.port", Integer.toString(port)));
    }

    /** SIGKILL of the server and of all its processes, and a start on what they left on disk. */
    void killAndStart() {
        try {
            var first = Files.readAllLines(folder.resolve("postgres").resolve("postmaster.pid"))
                    .get(0);
            var server = ProcessHandle.of(Long.parseLong(first.strip())).orElseThrow();
            List<ProcessHandle> all = new ArrayList<>(List.of(server));
            server.descendants().forEach(all::add);
            all.forEach(ProcessHandle::destroyForcibly);
            all.forEach(one -> one.onExit().join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        parts.close();
        start();
    }

    @Override
    public void close() {
        parts.close();
    }
}
