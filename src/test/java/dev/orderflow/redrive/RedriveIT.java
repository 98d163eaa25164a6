package dev.orderflow.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orderflow.credentials.Token;
import dev.orderflow.events.OrderWriter;
import dev.orderflow.testing.Contract;
import dev.orderflow.testing.Records;
import dev.orderflow.testing.Shop;
import dev.orderflow.testing.Topics;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is parked comes home, once, and only where it failed. */
class RedriveIT {

    private static final String DONE = "SELECT count(*) FROM delivery.receipts WHERE service = ? AND NOT parked";
    private static final String SHIPMENTS = "SELECT count(*) FROM shipping.shipment WHERE state = 'prepared'";

    private Shop shop;

    @BeforeEach
    void open() {
        shop = Shop.open(Map.of("redrive.attemptsMax", "3", "redrive.ratePerSecond", "1000"));
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private String firstId() {
        return shop.get("/dead-letters").at("/deadLetters/0/id").asText();
    }

    private void parked(int orders) {
        shop.proveShipping();
        shop.breakShipping();
        shop.order(orders);
        shop.awaitLetters("parked", orders);
    }

    @Test
    void bringsEveryLetterHomeOnceWhenTheCauseIsMended() {
        // Given
        parked(30);
        JsonNode groups = shop.get("/dead-letters?service=shipping").path("groups");
        assertThat(groups).hasSize(1);
        assertThat(groups.at("/0/parked").asInt()).isEqualTo(30);
        String filter = "{\"filter\":{\"service\":\"shipping\",\"fingerprint\":\"%s\"}%s}";
        String fingerprint = groups.at("/0/fingerprint").asText();
        JsonNode dry = shop.redrive(filter.formatted(fingerprint, ",\"dryRun\":true"), 200);
        assertThat(dry.path("redrive").asInt()).isEqualTo(30);
        assertThat(dry.path("first")).hasSize(30);
        assertThat(shop.redriven()).isZero();
        shop.mendShipping();

        // When
        JsonNode job = shop.redrive(filter.formatted(fingerprint, ""), 202);

        // Then
        assertThat(job.path("redrive").asInt()).isEqualTo(30);
        shop.awaitLetters("home", 30);
        assertThat(shop.redriven()).isEqualTo(30);
        assertThat(shop.count(SHIPMENTS)).isEqualTo(30);
        assertThat(shop.count(DONE, "shipping")).isEqualTo(30);
        // One more is the order that proved the version.
        shop.await("inventory acted once", 31, "SELECT sum(reserved)::int FROM inventory.stock");
        JsonNode progress = shop.get("/dead-letters/redrive/" + job.path("job").asText());
        assertThat(progress.path("state").asText()).isEqualTo("done");
        assertThat(progress.path("home").asInt()).isEqualTo(30);
        JsonNode letter = shop.get("/dead-letters/" + firstId());
        assertThat(letter.path("history").findValuesAsText("what")).containsExactly("parked", "redriven", "home");
        assertThat(letter.path("history").findValuesAsText("who")).containsExactly("shipping", "anonymous", "shipping");
        shop.topics.readAll(shop.topic("orders")).forEach(Contract::record);
        shop.topics.readAll(shop.topic("orders-dlt")).forEach(Contract::record);
    }

    @Test
    void actsOnceWhenManyPeopleRedriveTheSameAtOnce() {
        // Given
        parked(20);
        shop.mendShipping();

        // When
        var people = IntStream.range(0, 4)
                .mapToObj(i ->
                        CompletableFuture.runAsync(() -> shop.redrive("{\"filter\":{\"service\":\"shipping\"}}", 202)))
                .toList();
        people.forEach(CompletableFuture::join);

        // Then
        shop.awaitLetters("home", 20);
        assertThat(shop.redriven()).isEqualTo(20);
        assertThat(shop.count(SHIPMENTS)).isEqualTo(20);
        shop.await("all jobs end", 0, "SELECT count(*) FROM redrive.job WHERE state = 'running'");
        assertThat(shop.count("SELECT count(*) FROM redrive.history WHERE what = 'redriven'"))
                .isEqualTo(20);
    }

    @Test
    void quarantinesWhatKeepsFailingUntilSomebodyOverrides() {
        // Given
        parked(1);
        String id = firstId();
        String redrive = "{\"ids\":[\"" + id + "\"]}";
        shop.redrive(redrive, 202);
        shop.await("second try", 1, "SELECT count(*) FROM redrive.dead_letter WHERE state = 'parked' AND attempt = 2");
        shop.redrive(redrive, 202);
        shop.awaitLetters("quarantined", 1);
        JsonNode refused = shop.redrive(redrive, 202);
        assertThat(refused.path("skip").asInt()).isEqualTo(1);
        assertThat(refused.at("/first/0/reason").asText()).contains("override");
        shop.mendShipping();

        // When
        shop.redrive("{\"ids\":[\"" + id + "\"],\"override\":true}", 202);

        // Then
        shop.awaitLetters("home", 1);
        assertThat(shop.count(SHIPMENTS)).isEqualTo(1);
        assertThat(shop.get("/dead-letters/" + id).path("history").findValuesAsText("what"))
                .containsExactly("parked", "redriven", "parked", "redriven", "quarantined", "redriven", "home");
    }

    @Test
    void refusesABodyThatBreaksRulesAndSaysAllOfThem() {
        JsonNode broken = shop.redrive("""
                {"ids": ["x", 7], "dryRun": "yes", "ratePerSecond": 0, "maxAttempts": 4, "body": [], "filtre": {}}""", 422);

        assertThat(broken.path("errors").findValuesAsText("pointer"))
                .containsExactly("/ids/1", "/dryRun", "/ratePerSecond", "/filtre", "/ids/0", "/maxAttempts", "/body");
        assertThat(shop.redrive("{\"filter\": {}}", 422).at("/errors/0/pointer").asText())
                .isEqualTo("/filter");
        assertThat(shop.redrive("{\"dryRun\": true}", 422).path("detail").asText())
                .isEqualTo("either ids or filter must say which letters are meant.");
        assertThat(shop.redrive("{\"filter\": {\"from\": \"+12026-01-01T00:00:00Z\"}}", 422)
                        .path("detail")
                        .asText())
                .startsWith("filter/from must be a time such as");
        String number = "{\"ids\": [], \"ratePerSecond\": %s}".formatted("9".repeat(1_001));
        for (String far : List.of(number, "[".repeat(1_001), "{\"body\":".repeat(1_001))) {
            assertThat(shop.redrive(far, 400).path("detail").asText()).contains("nests deeper than 65 levels");
        }
    }

    @Test
    void quarantinesAtTheCapOfTheRequest() {
        // Given
        parked(2);

        // When
        JsonNode plan = shop.redrive("{\"filter\":{\"service\":\"shipping\"},\"maxAttempts\":1}", 202);

        // Then
        assertThat(plan.path("quarantine").asInt()).isEqualTo(2);
        shop.awaitLetters("quarantined", 2);
        assertThat(shop.redriven()).isZero();
    }

    @Test
    void endsTheCommandWithOneWhenLettersComeBackLater() throws Exception {
        // Given
        parked(2);
        shop.stop("shipping");
        var out = new ByteArrayOutputStream();
        var bar = new ByteArrayOutputStream();
        // When
        var command = new FutureTask<>(() -> shop.command(
                new PrintStream(out, true),
                new PrintStream(bar, true),
                true,
                "redrive",
                "--service",
                "shipping",
                "--yes",
                "--json"));
        new Thread(command, "command").start();
        Awaitility.await("both went back")
                .until(() -> command.isDone() || bar.toString().contains("2 of 2 went back"));
        shop.app.context().getRouteController().startRoute("shipping");

        // Then
        assertThat(command.get()).isEqualTo(1);
        assertThat(out.toString()).contains("\"parkedAgain\" : 2");
    }

    @Test
    void correctsOneBodyForTheServiceThatFailedAndKeepsTheOriginal() {
        // Given
        UUID order = UUID.randomUUID();
        shop.topics.append(List.of(Records.garbage(shop.topic("orders"), order)));
        shop.awaitLetters("parked", 4);
        String id = shop.get("/dead-letters?service=inventory")
                .at("/deadLetters/0/id")
                .asText();
        String body = new String(OrderWriter.bytes(Records.order(order, Shop.SKU, 3)));
        JsonNode wrong = shop.redrive("{\"ids\":[\"" + id + "\"],\"body\":\"still no order\"}", 422);
        assertThat(wrong.at("/errors/0/pointer").asText()).isEqualTo("/body");

        // When
        shop.redrive("{\"ids\":[\"" + id + "\"],\"body\":" + body + "}", 202);

        // Then
        shop.awaitLetters("home", 1);
        assertThat(shop.count("SELECT reserved FROM inventory.stock WHERE sku = ?", Shop.SKU))
                .isEqualTo(3);
        assertThat(shop.count("SELECT count(*) FROM delivery.receipts WHERE event = 'order-placed'"))
                .isEqualTo(1);
        JsonNode letter = shop.get("/dead-letters/" + id);
        assertThat(letter.path("body").asText()).isEqualTo("this is no order");
        assertThat(letter.path("corrected").asText()).isEqualTo(body);
        assertThat(shop.count("SELECT count(*) FROM redrive.dead_letter WHERE state = 'parked'"))
                .isEqualTo(3);
    }

    @Test
    void isTheSameLetterWhenAnUnreadableRecordComesAgain() {
        // Given
        shop.topics.append(List.of(Records.garbage(shop.topic("orders"), UUID.randomUUID())));
        shop.awaitLetters("parked", 4);

        // When
        shop.redrive("{\"filter\":{\"from\":\"2020-01-01T00:00:00Z\"}}", 202);

        // Then
        shop.await("second try", 4, "SELECT count(*) FROM redrive.dead_letter WHERE state = 'parked' AND attempt = 2");
        assertThat(shop.count("SELECT count(*) FROM redrive.dead_letter")).isEqualTo(4);
    }

    @Test
    void setsAsideWhatIsNoLetterAndKeepsTheOthers() throws Exception {
        // Given: the database refuses one of three, and one is stamped in nanoseconds
        shop.execute("ALTER TABLE redrive.dead_letter ADD CHECK (orderflow_id <> 'refused')");
        shop.topics.takeAnyTime(shop.topic("orders-dlt"));
        long nanoseconds = 1_795_341_600_000_000_000L;

        // When
        shop.topics.append(Stream.of("first", "refused", "last")
                .map(id -> {
                    var letter = Topics.producerRecord(
                            shop.topic("orders-dlt"), "k", new byte[0], Map.of(DeadLetter.ID, id));
                    return new ProducerRecord<>(
                            letter.topic(),
                            0,
                            id.equals("first") ? nanoseconds : null,
                            letter.key(),
                            letter.value(),
                            letter.headers());
                })
                .toList());

        // Then
        shop.awaitLetters("parked", 2);
        assertThat(shop.count("SELECT count(*) FROM redrive.set_aside WHERE cause LIKE '%check constraint%'"))
                .isEqualTo(1);
        assertThat(shop.get("/dead-letters").path("deadLetters").findValuesAsText("parkedAt"))
                .contains("9999-12-30T23:59:59.999Z");
    }

    @Test
    void appendsAgainWhatACrashLeftClaimed() {
        // Given
        parked(1);
        shop.mendShipping();
        String job = UUID.randomUUID().toString();
        shop.sql.update(
                "INSERT INTO redrive.job (id, who, rate, override, lease_until) VALUES (?::uuid, 'ada', 1, false, now() - interval '1 s')",
                job);
        shop.sql.update(
                "INSERT INTO redrive.job_item SELECT ?::uuid, 1, id, 1, 'claimed' FROM redrive.dead_letter", job);

        // When
        shop.sql.update(
                "UPDATE redrive.dead_letter SET state = 'redriven', sent = 2, job = ?::uuid, lease_until = now() - interval '1 s'",
                job);

        // Then
        shop.awaitLetters("home", 1);
        assertThat(shop.redriven()).isEqualTo(1);
        shop.await("the job ends", 1, "SELECT count(*) FROM redrive.job WHERE state = 'done'");
    }

    @Test
    void actsOnceWhenOneTryIsAppendedTwice() {
        // Given
        parked(5);
        shop.mendShipping();
        shop.redrive("{\"filter\":{\"service\":\"shipping\"}}", 202);
        shop.awaitLetters("home", 5);
        var again = shop.topics.readAll(shop.topic("orders")).stream()
                .filter(record -> !Topics.header(record, DeadLetter.ATTEMPT).isEmpty())
                .map(record -> {
                    var headers = new HashMap<String, String>();
                    record.headers().forEach(header -> headers.put(header.key(), new String(header.value())));
                    return Topics.producerRecord(shop.topic("orders"), record.key(), record.value(), headers);
                })
                .toList();

        // When
        shop.topics.append(again);

        // Then
        shop.order(1);
        shop.await("shipping reads on", 6, DONE, "shipping");
        assertThat(again).hasSize(5);
        assertThat(shop.count(SHIPMENTS)).isEqualTo(6);
        assertThat(shop.count("SELECT count(*) FROM redrive.dead_letter")).isEqualTo(5);
    }

    @Test
    void keepsTheNameOfTheTokenThatRedrove() {
        // Given
        shop.close();
        var ada = Token.fresh("ada", "operate");
        var bo = Token.fresh("bo", "operate+read");
        shop = Shop.open(Map.of("door.tokens", ada.line() + "," + bo.line()));
        shop.as(ada.token());
        parked(2);
        JsonNode letters = shop.get("/dead-letters").path("deadLetters");
        shop.mendShipping();

        // When
        shop.redrive("{\"ids\":[\"%s\"]}".formatted(letters.at("/0/id").asText()), 202);
        shop.as(bo.token());
        shop.redrive("{\"ids\":[\"%s\"]}".formatted(letters.at("/1/id").asText()), 202);

        // Then
        shop.awaitLetters("home", 2);
        assertThat(who(letters.at("/0/id").asText())).containsExactly("shipping", "ada", "shipping");
        assertThat(who(letters.at("/1/id").asText())).containsExactly("shipping", "bo", "shipping");
    }

    private List<String> who(String letter) {
        return shop.get("/dead-letters/" + letter).path("history").findValuesAsText("who");
    }
}
