package dev.orderflow.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.orderflow.audit.Audit;
import dev.orderflow.check.RouteFile;
import dev.orderflow.kafka.KafkaClients;
import dev.orderflow.testing.BadEdit;
import dev.orderflow.testing.CapturedLog;
import dev.orderflow.testing.Customers;
import dev.orderflow.testing.Page;
import dev.orderflow.testing.RoutesInHand;
import dev.orderflow.testing.RunningApp;
import dev.orderflow.testing.Shop;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
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

/** Route files edited under a running application, at load and by a person, on a real broker and a real PostgreSQL. */
class LiveIT {

    /** The kinds behind these are refused by the same look at the file, as {@code CheckTest} shows of each. */
    private static final List<BadEdit> BAD = BadEdit.all().subList(0, 26);

    private static final int ORDERS_PER_SECOND = 500;
    private static final int EDITS = 20;
    private static final Duration LIMIT = Duration.ofSeconds(45);
    private static final String SHIPPING = "shipping.camel.yaml";
    private static final String NOTIFICATION = "notification.camel.yaml";
    private static final String INVENTORY = "inventory.camel.yaml";
    private static final String STATUS = "status.camel.yaml";
    private static final String LOYALTY = "loyalty.camel.yaml";
    private static final List<String> EDITED = List.of(SHIPPING, INVENTORY, NOTIFICATION, STATUS);

    @TempDir
    Path temp;

    private final CapturedLog log = new CapturedLog();
    private final Customers customers = new Customers();
    private RoutesInHand routes;
    private Shop shop;

    private void start(RoutesInHand inHand, Map<String, String> more) {
        routes = inHand;
        var settings = new HashMap<>(more);
        settings.put("orderflow.routes.dir", routes.path().toString());
        settings.put("inventory.seed", "false");
        shop = Shop.open(settings);
    }

    @AfterEach
    void stop() {
        customers.close();
        log.close();
        shop.close();
    }

    @Test
    void losesAndRepeatsNothingWhileItsRoutesAreEditedAtLoad() throws Exception {
        start(RoutesInHand.configMap(temp.resolve("routes")), Map.of("orderflow.warmUpMs", "6000"));
        customers.order(shop.app.url(), ORDERS_PER_SECOND);
        keepsUp();

        configMaps();
        var begin = Instant.now();
        var took = edits();
        var idle = idle(begin);
        startsAndThenFails();
        tellsEachRefusalOnce();
        goesAndComesAgainBesideANewOne();
        String rolledBackTo = rollsBack();
        restartsOnABadVersion(rolledBackTo);
        customers.rest();

        System.out.printf(
                "live: %d orders, %.0f/s, answers %s%n",
                customers.accepted().size(), customers.rate(), customers.answers());
        System.out.println("live: ms from the last write until a version runs: " + Figures.of(took));
        var gaps = gaps();
        System.out.println("live: ms of gaps: " + Figures.of(gaps));
        System.out.println("live: ms that a service did nothing at most, while it was edited: " + idle);
        balances();
        assertThat(customers.answers()).containsOnlyKeys(202);
        assertThat(customers.rate()).isGreaterThan(0.95 * ORDERS_PER_SECOND);
        assertThat(took).hasSize(EDITS).allMatch(ms -> ms < 2_000);
        assertThat(gaps).hasSizeGreaterThan(EDITS).allMatch(ms -> ms < 1_000);
    }

    /** What is measured is an edit, and not how a Java process compiles. Notification does fewer orders a second. */
    private void keepsUp() {
        await().atMost(Duration.ofMinutes(2)).during(Duration.ofSeconds(5)).untilAsserted(() -> {
            for (String service : List.of("inventory", "shipping", "status")) {
                assertThat(shop.topics.lag(service, shop.topic("orders")))
                        .as("orders that %s has not done", service)
                        .isLessThan(ORDERS_PER_SECOND);
            }
        });
    }

    /** One with good versions only, and one with a bad one among them. */
    private void configMaps() {
        routes.mount(goodVersions(1));
        EDITED.forEach(this::awaitRunning);
        var bad = goodVersions(2);
        bad.put(SHIPPING, BadEdit.all().get(0).yaml());
        routes.mount(bad);
        awaitRefused(SHIPPING, BadEdit.all().get(0).sentence());
        List.of(INVENTORY, NOTIFICATION, STATUS).forEach(this::awaitRunning);
    }

