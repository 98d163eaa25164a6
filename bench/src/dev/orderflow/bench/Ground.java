package dev.orderflow.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.orderflow.database.Database;
import dev.orderflow.local.EmbeddedParts;
import dev.orderflow.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** The broker and the PostgreSQL that both sides run on, in processes of their own. */
final class Ground implements AutoCloseable {

    static final int SKUS = 1_000;

    private final Child child;
    private final Path folder;
    final String brokers;
    final String user;
    final String password;
    private final String url;
    final Admin admin;

    private Ground(Child child, Path folder) {
        this.child = child;
        this.folder = folder;
        this.brokers = child.await("brokers ");
        this.url = child.await("url ");
        this.user = child.await("user ");
        this.password = child.await("password ");
        this.admin = Admin.create(Map.of("bootstrap.servers", brokers));
    }

    /** The child's own main: starts the parts that the default run embeds, and keeps them until it is ended. */
    public static void main(String[] arguments) throws Exception {
        var settings = Settings.load()
                .with("kafka.brokers", "")
                .with("database.url", "")
                .with("orderflow.data.dir", arguments[0])
                .with("local.postgres.dir", Path.of("target", "postgresql").toString())
                .with("local.kafka.port", "0")
                .with("local.postgres.port", "0");
        var parts = new EmbeddedParts().start(settings);
        Runtime.getRuntime().addShutdownHook(new Thread(parts::close));
        System.out.println("brokers " + parts.settings().text("kafka.brokers"));
        System.out.println("user " + parts.settings().text("database.user"));
        System.out.println("password " + parts.settings().text("database.password"));
        System.out.println("url " + parts.settings().text("database.url"));
        new CountDownLatch(1).await();
    }

    static Ground start() throws IOException {
        var folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "bench-data-");
        return new Ground(Child.java(Ground.class, List.of("-Xmx512m"), folder.toString()), folder);
    }

    long brokerPid() {
        return child.pid();
    }

    long databasePid() {
        try {
            return Long.parseLong(Files.readAllLines(folder.resolve("postgres/postmaster.pid"))
                    .get(0)
                    .trim());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    String url(String database) {
        return url.substring(0, url.lastIndexOf('/') + 1) + database;
    }

    void topics(int partitions, String... names) {
        try {
            admin.createTopics(List.of(names).stream()
                            .map(name -> new NewTopic(name, partitions, (short) 1))
                            .toList())
                    .all()
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where a side keeps what is its own; it goes with the ground. */
    Path folder(String side) {
        return folder.resolve("side-" + side);
    }

    /** A database of its own for one side, with the product's tables and plenty of each of 1,000 goods. */
    void database(String name) throws SQLException {
        emptyDatabase(name);
        try (var database = new Database()) {
            database.setUrl(url(name));
            database.setUsername(user);
            database.setPassword(password);
            database.start();
        }
        stock(name);
    }

    /** A database whose tables the build makes that is started on it. */
    void emptyDatabase(String name) throws SQLException {
        sql("orderflow", "CREATE DATABASE " + name);
    }

    /** Plenty of each of 1,000 goods. */
    void stock(String name) throws SQLException {
        sql(
                name,
                "INSERT INTO inventory.stock (sku, on_hand) SELECT 'sku-' || to_char(n, 'FM0000'), 1000000000 FROM generate_series(0, "
                        + (SKUS - 1) + ") n");
    }

    /** Has the database write what it holds in memory. */
    void checkpoint() {
        try {
            sql("orderflow", "CHECKPOINT");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Removes databases, and the topics whose names begin so: what a row wrote must not slow down the next. */
    void drop(List<String> databases, String topic) throws Exception {
        for (String name : databases) {
            sql("orderflow", "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
        }
        var topics = admin.listTopics().names().get().stream()
                .filter(name -> name.startsWith(topic))
                .toList();
        admin.deleteTopics(topics).all().get();
    }

    /** Records that were ever appended to a topic. */
    long records(String topic) throws Exception {
        var partitions = admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions();
        Map<TopicPartition, OffsetSpec> latest = partitions.stream()
                .collect(Collectors.toMap(p -> new TopicPartition(topic, p.partition()), p -> OffsetSpec.latest()));
        return admin.listOffsets(latest).all().get().values().stream()
                .mapToLong(offset -> offset.offset())
                .sum();
    }

    void sql(String database, String sql) throws SQLException {
        try (var pool = pool(database, 1);
                var connection = pool.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    long number(String database, String sql) throws SQLException {
        try (var pool = pool(database, 1);
                var connection = pool.getConnection();
                var row = connection.createStatement().executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private HikariDataSource pool(String database, int size) {
        return pool(url(database), user, password, size);
    }

    static HikariDataSource pool(String url, String user, String password, int size) {
        var config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(size);
        config.addDataSourceProperty("prepareThreshold", "1");
        return new HikariDataSource(config);
    }

    @Override
    public void close() throws IOException {
        admin.close();
        child.close();
        Child.pause(500);
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
