package dev.orderflow.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.testing.ChildApp;
import dev.orderflow.testing.Records;
import dev.orderflow.testing.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What an autoscaler does to a service: instances come and go while orders arrive. */
class ScaleIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int AT_ONCE = 20;

    @Test
    void losesAndDoublesNothingWhileInstancesComeAndGo() throws InterruptedException {
        // Given
        try (var world = World.of("scale");
                var load = new Load(world);
                var first = instance(world)) {
            first.awaitReady();
            world.stock("A", 1_000_000);
            load.start();
            awaitOwners(world, 1);

            // When
            try (var second = instance(world)) {
                awaitOwners(world, 2);
                try (var third = instance(world)) {
                    awaitOwners(world, 3);
                    assertThat(third.stop()).isNotEqualTo(137);
                }
                awaitOwners(world, 2);
                assertThat(second.stop()).isNotEqualTo(137);
            }
            awaitOwners(world, 1);
            int orders = load.end();
            await().atMost(LIMIT).until(() -> world.lag("inventory") == 0);

            // Then
            long effects = world.count("SELECT count(*) FROM inventory.reservation WHERE state = 'reserved'");
            long reserved = world.count("SELECT reserved FROM inventory.stock WHERE sku = 'A'");
            System.out.printf(
                    "scaling: %d orders, %d lost, %d duplicate%n", orders, orders - effects, reserved - effects);
            assertThat(effects).isEqualTo(orders);
            assertThat(reserved).isEqualTo(orders);
            assertThat(world.topics().readAll(world.deadLetters())).isEmpty();
        }
    }

    private static ChildApp instance(World world) {
        return ChildApp.start(world.settings(Map.of("orderflow.services", "inventory", "orderflow.warmUpMs", "0")));
    }

    /** Every partition has one of so many instances, and each of them has one at least. */
    private static void awaitOwners(World world, int instances) {
        await("partitions with %d instances".formatted(instances))
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> {
                    var owners = world.topics().owners("inventory");
                    var partitions = owners.stream()
                            .flatMap(List::stream)
                            .filter(it -> it.topic().equals(world.orders()))
                            .distinct();
                    return owners.size() == instances && partitions.count() == 3;
                });
    }

    /** Orders without a pause, until it is told to end. */
    private static final class Load implements AutoCloseable {

        private final World world;
        private final AtomicInteger appended = new AtomicInteger();
        private final java.util.concurrent.ScheduledExecutorService thread =
                Executors.newSingleThreadScheduledExecutor();

        Load(World world) {
            this.world = world;
        }

        void start() {
            thread.scheduleWithFixedDelay(this::append, 0, 50, TimeUnit.MILLISECONDS);
        }

        private void append() {
            world.topics()
                    .append(Stream.generate(
                                    () -> Records.placed(world.orders(), Records.order(UUID.randomUUID(), "A", 1)))
                            .limit(AT_ONCE)
                            .toList());
            appended.addAndGet(AT_ONCE);
        }

        /** How many there are. */
        int end() throws InterruptedException {
            thread.shutdown();
            assertThat(thread.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
            return appended.get();
        }

        @Override
        public void close() {
            thread.shutdownNow();
        }
    }
}