    /** A person's: good ones, and between them bad ones of every kind, which the next good one mends. */
    private List<Long> edits() {
        List<Long> took = new ArrayList<>();
        Queue<BadEdit> bad = new ArrayDeque<>(BAD);
        assertThat(bad).hasSizeGreaterThanOrEqualTo(EDITS);
        for (int round = 0; round < EDITS; round++) {
            String name = EDITED.get(round % EDITED.size());
            took.add(good(name, goodVersions(3 + round).get(name), round));
            refused(bad.poll());
        }
        bad.forEach(this::refused);
        for (String name : EDITED) {
            routes.write(name, goodVersions(3 + EDITS).get(name));
        }
        EDITED.forEach(this::awaitRunning);
        return took;
    }

    /** In place, in two halves, or by renaming over; the milliseconds from the last write until the version runs. */
    private long good(String name, String yaml, int way) {
        switch (way % 3) {
            case 0 -> routes.write(name, yaml);
            case 1 -> {
                routes.write(name, yaml.substring(0, yaml.length() / 2));
                routes.write(name, yaml);
            }
            default -> routes.renameOver(name, yaml);
        }
        long written = System.nanoTime();
        awaitRunning(name);
        return Duration.ofNanos(System.nanoTime() - written).toMillis();
    }

    private void refused(BadEdit edit) {
        routes.renameOver(edit.file(), edit.yaml());
        awaitRefused(edit.file(), edit.sentence());
    }

    private void startsAndThenFails() {
        routes.renameOver(
                SHIPPING,
                RoutesInHand.edited(
                        goodVersions(30).get(SHIPPING),
                        "constant:\n                                      expression: swift-post-30",
                        "simple:\n                                      expression: ${body.order.nobody}"));
        awaitRefused(SHIPPING, "failed on every order");
    }

    /** Each once: the one of the ConfigMap, those of every kind, and the one that failed on every order. */
    private void tellsEachRefusalOnce() throws IOException {
        int refused = BAD.size() + 2;
        assertThat(management("/observe/metrics")).contains("orderflow_route_refusals_total %d.0".formatted(refused));
        assertThat(management("/observe/health")).contains("\"status\":\"UP\"", "failed on every order");
        assertThat(Pattern.compile("version (\\w+) is not taken")
                        .matcher(log.text())
                        .results()
                        .map(found -> found.group(1)))
                .hasSize(refused);
    }

