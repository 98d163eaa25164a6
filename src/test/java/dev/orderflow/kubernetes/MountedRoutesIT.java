package dev.orderflow.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.Settings;
import dev.orderflow.testing.ChildApp;
import dev.orderflow.testing.Records;
import dev.orderflow.testing.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private static final Path PROGRAM =
            Path.of("target/orderflow/bin/orderflow").toAbsolutePath();

    @Test
    void runsTheRoutesOfAConfigMap(@TempDir Path folder) throws IOException {
        // Given
        Path mount = mount(folder, List.of("beans.camel.yaml", "delivery.camel.yaml", "inventory.camel.yaml"));
        try (var world = World.of("mounted");
                var child = program(world, mount)) {
            child.awaitReady();
            world.stock("A", 10);

            // When
            world.topics().append(List.of(Records.placed(world.orders(), Records.order(UUID.randomUUID(), "A", 3))));

            // Then
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> world.count("SELECT count(*) FROM inventory.reservation") == 1);
            assertThat(world.count("SELECT reserved FROM inventory.stock WHERE sku = 'A'"))
                    .isEqualTo(3);
        }
    }

    private static Path mount(Path folder, List<String> files) throws IOException {
        Path mount = Files.createDirectory(folder.resolve("routes"));
        Path version = Files.createDirectory(mount.resolve("..2026_11_22_10_00_00.1"));
        Files.createSymbolicLink(mount.resolve("..data"), version.getFileName());
        for (String file : files) {
            Files.copy(Path.of("routes-yaml", file), version.resolve(file));
            Files.createSymbolicLink(mount.resolve(file), Path.of("..data", file));
            Files.setPosixFilePermissions(version.resolve(file), PosixFilePermissions.fromString("r--r--r--"));
        }
        return mount;
    }

    private static ChildApp program(World world, Path mount) {
        var settings = new HashMap<>(world.settings(Map.of("orderflow.services", "inventory")));
        settings.put("orderflow.routes.dir", mount.toString());
        var environment = new HashMap<String, String>();
        settings.forEach((key, value) -> environment.put(Settings.variable(key), value));
        environment.put("JAVA_OPTS", "-Xmx320m -XX:+UseSerialGC");
        return ChildApp.program(List.of(PROGRAM.toString(), "run"), environment);
    }
}
