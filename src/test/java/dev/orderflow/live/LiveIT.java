package dev.orderflow.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.orderflow.KafkaClients;
import dev.orderflow.audit.Audit;
import dev.orderflow.testing.CapturedLog;
import dev.orderflow.testing.RunningApp;
import dev.orderflow.testing.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Route files edited under a running application, on a real broker and a real PostgreSQL. */
class LiveIT {

    private static final int ORDERS_PER_SECOND = Integer.getInteger("live.ordersPerSecond", 50);
    private static final Duration LONG = Duration.ofSeconds(45);
    private static final String LOYALTY = "loyalty.camel.yaml";

    @TempDir
    Path temp;

    private final String topics = UUID.randomUUID().toString();
    private final CapturedLog log = new CapturedLog();
    private RoutesInHand routes;
    private RunningApp app;
    private Shop shop;

    private void start(RoutesInHand inHand, Map<String, String> more) {
        routes = inHand;
        var settings = new HashMap<>(Map.of(
                "orderflow.routes.dir", routes.path().toString(),
                "inventory.seed", "true",
                "orders.topic", "orders-" + topics,
                "order-events.topic", "order-events-" + topics,
                "orders-dlt.topic", "orders-dlt-" + topics));
        settings.putAll(more);
        app = RunningApp.start(settings);
        shop = new Shop(app);
        shop.stock();
        shop.warmUp();
    }

    @AfterEach
    void stop() {
        log.close();
        shop.close();
        app.close();
    }

    @Test
    void losesAndRepeatsNothingWhileItsRoutesAreEdited() throws Exception {
        start(RoutesInHand.configMap(temp.resolve("routes")), Map.of());
        shop.open(ORDERS_PER_SECOND);

        // A ConfigMap with good versions, and one with a bad one among them
        mounts(goodEdits(1));
        var bad = new TreeMap<>(goodEdits(2));
        bad.put("shipping.camel.yaml", BadEdit.all().get(0).yaml());
        routes.mount(bad);
        awaitRefused("shipping.camel.yaml", bad.get("shipping.camel.yaml"), "this is no YAML");

        // A person with an editor: 20 good edits, and bad ones of every kind between them
        Queue<BadEdit> left = new ArrayDeque<>(BadEdit.all());
        for (int round = 3; round < 8; round++) {
            refuses(left);
            edits(goodEdits(round));
        }
        while (!left.isEmpty()) {
            refuses(left);
        }

        // One that starts and then fails at once, under load
        String failing = RoutesInHand.edited(
                goodEdits(9).get("shipping.camel.yaml"),
                "constant:\n                                      expression: swift-post-9",
                "simple:\n                                      expression: ${body.order.nobody}");
        routes.renameOver("shipping.camel.yaml", failing);
        awaitRefused("shipping.camel.yaml", failing, "failed on every order");

        // A service goes and comes again, another one is new, and an edit is taken back
        String shipping = routes.read("shipping.camel.yaml");
        routes.delete("shipping.camel.yaml");
        await().atMost(LONG).until(() -> state("shipping.camel.yaml").equals("stopped"));
        routes.write("shipping.camel.yaml", shipping);
        var page = new Page("add-a-service.md");
        routes.write("loyalty.sql", page.file("loyalty.sql"));
        routes.write(LOYALTY, page.file(LOYALTY));
        edits(goodEdits(8));
        awaitRunning(LOYALTY, new RouteFile(LOYALTY, page.file(LOYALTY), page.file("loyalty.sql")));
        String before = shop.route("status.camel.yaml").path("before").asText();
        assertThat(shop.rollback("status.camel.yaml").statusCode()).isEqualTo(200);
        assertThat(shop.route("status.camel.yaml").path("version").asText()).isEqualTo(before);
        assertThat(shop.rollback("..%2F..%2Fetc%2Fpasswd").statusCode()).isEqualTo(404);

        // A restart while the folder holds a bad version
        shop.stop();
        routes.renameOver("inventory.camel.yaml", BadEdit.all().get(2).yaml() + "\n- nonsense: {}\n");
        var settings = app.settings();
        app.close();
        app = RunningApp.start(settings, Map.of());
        shop.moveTo(app);
        assertThat(shop.route("inventory.camel.yaml").has("lastRefusal")).isTrue();
        assertThat(shop.route("status.camel.yaml").path("version").asText()).isEqualTo(before);
        shop.warmUp();

        // The audit, and the bookkeeper
        int accepted = shop.accepted.size();
        Map<String, Long> effects = new TreeMap<>();
        await().atMost(Duration.ofMinutes(3)).untilAsserted(() -> {
            effects.putAll(shop.effects());
            assertThat(effects.values())
                    .allMatch(count -> count == accepted, "one of each for %d orders: %s".formatted(accepted, effects));
        });
        System.out.printf(
                "live: %d orders at %d/s, answers %s, effects and receipts %s, dead letters %d%n",
                accepted, ORDERS_PER_SECOND, shop.answers, effects, deadLetters());
        var audit = new Audit(app.settings(), KafkaClients.properties(app.settings())).run((share, what) -> {});
        System.out.println(audit.text());
        System.out.println("live: gaps " + Gaps.of(log.text()));
        assertThat(audit.clean()).as(audit.text()).isTrue();
        assertThat(audit.text()).contains("loyalty");
        assertThat(deadLetters()).isZero();
        assertThat(shop.answers).containsOnlyKeys(202);
    }