    private String management(String path) throws IOException {
        try (var answer = URI.create(shop.app.managementUrl() + path).toURL().openStream()) {
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void goesAndComesAgainBesideANewOne() {
        routes.delete(SHIPPING);
        await().atMost(LIMIT)
                .until(() -> shop.route(SHIPPING).path("state").asText().equals("stopped"));
        routes.write(SHIPPING, goodVersions(31).get(SHIPPING));
        var page = new Page("add-a-service.md");
        routes.write("loyalty.sql", page.file("loyalty.sql"));
        routes.write(LOYALTY, page.file(LOYALTY));
        List.of(SHIPPING, LOYALTY).forEach(this::awaitRunning);
    }

    /** The version that runs then. */
    private String rollsBack() {
        String before = shop.route(STATUS).path("before").asText();
        assertThat(shop.call("/routes/" + STATUS + "/rollback", "POST", "", 200)
                        .path("version")
                        .asText())
                .isEqualTo(before);
        assertThat(shop.route(STATUS).path("version").asText()).isEqualTo(before);
        shop.call("/routes/..%2F..%2Fetc%2Fpasswd/rollback", "POST", "", 404);
        return before;
    }

    private void restartsOnABadVersion(String rolledBackTo) {
        customers.rest();
        String good = shop.route(INVENTORY).path("version").asText();
        var bad = BadEdit.all().get(3);
        routes.renameOver(bad.file(), bad.yaml());
        routes.renameOver(INVENTORY, "- nonsense: {}\n");
        var settings = shop.app.settings();
        shop.close();
        shop = Shop.of(RunningApp.start(settings, Map.of()));
        assertThat(shop.route(INVENTORY).path("version").asText()).isEqualTo(good);
        assertThat(shop.route(INVENTORY).path("lastRefusal").path("sentence").asText())
                .contains("nonsense");
        assertThat(shop.route(STATUS).path("version").asText()).isEqualTo(rolledBackTo);
        customers.order(shop.app.url(), ORDERS_PER_SECOND);
        routes.write(INVENTORY, goodVersions(32).get(INVENTORY));
        awaitRunning(INVENTORY);
    }

    /** The services' own tables, their receipts, and the audit: one of each for every order that was accepted. */
    private void balances() throws Exception {
        int accepted = customers.accepted().size();
        await().atMost(Duration.ofMinutes(3))
                .untilAsserted(() -> assertThat(effects().values())
                        .allMatch(count -> count == accepted, "one for each of %d: %s".formatted(accepted, effects())));
        assertThat(shop.topics.readAll(shop.topic("orders-dlt"))).isEmpty();
        var settings = shop.app.settings();
        var audit = new Audit(settings, KafkaClients.properties(settings)).run((share, what) -> {});
        System.out.println(audit.text());
        assertThat(audit.clean()).as(audit.text()).isTrue();
        assertThat(audit.text()).contains("loyalty");
    }

    private Map<String, Integer> effects() {
        Map<String, Integer> effects = new TreeMap<>();
        for (String table : List.of(
                "inventory.reservation", "shipping.shipment", "notification.mail", "status.orders", "loyalty.points")) {
            effects.put(table, shop.count("SELECT count(*) FROM " + table));
            String service = table.replaceFirst("\\..*", "");
            effects.put(
                    service + " receipts",
                    shop.count(
                            "SELECT count(*) FROM delivery.receipts WHERE service = ? AND event = 'order-placed'",
                            service));
        }
        return effects;
    }

    /** The longest pause between two transactions of each edited service since then, in milliseconds. */
    private Map<String, Long> idle(Instant since) {
        Map<String, Long> idle = new TreeMap<>();
        shop.sql.query(
                """
                SELECT service, max(pause) FROM (
                  SELECT service, extract(epoch FROM at - lag(at) OVER (PARTITION BY service ORDER BY at)) * 1000 AS pause
                  FROM delivery.receipts WHERE at >= ?) pauses GROUP BY service
                """,
                row -> {
                    idle.put(row.getString(1), row.getLong(2));
                },
                Timestamp.from(since));
        return idle;
    }

    /** What the edited services' pauses were, in milliseconds, as the log tells them. */
    private List<Long> gaps() {
        return Pattern.compile("gap (\\d+) ms")
                .matcher(log.text())
                .results()
                .map(found -> Long.valueOf(found.group(1)))
                .toList();
    }

    private record Figures(int count, long median, long p95, long max) {

        static Figures of(Collection<Long> figures) {
            var sorted = figures.stream().sorted().toList();
            int count = sorted.size();
            return new Figures(count, sorted.get(count / 2), sorted.get(count * 95 / 100), sorted.get(count - 1));
        }
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

            edit(SHIPPING, "expression: world-parcel", "expression: night-owl");
            edit(NOTIFICATION, "Thank you for your order", "Many thanks for your order");
            var first = shop.order(1).get(0);
            await().atMost(LIMIT)
                    .until(() -> shop.get("/orders/" + first).toString().contains("night-owl"));
            await().atMost(LIMIT).until(() -> mail(first).contains("Many thanks for your order"));

            edit(NOTIFICATION, "channel: \"{{notification.channel}}\"", "channel: direct:mail-to-smtp");
            var second = shop.order(1).get(0);
            assertThat(smtp.waitForIncomingEmail(60_000, 1)).isTrue();
            assertThat(smtp.getReceivedMessages()[0].getSubject()).contains(second.toString());
            assertThat(mail(second)).isEmpty();
        } finally {
            smtp.stop();
        }
    }

    private void edit(String name, String found, String replacement) {
        routes.write(name, RoutesInHand.edited(routes.read(name), found, replacement));
        awaitRunning(name);
    }

    private String mail(UUID order) throws IOException {
        Path file =
                Path.of(shop.app.settings().text("orderflow.data.dir"), "mail").resolve(order + "-order-placed.eml");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    /** A version of every service's file that differs from the others. */
    private static Map<String, String> goodVersions(int version) {
        var files = RoutesInHand.shipped();
        Map.of(
                        SHIPPING, "swift-post",
                        INVENTORY, "or for none",
                        NOTIFICATION, "Thank you",
                        STATUS, "its timeline")
                .forEach((name, words) ->
                        files.compute(name, (same, yaml) -> RoutesInHand.edited(yaml, words, words + "-" + version)));
        return files;
    }

    /** What the folder holds. */
    private String version(String name) {
        Path sql = routes.path().resolve(RouteFile.sqlName(name));
        return new RouteFile(name, routes.read(name), Files.exists(sql) ? routes.read(RouteFile.sqlName(name)) : "")
                .version();
    }

    private void awaitRunning(String name) {
        await(name).atMost(LIMIT).pollInterval(Duration.ofMillis(50)).untilAsserted(() -> {
            var route = shop.route(name);
            assertThat(route.path("version").asText()).as(route.toString()).isEqualTo(version(name));
            assertThat(route.path("state").asText()).isEqualTo("running");
        });
    }

    private void awaitRefused(String name, String sentence) {
        await(name + ": " + sentence)
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> {
                    var refusal = shop.route(name).path("lastRefusal");
                    assertThat(refusal.path("version").asText())
                            .as(refusal.toString())
                            .isEqualTo(version(name));
                    assertThat(refusal.path("sentence").asText()).contains(sentence);
                });
    }
}
