package dev.orderflow.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.settings.Settings;
import dev.orderflow.testing.ChildApp;
import dev.orderflow.testing.Records;
import dev.orderflow.testing.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The production build with its routes where a ConfigMap is mounted: files that are links into a folder that is a link. */
class MountedRoutesIT {

    private static final List<String> FILES =
            List.of("beans.camel.yaml", "delivery.camel.yaml", "inventory.camel.yaml");
    private static final Path PROGRAM =
            Path.of("target/orderflow/bin/orderflow").toAbsolutePath();

    @Test
    void runsTheRoutesOfAConfigMapAndTakesItsEdits(@TempDir Path folder) throws IOException {
        // Given
        Path mount = mount(folder.resolve("routes"), "1", "description: Reserve", "description: Reserve");
        try (var world = World.of("mounted");
                var child = program(world, mount)) {
            child.awaitReady();
            world.stock("A", 10);
            order(world, 1);

            // When
            mount(mount, "2", "description: Reserve", "description: Edited, reserve");

            // Then
            child.await("inventory.camel.yaml: version");
            order(world, 2);

            // And a bad edit changes nothing
            mount(mount, "3", "ref: stock", "ref: stok");
            child.await("is not taken");
            order(world, 3);
            assertThat(world.count("SELECT reserved FROM inventory.stock WHERE sku = 'A'"))
                    .isEqualTo(3);
            assertThat(world.topics().readAll(world.deadLetters())).isEmpty();
        }
    }

    private static void order(World world, int nth) {
        world.topics().append(List.of(Records.placed(world.orders(), Records.order(UUID.randomUUID(), "A", 1))));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> world.count("SELECT count(*) FROM inventory.reservation") == nth);
    }

    /** As the kubelet does it, with one change to one file: a folder of the version, and a link that is moved over. */
    private static Path mount(Path mount, String version, String from, String to) throws IOException {
        Path folder = Files.createDirectories(mount.resolve(".." + version));
        for (String name : FILES) {
            String routes = Files.readString(Path.of("routes-yaml", name));
            Path file = Files.writeString(
                    folder.resolve(name), name.startsWith("inventory") ? routes.replace(from, to) : routes);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        }
        Path link = Files.createSymbolicLink(mount.resolve("..data_tmp"), folder.getFileName());
        Files.move(link, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        for (String name : FILES) {
            if (!Files.isSymbolicLink(mount.resolve(name))) {
                Files.createSymbolicLink(mount.resolve(name), Path.of("..data", name));
            }
        }
        return mount;
    }

    private static ChildApp program(World world, Path mount) {
        var settings = new HashMap<>(world.settings(Map.of("orderflow.services", "inventory")));
        settings.put("orderflow.routes.dir", mount.toString());
        settings.put("orderflow.warmUpMs", "0");
        var environment = new HashMap<String, String>();
        settings.forEach((key, value) -> environment.put(Settings.variable(key), value));
        environment.put("JAVA_OPTS", "-Xmx320m -XX:+UseSerialGC");
        return ChildApp.program(List.of(PROGRAM.toString(), "run"), environment);
    }
}