    @Test
    void takesAnEditWithinTwoSecondsOfItsLastWrite() throws Exception {
        start(RoutesInHand.plain(temp.resolve("routes")), Map.of());
        shop.open(ORDERS_PER_SECOND);
        List<Long> took = new ArrayList<>();
        for (int round = 1; round <= 5; round++) {
            for (var edit : goodEdits(round).entrySet()) {
                if (RouteFile.isShared(edit.getKey())) {
                    continue;
                }
                routes.write(edit.getKey(), edit.getValue());
                long written = System.nanoTime();
                String version = new RouteFile(edit.getKey(), edit.getValue(), "").version();
                await(edit.getKey())
                        .atMost(LONG)
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> shop.route(edit.getKey())
                                .path("version")
                                .asText()
                                .equals(version));
                took.add(Duration.ofNanos(System.nanoTime() - written).toMillis());
            }
        }
        took.sort(null);
        System.out.printf("live: %d edits taken %s ms after their last write%n", took.size(), took);
        assertThat(took.get(took.size() - 1)).isLessThan(2_000);
    }

    @Test
    void aPersonsEditIsSeenInTheNextOrder() throws Exception {
        var smtp = new GreenMail(new ServerSetup(0, "127.0.0.1", "smtp"));
        smtp.start();
        try {
            start(
                    RoutesInHand.plain(temp.resolve("routes")),
                    Map.of(
                            "notification.smtp",
                            "smtp://127.0.0.1:" + smtp.getSmtp().getPort()));

            edit("shipping.camel.yaml", "expression: swift-post", "expression: night-owl");
            edit("notification.camel.yaml", "Thank you for your order", "Many thanks for your order");
            String first = shop.orderOne();
            await().atMost(LONG).until(() -> shop.order(first, 1).toString().contains("night-owl"));
            await().atMost(LONG).until(() -> mail(first).contains("Many thanks for your order"));

            edit("notification.camel.yaml", "uri: \"{{notification.channel}}\"", "uri: direct:mail-to-smtp");
            String second = shop.orderOne();
            assertThat(smtp.waitForIncomingEmail(60_000, 1)).isTrue();
            assertThat(smtp.getReceivedMessages()[0].getSubject()).contains(second);
            assertThat(mail(second)).isEmpty();
            assertThat(shop.management("/observe/metrics")).contains("orderflow_route_refusals_total 0");
        } finally {
            smtp.stop();
        }
    }

    /** What the edited services' pauses were, in milliseconds, as the log tells them. */
    private record Gaps(int count, int median, int p95, int max) {

        static Gaps of(String log) {
            int[] gaps = Pattern.compile("gap (\\d+) ms")
                    .matcher(log)
                    .results()
                    .mapToInt(found -> Integer.parseInt(found.group(1)))
                    .sorted()
                    .toArray();
            return new Gaps(gaps.length, gaps[gaps.length / 2], gaps[gaps.length * 95 / 100], gaps[gaps.length - 1]);
        }
    }

    private void edit(String name, String found, String replacement) {
        edits(Map.of(name, RoutesInHand.edited(routes.read(name), found, replacement)));
    }

    private String mail(String order) {
        Path folder = Path.of(app.settings().text("orderflow.data.dir"), "mail");
        Path file = folder.resolve(order + "-order-placed.eml");
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A version of every service's file that differs from the others. */
    private static Map<String, String> goodEdits(int round) {
        var files = RoutesInHand.shipped();
        files.replace(
                "shipping.camel.yaml",
                RoutesInHand.edited(files.get("shipping.camel.yaml"), "swift-post", "swift-post-" + round));
        files.replace(
                "inventory.camel.yaml",
                RoutesInHand.edited(files.get("inventory.camel.yaml"), "or for none", "or for none at all, " + round));
        files.replace(
                "notification.camel.yaml",
                RoutesInHand.edited(files.get("notification.camel.yaml"), "Thank you", round + " thanks"));
        files.replace(
                "status.camel.yaml",
                RoutesInHand.edited(files.get("status.camel.yaml"), "its timeline\n", "its timeline " + round + "\n"));
        return files;
    }

    private void mounts(Map<String, String> files) {
        routes.mount(files);
        files.forEach((name, yaml) -> awaitRunning(name, new RouteFile(name, yaml, "")));
    }

    /** In place, in two halves, and by renaming over. */
    private void edits(Map<String, String> files) {
        int way = 0;
        for (var file : files.entrySet()) {
            String text = file.getValue();
            switch (way++ % 3) {
                case 0 -> routes.write(file.getKey(), text);
                case 1 -> {
                    routes.write(file.getKey(), text.substring(0, text.length() / 2));
                    routes.write(file.getKey(), text);
                }
                default -> routes.renameOver(file.getKey(), text);
            }
        }
        files.forEach((name, yaml) -> awaitRunning(name, new RouteFile(name, yaml, "")));
    }

    /** One of each file. */
    private void refuses(Queue<BadEdit> left) {
        Map<String, BadEdit> now = new TreeMap<>();
        for (BadEdit edit : List.copyOf(left)) {
            if (now.putIfAbsent(edit.file(), edit) == null) {
                left.remove(edit);
            }
        }
        now.values().forEach(edit -> routes.renameOver(edit.file(), edit.yaml()));
        now.values().forEach(edit -> awaitRefused(edit.file(), edit.yaml(), edit.sentence()));
    }

    private void awaitRunning(String name, RouteFile file) {
        await(name).atMost(LONG).untilAsserted(() -> {
            var route = shop.route(name);
            assertThat(route.path("version").asText()).as(route.toString()).isEqualTo(file.version());
            assertThat(route.path("state").asText()).isEqualTo("running");
        });
    }

    private void awaitRefused(String name, String yaml, String sentence) {
        String version = new RouteFile(name, yaml, "").version();
        await(name + ": " + sentence).atMost(LONG).untilAsserted(() -> {
            var refusal = shop.route(name).path("lastRefusal");
            assertThat(refusal.path("version").asText()).as(refusal.toString()).isEqualTo(version);
            assertThat(refusal.path("sentence").asText()).contains(sentence);
        });
    }

    private String state(String name) {
        return shop.route(name).path("state").asText();
    }

    private int deadLetters() {
        try (var reader = new Topics(app.settings().text("kafka.brokers"))) {
            return new ArrayList<>(reader.readAll("orders-dlt-" + topics)).size();
        }
    }
}
