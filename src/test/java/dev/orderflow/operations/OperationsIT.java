package dev.orderflow.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orderflow.delivery.Gap;
import dev.orderflow.delivery.Gaps;
import dev.orderflow.settings.Settings;
import dev.orderflow.testing.Records;
import dev.orderflow.testing.RunningApp;
import dev.orderflow.testing.Shop;
import dev.orderflow.testing.Topics;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What operators have services do: it holds, it ends the same when it is given twice, and the trail has it. */
class OperationsIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String SHIPPED = "SELECT count(*) FROM shipping.shipment WHERE carrier IS NOT NULL";

    private static final String LETTERS = "SELECT count(*) FROM redrive.dead_letter";

    private static final String MAILED = "SELECT count(*) FROM notification.mail";
    private static final String RESERVED =
            "SELECT count(*) FROM inventory.reservation WHERE order_id = ? AND state = ?";
    private static final ObjectMapper JSON = new ObjectMapper();

    private Shop shop;

    @BeforeEach
    void open() {
        shop = Shop.open(Map.of(
                "orderflow.services", "intake,inventory,shipping,notification,redrive",
                "delivery.parkedMax", "2",
                "operate.lagMs", "1000"));
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void standsStillAlsoAfterARestartUntilItIsResumed() {
        // Given
        shop.order(3);
        shop.await("shipped", 3, SHIPPED);

        // When
        assertThat(run("pause", "shipping")).contains("\"operation\" : \"pause\"", "\"state\" : \"done\"");
        awaitState("shipping", "paused");
        shop.order(4);
        shop.await("reserved", 7, "SELECT count(*) FROM inventory.reservation");

        // Then
        var settings = shop.app.settings();
        shop.close();
        shop = Shop.of(RunningApp.start(settings, Map.of()));
        awaitState("shipping", "paused");
        assertThat(shop.count(SHIPPED)).isEqualTo(3);
        assertThat(shop.get("/operations").at("/paused/0/service").asText()).isEqualTo("shipping");
        run("resume", "shipping");
        shop.await("shipped", 7, SHIPPED);
        awaitState("shipping", "running");
    }

    /** As when an older copy of the database is put back: what it has forgotten is done again, and only that. */
    @Test
    void rewindsToATimeAndDoesOnceWhatTheDatabaseHasForgotten() {
        // Given
        shop.order(5);
        shop.await("shipped", 5, SHIPPED);
        Instant copied = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        shop.order(6);
        shop.await("shipped", 11, SHIPPED);
        shop.execute("DELETE FROM shipping.shipment WHERE order_id IN"
                + " (SELECT order_id FROM delivery.receipts WHERE service = 'shipping' AND at > '%s')"
                        .formatted(copied));
        shop.execute("DELETE FROM delivery.receipts WHERE service = 'shipping' AND at > '%s'".formatted(copied));
        assertThat(shop.count(SHIPPED)).isEqualTo(5);
        assertThat(run("rewind", "shipping", "--to", copied.toString(), "--dry-run"))
                .contains("goes back: ")
                .contains("\"dryRun\" : true");
        assertThat(shop.count(SHIPPED)).isEqualTo(5);

        // When: two people at once
        var people = IntStream.range(0, 2)
                .mapToObj(
                        i -> CompletableFuture.supplyAsync(() -> run("rewind", "shipping", "--to", copied.toString())))
                .toList();

        // Then
        people.forEach(answer -> assertThat(answer.join()).contains("\"state\" : \"done\""));
        shop.await("shipped", 11, SHIPPED);
        awaitState("shipping", "running");
        assertThat(shop.count(
                        "SELECT count(*) FROM delivery.receipts WHERE service = 'shipping' AND event = 'order-placed'"))
                .isEqualTo(11);
        assertThat(shop.get("/operations").path("operations").findValuesAsText("operation"))
                .containsExactly("rewind", "rewind");
    }

    /** Two orders want the last goods. Which of them had them is not decided anew, and nobody gets a second mail. */
    @Test
    void whatWasSaidStaysTrueThoughTheDatabaseHasForgottenIt() throws Exception {
        // Given
        shop.order(2);
        shop.await("mails", 2, MAILED);
        Instant copied = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        shop.execute("INSERT INTO inventory.stock (sku, on_hand) VALUES ('last-mug', 1)");
        UUID served = UUID.randomUUID();
        UUID waits = UUID.randomUUID();
        shop.topics.append(List.of(wants("last-mug", 1, served)));
        shop.await("reserved", 1, RESERVED, served, "reserved");
        shop.topics.append(List.of(wants("last-mug", 0, waits)));
        shop.await("short", 1, RESERVED, waits, "short");
        shop.await("mails", 5, MAILED);
        shop.await("held", 1, "SELECT count(*) FROM shipping.shipment WHERE state = 'held' AND carrier IS NOT NULL");
        // As after an append whose acknowledgement was lost: each of these stands twice.
        shop.topics.append(shop.topics.readAll(shop.topic("order-events")).stream()
                .map(one ->
                        new ProducerRecord<>(one.topic(), one.partition(), null, one.key(), one.value(), one.headers()))
                .toList());
        Set<String> said = said(served, waits);
        // Only who rewinds runs, so that nobody acts on what the copy has forgotten.
        Settings settings = shop.app.settings();
        shop.close();
        shop = Shop.of(RunningApp.start(settings, Map.of("orderflow.services", "intake,redrive")));
        for (String table :
                List.of("delivery.receipts", "inventory.reservation", "shipping.shipment", "notification.mail")) {
            shop.execute("DELETE FROM %s WHERE at > '%s'".formatted(table, copied));
        }
        shop.execute("DELETE FROM inventory.stock WHERE sku = 'last-mug'");
        Path mails = Path.of(shop.app.settings().text("orderflow.data.dir"), "mail");
        for (UUID order : List.of(served, waits)) {
            Files.delete(mails.resolve(order + "-order-placed.eml"));
        }
        Files.delete(mails.resolve(waits + "-stock-short.eml"));
        // Nothing was said of this one, and it stands before the other two.
        UUID late = UUID.randomUUID();
        shop.topics.append(List.of(wants("last-mug", 2, late)));

        // When
        for (String service : List.of("inventory", "shipping", "notification")) {
            String id = JSON.readTree(run("rewind", service, "--to", copied.toString()))
                    .path("id")
                    .asText();
            await().atMost(LIMIT)
                    .until(() -> !shop.get("/operations/" + id)
                            .path("state")
                            .asText()
                            .equals("running"));
            assertThat(shop.get("/operations/" + id).path("result").asText())
                    .contains("%d forgotten effects made again".formatted(service.equals("notification") ? 3 : 2));
            assertThat(shop.get("/operations/" + id).toString().contains("on hand of sku 'last-mug' was raised by 1"))
                    .isEqualTo(service.equals("inventory"));
        }
        shop.close();
        shop = Shop.of(RunningApp.start(settings, Map.of()));

        // Then
        shop.await("late is short", 1, RESERVED, late, "short");
        shop.await("mails", 7, MAILED);
        assertThat(shop.count(RESERVED, served, "reserved")).isOne();
        assertThat(shop.count(RESERVED, waits, "short")).isOne();
        assertThat(shop.count("SELECT reserved FROM inventory.stock WHERE sku = 'last-mug'"))
                .isOne();
        assertThat(shop.count(SHIPPED + " AND state = 'prepared' AND order_id = ?", served))
                .isOne();
        assertThat(shop.count(SHIPPED + " AND state = 'held' AND order_id = ?", waits))
                .isOne();
        for (String topic : List.of("orders", "order-events")) {
            await().atMost(LIMIT).until(() -> shop.topics.lag("notification", shop.topic(topic)) == 0);
            await().atMost(LIMIT).until(() -> shop.topics.lag("shipping", shop.topic(topic)) == 0);
        }
        assertThat(said(served, waits)).isEqualTo(said);
        assertThat(mails.resolve(served + "-order-placed.eml")).doesNotExist();
        assertThat(mails.resolve(waits + "-order-placed.eml")).doesNotExist();
        assertThat(mails.resolve(waits + "-stock-short.eml")).doesNotExist();
        JsonNode audit = shop.get("/audit");
        assertThat(audit.at("/services/0/lost").asInt())
                .as(audit.toPrettyString())
                .isZero();
    }

    /** Two of our looks see it from where each of them last saw a commit of ours. */
    @Test
    void notesOneJumpOfAGroupOnce() {
        var gaps = new Gaps(shop.sql.getDataSource());

        gaps.note(new Gap("shipping", place(0), 8, 20, Gap.Kind.FOREIGN_COMMIT));
        gaps.note(new Gap("shipping", place(0), 5, 20, Gap.Kind.FOREIGN_COMMIT));

        assertThat(gaps.open(List.of("shipping"))).hasSize(1);
        assertThat(gaps.close("shipping", place(0), 8, Long.MAX_VALUE, "ada")).isOne();
        gaps.note(new Gap("shipping", place(0), 5, 20, Gap.Kind.FOREIGN_COMMIT));
        assertThat(gaps.open(List.of("shipping"))).hasSize(1);
    }

    /** Every different thing that was said of these orders, with its content. */
    private Set<String> said(UUID... orders) {
        var ids = Arrays.stream(orders).map(UUID::toString).collect(Collectors.toSet());
        return shop.topics.readAll(shop.topic("order-events")).stream()
                .filter(said -> ids.contains(said.key()))
                .map(said -> Topics.header(said, "ce_id") + ' ' + Topics.text(said))
                .collect(Collectors.toSet());
    }

    private ProducerRecord<String, byte[]> wants(String sku, int partition, UUID order) {
        var placed = Records.placed(shop.topic("orders"), Records.order(order, sku, 1));
        return new ProducerRecord<>(placed.topic(), partition, null, placed.key(), placed.value(), placed.headers());
    }

    @Test
    void refusesARewindBehindWhatReceiptsRemember() throws Exception {
        // Given: as old as records are that nobody has removed
        shop.topics.takeAnyTime(shop.topic("orders"));
        long old = Instant.now().minus(60, ChronoUnit.DAYS).toEpochMilli();
        shop.topics.append(List.of(at(0, old, UUID.randomUUID())));
        shop.await("shipped", 1, SHIPPED);
        await().atMost(LIMIT).until(() -> shop.topics.committed("shipping", place(0)) == 1);

        // When
        JsonNode answer = shop.call(
                "/operations", "POST", "{\"operation\":\"rewind\",\"service\":\"shipping\",\"to\":\"beginning\"}", 409);

        // Then
        assertThat(answer.path("detail").asText()).contains("delivery.receipts.retentionHours", "done again");
        assertThat(shop.get("/operations").path("operations")).isEmpty();
    }

    @Test
    void skipsExactlyTheseOffsets() {
        // Given
        shop.topics.append(List.of(at(1, null, UUID.randomUUID())));
        shop.await("shipped", 1, SHIPPED);
        await().atMost(LIMIT).until(() -> shop.topics.committed("shipping", place(1)) == 1);
        run("pause", "shipping");
        awaitState("shipping", "paused");
        var orders = Stream.generate(UUID::randomUUID).limit(6).toList();
        orders.forEach(order -> shop.topics.append(List.of(at(1, null, order))));

        // When
        String place = place(1).toString();
        assertThat(run("skip", "shipping", place, "1-2")).contains("offsets 1 to 2 are skipped");
        assertThat(run("skip", "shipping", place, "4")).contains("offsets 4 to 4 are skipped");
        run("resume", "shipping");

        // Then
        shop.await("shipped", 4, SHIPPED);
        assertThat(shop.count(SHIPPED + " AND order_id IN (?, ?, ?)", orders.get(0), orders.get(1), orders.get(3)))
                .isZero();
        await().atMost(LIMIT).until(() -> shop.topics.lag("shipping", shop.topic("orders")) == 0);
        shop.await("reserved", 7, "SELECT count(*) FROM inventory.reservation");
        assertThat(shop.count("SELECT count(*) FROM delivery.gap WHERE kind = 'skipped' AND closed_by = 'anonymous'"))
                .isEqualTo(2);
    }

    @Test
    void parksPastTheCapWhatIsAllowed() {
        // Given
        var garbage = IntStream.range(0, 6)
                .mapToObj(i -> {
                    var one = Records.garbage(shop.topic("orders"), UUID.randomUUID());
                    return new ProducerRecord<>(one.topic(), 0, null, one.key(), one.value(), one.headers());
                })
                .toList();
        shop.topics.append(garbage);
        awaitState("shipping", "held");
        String cause = state("shipping").path("cause").asText();
        assertThat(cause).contains("delivery.parkedMax", "orderflow allow shipping ");
        assertThat(shop.count("SELECT count(*) FROM redrive.dead_letter WHERE service = 'shipping'"))
                .isLessThanOrEqualTo(2);

        // When
        for (String service : List.of("shipping", "inventory", "notification")) {
            awaitState(service, "held");
            String sentence = state(service).path("cause").asText();
            run(sentence.substring(sentence.indexOf("orderflow ") + 10).split(" "));
        }

        // Then
        shop.await("letters", 18, "SELECT count(*) FROM redrive.dead_letter");
        shop.order(2);
        shop.await("shipped", 2, SHIPPED);
        awaitState("shipping", "running");
    }

    @Test
    void goesOnWithWhatAProcessThatDiedHadBegun() {
        // Given
        shop.order(3);
        shop.await("shipped", 3, SHIPPED);
        shop.execute("DELETE FROM shipping.shipment");
        shop.execute("DELETE FROM delivery.receipts WHERE service = 'shipping'");
        UUID id = UUID.randomUUID();
        shop.execute(
                "INSERT INTO delivery.paused (service, cause, who) VALUES ('shipping', '%s', 'ada')".formatted(id));

        // When
        shop.execute("""
                INSERT INTO delivery.operation (id, who, operation, service, arguments, state, lease_until) VALUES ('%s', 'ada',
                  'rewind', 'shipping', '{"operation":"rewind","service":"shipping","to":"beginning"}', 'running', now())""".formatted(id));

        // Then
        shop.await("shipped", 3, SHIPPED);
        awaitState("shipping", "running");
        assertThat(shop.get("/operations/" + id).path("state").asText()).isEqualTo("done");
    }

    /** A slip of the finger would never do orders that nobody has placed yet. */
    @Test
    void skipsNothingThatIsNotThere() {
        shop.topics.append(List.of(at(1, null, UUID.randomUUID())));
        shop.await("shipped", 1, SHIPPED);

        assertThat(refused("skip", "shipping", place(1), 0, 1, 409))
                .contains("ends before offset 1, so offset 1 is of a record that nobody has appended yet");
        refused("skip", "shipping", new TopicPartition(shop.topic("orders"), 9), 0, 0, 404);
        refused("skip", "shipping", new TopicPartition("__consumer_offsets", 0), 0, 0, 404);
        assertThat(shop.get("/operations").path("operations")).isEmpty();
    }

    private String refused(
            String operation, String service, TopicPartition partition, long first, long last, int status) {
        return shop.call(
                        "/operations",
                        "POST",
                        "{\"operation\":\"%s\",\"service\":\"%s\",\"partition\":\"%s\",\"first\":%d,\"last\":%d}"
                                .formatted(operation, service, partition, first, last),
                        status)
                .path("detail")
                .asText();
    }

    /** Whoever committed there: a group of somebody else's is never touched. */
    @Test
    void touchesNoGroupThatIsNotOurs() {
        shop.topics.commitEnds("billing", shop.topic("orders"));

        for (String more : List.of(
                "\"operation\":\"pause\"",
                "\"operation\":\"resume\"",
                "\"operation\":\"rewind\",\"to\":\"beginning\"",
                "\"operation\":\"allow\",\"fingerprint\":\"0123456789ab\"")) {
            shop.call("/operations", "POST", "{\"service\":\"billing\",%s}".formatted(more), 404);
        }
        assertThat(shop.get("/operations").path("operations")).isEmpty();
    }

    /** It reads on behind them, and what it has read is committed: nothing is told as lost when they leave the topic. */
    @Test
    void skipsLettersOfRedriveAndCommitsWhatItReads() {
        var place = new TopicPartition(shop.topic("orders-dlt"), 0);
        shop.topics.append(List.of(strange(place), strange(place), strange(place)));
        shop.await("letters", 3, LETTERS);
        run("skip", "redrive", place.toString(), "0-1");

        shop.topics.append(List.of(strange(place)));

        shop.await("letters", 4, LETTERS);
        await().atMost(LIMIT).until(() -> shop.topics.lag("redrive", place.topic()) == 0);
    }

    private static ProducerRecord<String, byte[]> strange(TopicPartition place) {
        return new ProducerRecord<>(place.topic(), place.partition(), "k", new byte[] {1});
    }

    @Test
    void answersWhatIsSaidOnTheWireWithoutAskingTheBrokers() {
        shop.call("/operations", "POST", "{\"operation\":\"pause\",\"service\":\"\\ud800\"}", 422);
        shop.call(
                "/operations",
                "POST",
                "{\"operation\":\"rewind\",\"service\":\"shipping\",\"to\":\"1969-12-31T23:59:59.999Z\"}",
                422);
        shop.order(1);
        shop.await("shipped", 1, SHIPPED);
        shop.call(
                "/operations",
                "POST",
                "{\"operation\":\"allow\",\"service\":\"shipping\",\"fingerprint\":\"0123456789ab\"}",
                404);
        assertThat(run("pause", "shipping")).contains("\"state\" : \"done\"");
        assertThat(run("resume", "shipping")).contains("\"state\" : \"done\"");
    }

    @Test
    void saysAllThatIsWrongWithAnOperation() {
        JsonNode broken = shop.call(
                "/operations",
                "POST",
                "{\"operation\":\"skip\",\"to\":\"x\",\"partition\":\"orders\",\"first\":5,\"last\":2}",
                422);

        assertThat(broken.path("errors").findValuesAsText("pointer"))
                .containsExactlyInAnyOrder("/service", "/to", "/partition", "/last");
        shop.call("/operations", "POST", "{\"operation\":\"pause\",\"service\":\"shiping\"}", 404);
        shop.call("/operations", "POST", "{\"operation\":\"stop\",\"service\":\"shipping\"}", 422);
        shop.call("/operations/" + UUID.randomUUID(), "GET", "", 404);
        shop.call("/operations/x", "GET", "", 404);
        assertThat(shop.get("/operations").path("operations")).isEmpty();
    }

    private ProducerRecord<String, byte[]> at(int partition, Long timestamp, UUID order) {
        var placed = Records.placed(shop.topic("orders"), Records.order(order, Shop.SKU, 1));
        return new ProducerRecord<>(
                placed.topic(), partition, timestamp, placed.key(), placed.value(), placed.headers());
    }

    private TopicPartition place(int partition) {
        return new TopicPartition(shop.topic("orders"), partition);
    }

    private void awaitState(String service, String state) {
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(state(service).path("state").asText()).isEqualTo(state));
    }

    private JsonNode state(String service) {
        for (JsonNode route : shop.route(service + ".camel.yaml").path("deliveries")) {
            if (route.path("service").asText(service).equals(service)) {
                return route;
            }
        }
        return shop.route(service + ".camel.yaml");
    }

    /** As a program has it done: without a question, and with the answer of the API. */
    private String run(String... words) {
        var printed = new ByteArrayOutputStream();
        var typed =
                Stream.concat(Stream.of(words), Stream.of("--yes", "--json")).toArray(String[]::new);
        assertThat(shop.command(new PrintStream(printed, true), System.err, false, typed))
                .isZero();
        return printed.toString();
    }
}
