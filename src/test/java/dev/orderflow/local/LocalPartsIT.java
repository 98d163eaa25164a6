package dev.orderflow.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.settings.CannotStart;
import dev.orderflow.settings.LocalParts;
import dev.orderflow.settings.Settings;
import dev.orderflow.testing.ChildApp;
import dev.orderflow.testing.Embedded;
import dev.orderflow.testing.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPartsIT {

    @TempDir
    Path data;

    private LocalParts.Running start() {
        return new EmbeddedParts().start(settings());
    }

    private Settings settings() {
        return Embedded.settings(data);
    }

    private ChildApp child() {
        var child = ChildApp.start(
                "dev.orderflow.local.LocalMain",
                Map.of(
                        "orderflow.data.dir",
                        data.toString(),
                        "local.postgres.dir",
                        settings().text("local.postgres.dir"),
                        "local.kafka.port",
                        "0",
                        "local.postgres.port",
                        "0"),
                List.of());
        return child.await("READY");
    }

    private static void execute(String url, String password, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(url, "orderflow", password);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void keepsWhatWasWrittenWhenItsProcessIsKilled() throws Exception {
        // Given
        try (var child = child()) {
            String[] words = child.output()
                    .lines()
                    .filter(line -> line.startsWith("READY"))
                    .findFirst()
                    .orElseThrow()
                    .split(" ");
            try (var admin = Admin.create(Map.of("bootstrap.servers", words[1]));
                    var topics = new Topics(words[1])) {
                admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1)))
                        .all()
                        .get();
                topics.append("kept", "k", "v", Map.of());
            }
            execute(words[2], words[3], "CREATE TABLE kept AS SELECT 7 AS number");

            // When
            child.kill();
        }

        // Then
        try (var parts = start()) {
            try (var topics = new Topics(parts.settings().text("kafka.brokers"))) {
                assertThat(topics.readAll("kept")).extracting(Topics::text).containsExactly("v");
            }
            try (var connection = DriverManager.getConnection(
                            parts.settings().text("database.url"),
                            "orderflow",
                            parts.settings().text("database.password"));
                    var found = connection.createStatement().executeQuery("SELECT number FROM kept")) {
                assertThat(found.next()).isTrue();
                assertThat(found.getInt(1)).isEqualTo(7);
            }
        }
    }

    @Test
    void leavesNoDatabaseBehindAKilledProcess() throws IOException {
        // Given
        try (var child = child()) {
            var database = LeftoverPostgres.server(data.resolve("postgres/postmaster.pid"))
                    .orElseThrow();

            // When
            child.kill();

            // Then
            Awaitility.await().atMost(15, TimeUnit.SECONDS).until(() -> !database.isAlive());
        }
    }

    @Test
    void stopsADatabaseThatOutlivedItsProcessAndItsWatcher() throws IOException {
        // Given
        try (var child = child()) {
            var database = LeftoverPostgres.server(data.resolve("postgres/postmaster.pid"))
                    .orElseThrow();
            child.handle()
                    .descendants()
                    .filter(it -> it.info().commandLine().orElse("").contains("watcher"))
                    .forEach(ProcessHandle::destroyForcibly);
            child.kill();
            assertThat(database.isAlive()).isTrue();

            // When
            try (var parts = start()) {

                // Then
                assertThat(database.isAlive()).isFalse();
                assertThat(parts.settings().isSet("database.url")).isTrue();
            }
        }
    }

    @Test
    void refusesAFolderThatIsInUse() {
        try (var first = start()) {
            assertThat(first.settings().isSet("kafka.brokers")).isTrue();
            assertThatThrownBy(this::start)
                    .isInstanceOf(CannotStart.class)
                    .hasMessage(
                            "The data folder '%s' is in use by another run. Stop that one, or set ORDERFLOW_DATA_DIR to another folder."
                                    .formatted(data));
        }
    }

    @Test
    void refusesAFolderThatIsAFile() throws IOException {
        var file = Files.createFile(data.resolve("file"));

        assertThatThrownBy(() -> new EmbeddedParts().start(Embedded.settings(file)))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("cannot be written");
    }

    @Test
    void refusesADamagedFolderWithASentence() throws IOException {
        // Given
        start().close();
        var broker = data.resolve("kafka/meta.properties");
        var database = data.resolve("postgres/PG_VERSION");
        var meta = Files.readString(broker);

        // When, Then
        Files.writeString(broker, "garbage");
        assertThatThrownBy(this::start)
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining(
                        "The broker's folder '%s' is damaged: its meta.properties".formatted(data.resolve("kafka")));

        Files.writeString(broker, meta);
        Files.delete(database);
        assertThatThrownBy(this::start)
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining(
                        "is damaged: it has no PG_VERSION. Restore the data folder from a copy, or move it away to begin empty.");
    }

    @Test
    void refusesAPortThatIsTaken() throws IOException {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (String key : List.of("local.kafka.port", "local.postgres.port")) {
                var settings = settings().with(key, Integer.toString(other.getLocalPort()));
                assertThatThrownBy(() -> new EmbeddedParts().start(settings))
                        .isInstanceOf(CannotStart.class)
                        .hasMessageContaining("Port %d of 127.0.0.1".formatted(other.getLocalPort()))
                        .hasMessageContaining(Settings.variable(key));
            }
        }
    }

    @Test
    void closesItsFolderToOtherUsersAlsoOneThatWasOpen() throws IOException {
        // Given
        var open = data.resolve("open");
        Files.createDirectory(open, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        var fresh = data.resolve("parent/fresh");

        for (Path folder : List.of(open, fresh)) {
            // When
            new EmbeddedParts().start(Embedded.settings(folder)).close();

            // Then
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void asksForRoomAfterAFullDiskAndNeverToBeginEmpty() {
        for (String said : List.of(
                "No space left on device",
                "could not write lock file \"postmaster.pid\": No space left on device",
                "mkdir: Disk quota exceeded")) {
            assertThat(Remedy.of(data, said))
                    .contains("disk is full", "start again")
                    .doesNotContain("empty");
        }
        assertThat(Remedy.of(data, "Lock held by another program")).doesNotContain("empty", "full");
    }

    @Test
    void keepsItsPasswordToItself() throws IOException {
        try (var parts = start()) {
            var file = data.resolve("postgres.password");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(parts.settings().text("database.password")).hasSize(48);
        }
    }
}
