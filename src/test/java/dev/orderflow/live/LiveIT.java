package dev.orderflow.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.testing.RunningApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Route files edited under a running application, on a real broker and a real PostgreSQL. */
class LiveIT {

    @TempDir
    Path temp;

    private RoutesInHand routes;
    private RunningApp app;
    private Shop shop;

    @BeforeEach
    void start() {
        routes = new RoutesInHand(temp.resolve("routes"));
        app = RunningApp.start(Map.of("orderflow.routes.dir", routes.path().toString(), "inventory.seed", "true"));
        shop = new Shop(app);
    }

    @AfterEach
    void stop() {
        shop.close();
        app.close();
    }

    @Test
    void takesAnEditAndRefusesABadOne() throws Exception {
        String first = shop.route("shipping.camel.yaml").path("version").asText();
        shop.open(100);

        routes.edit("shipping.camel.yaml", "expression: swift-post", "expression: slow-post");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !shop.route("shipping.camel.yaml")
                        .path("version")
                        .asText()
                        .equals(first));
        routes.edit("shipping.camel.yaml", "stopOnException: true", "stopOnExeption: true");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> shop.route("shipping.camel.yaml").has("lastRefusal"));
        System.out.println(shop.routes());
        System.out.println(shop.management("/observe/health"));
        shop.stop();
        await().atMost(Duration.ofSeconds(20)).until(() -> shop.effects("shipping.shipment") == shop.accepted.size());
        assertThat(shop.answers).containsOnlyKeys(202);
    }
}
