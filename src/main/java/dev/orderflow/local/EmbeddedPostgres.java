package dev.orderflow.local;

import dev.orderflow.settings.CannotStart;
import dev.orderflow.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;

/** A real PostgreSQL beside this JVM. It ends with the JVM, however that ends; its folder outlives both. */
final class EmbeddedPostgres implements AutoCloseable {

    static final String USER = "orderflow";
    static final String NAME = "orderflow";

    private static final String VERSION = "17";
    private static final String HOST = "127.0.0.1";

    /** Small, since the JVM is beside it; durable, since a 202 and a receipt rest on what was committed. */
    private static final Map<String, String> CONFIGURATION = Map.ofEntries(
            Map.entry("fsync", "on"),
            Map.entry("synchronous_commit", "on"),
            Map.entry("full_page_writes", "on"),
            Map.entry("listen_addresses", HOST),
            Map.entry("unix_socket_directories", ""),
            Map.entry("max_connections", "60"),
            Map.entry("shared_buffers", "32MB"),
            Map.entry("max_wal_size", "512MB"),
            Map.entry("wal_level", "minimal"),
            Map.entry("max_wal_senders", "0"),
            Map.entry("max_logical_replication_workers", "0"),
            Map.entry("max_parallel_workers_per_gather", "0"),
            Map.entry("autovacuum_max_workers", "1"),
            Map.entry("jit", "off"),
            Map.entry("timezone", "UTC"),
            Map.entry("log_timezone", "UTC"),
            Map.entry("log_min_messages", "warning"),
            Map.entry("log_checkpoints", "off"));

    private final int port;
    private final String password;
    private final PostgresGuard watcher;

    private EmbeddedPostgres(int port, String password, PostgresGuard watcher) {
        this.port = port;
        this.password = password;
        this.watcher = watcher;
    }

    /** @param port asked for the port once a server that an earlier process left behind is gone */
    static EmbeddedPostgres start(DataFolder data, PostgresBinaries programs, IntSupplier port) {
        var folder = data.resolve("postgres");
        var log = data.resolve("postgres.log");
        var tools = new PostgresTools(programs, data.resolve("postgres-tools.log"));
        try {
            if (Files.exists(folder)) {
                check(folder);
            } else {
                create(folder, passwordFile(data), tools);
            }
            String password = password(data);
            LeftoverPostgres.stop(folder, tools);
            int taken = port.getAsInt();
            launch(folder, log, taken, tools);
            var database = new EmbeddedPostgres(taken, password, PostgresGuard.of(folder));
            database.create();
            return database;
        } catch (IOException | SQLException e) {
            throw new CannotStart(
                    "The embedded database did not start on '%s': %s. %s See %s."
                            .formatted(folder, e.getMessage(), Remedy.of(data.path(), e.getMessage()), log),
                    e);
        }
    }

    String url() {
        return url(NAME);
    }

    String password() {
        return password;
    }

    private String url(String name) {
        return url(Integer.toString(port), name);
    }

    private static String url(String port, String name) {
        return "jdbc:postgresql://%s:%s/%s".formatted(HOST, port, name);
    }

    /** The login of a database that another process runs in this data folder. */
    static Settings reach(Settings settings, Path folder, String port) {
        var file = folder.resolve("postgres.password");
        try {
            return settings.with("database.url", url(port, NAME))
                    .with("database.user", USER)
                    .with("database.password", Files.readString(file).strip());
        } catch (IOException e) {
            throw new CannotStart(
                    "There is no database in the data folder '%s'. Set DATABASE_URL and KAFKA_BROKERS, or start orderflow there first."
                            .formatted(folder.toAbsolutePath().normalize()),
                    e);
        }
    }

    private static Path passwordFile(DataFolder data) {
        return data.resolve("postgres.password");
    }

    private static String password(DataFolder data) throws IOException {
        var file = passwordFile(data);
        if (!Files.isRegularFile(file)) {
            throw new CannotStart(
                    "The file '%s' with the database's password is missing. %s".formatted(file, Remedy.DAMAGED));
        }
        return Files.readString(file).trim();
    }

    /** Creates beside and renames, so that a folder is either whole or not there. */
    private static void create(Path folder, Path passwordFile, PostgresTools tools) throws IOException {
        var beside = folder.resolveSibling(folder.getFileName() + ".new");
        DataFolder.delete(beside);
        var random = new byte[24];
        new SecureRandom().nextBytes(random);
        Files.deleteIfExists(passwordFile);
        Files.createFile(
                passwordFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(passwordFile, HexFormat.of().formatHex(random));
        tools.run(
                "initdb",
                List.of(
                        "--pgdata=" + beside,
                        "--username=" + USER,
                        "--pwfile=" + passwordFile,
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--data-checksums"));
        Files.move(beside, folder);
    }

    private static void check(Path folder) throws IOException {
        var version = folder.resolve("PG_VERSION");
        if (!Files.isRegularFile(version)) {
            throw broken(folder, "it has no PG_VERSION");
        }
        String found = Files.readString(version, StandardCharsets.ISO_8859_1).trim();
        if (!found.equals(VERSION)) {
            throw broken(folder, "its PG_VERSION says '%s', and this build brings %s".formatted(found, VERSION));
        }
        for (String part : List.of("global/pg_control", "pg_wal", "base")) {
            if (!Files.exists(folder.resolve(part))) {
                throw broken(folder, "it has no " + part);
            }
        }
    }

    private static CannotStart broken(Path folder, String what) {
        return new CannotStart("The database's folder '%s' is damaged: %s. %s".formatted(folder, what, Remedy.DAMAGED));
    }

    private static void launch(Path folder, Path log, int port, PostgresTools tools) throws IOException {
        long before = Files.exists(log) ? Files.size(log) : 0;
        String options = "-c port=" + port
                + CONFIGURATION.entrySet().stream()
                        .map(entry -> " -c " + entry.getKey() + "=" + entry.getValue())
                        .sorted()
                        .collect(Collectors.joining());
        try {
            tools.run(
                    "pg_ctl",
                    List.of("start", "-w", "-t", "60", "-D", folder.toString(), "-l", log.toString(), "-o", options));
        } catch (IOException e) {
            throw new IOException(complaint(log, before).orElse(e.getMessage()), e);
        }
    }

    /** PostgreSQL's own last word on why it ended. */
    private static Optional<String> complaint(Path log, long before) throws IOException {
        if (!Files.exists(log)) {
            return Optional.empty();
        }
        var bytes = Files.readAllBytes(log);
        int from = (int) Math.min(before, bytes.length);
        return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("FATAL:") || line.contains("PANIC:"))
                .reduce((first, last) -> last)
                .map(line -> line.replaceFirst(".*(FATAL|PANIC): +", ""));
    }

    /** At every start: a process that died between initdb and this left a server without its database. */
    private void create() throws SQLException {
        var login = new Properties();
        login.setProperty("user", USER);
        login.setProperty("password", password);
        try (var connection = DriverManager.getConnection(url("postgres"), login);
                var statement = connection.createStatement();
                var found = statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + NAME + "'")) {
            if (!found.next()) {
                statement.executeUpdate("CREATE DATABASE " + NAME);
            }
        } catch (SQLException e) {
            watcher.close();
            throw e;
        }
    }

    @Override
    public void close() {
        watcher.close();
    }
}
