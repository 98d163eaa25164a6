package dev.orderflow.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orderflow.events.Event;
import dev.orderflow.http.ContractRoutes;
import dev.orderflow.settings.Settings;
import dev.orderflow.testing.StartedRestServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StatusRoutesIT {

    private static StartedRestServer server;
    private static StatusProjection book;

    @BeforeAll
    static void start() throws Exception {
        Settings settings = Settings.load().with("status.firstSightMs", "600");
        server = new StartedRestServer(settings, new StatusRoutes(settings), new ContractRoutes());
        book = Story.book(server.dataSource());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void showsTheOrderWithItsTimeline() throws Exception {
        UUID id = UUID.randomUUID();
        book.note(List.of(Story.placed(id), Story.reserved(id), Story.prepared(id), Story.notified(id)));

        var answer = server.get("/orders/" + id);

        JsonNode order = json(answer);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("ETag")).contains("\"4\"");
        assertThat(order.path("status").asText()).isEqualTo("completed");
        assertThat(order.path("placedAt").asText()).isEqualTo("2026-11-22T12:00:00.123Z");
        assertThat(order.at("/lines/0/unitPrice").asText()).isEqualTo("12.50");
        assertThat(order.at("/timeline/0/event").asText()).isEqualTo("order-placed");
        assertThat(order.at("/timeline/1/detail/lines/0/sku").asText()).isEqualTo("mug-blue");
        assertThat(order.at("/timeline/1/service").asText()).isEqualTo("inventory");
    }

    @Test
    void waitsForAnOrderThatComesInTime() throws Exception {
        UUID id = UUID.randomUUID();
        var answer = server.getLater("/orders/" + id);
        later(200, Story.placed(id));

        assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }

    @Test
    void says404AfterTheFirstSightIsOver() {
        long begin = System.nanoTime();

        var answer = server.get("/orders/" + UUID.randomUUID());

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(600));
    }

    @Test
    void says404AtOnceForWhatIsNoUuid() {
        var answer = server.get("/orders/4711");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("There is no order '4711'", "UUID");
    }

    @Test
    void preferWaitAnswersWithTheNextChange() throws Exception {
        UUID id = UUID.randomUUID();
        book.note(List.of(Story.placed(id)));

        var answer = server.getLater("/orders/" + id, "Prefer", "wait=10");
        later(300, Story.reserved(id));

        var response = answer.get(5, TimeUnit.SECONDS);
        assertThat(response.headers().firstValue("Preference-Applied")).contains("wait=10");
        assertThat(json(response).path("timeline")).hasSize(2);
    }

    @Test
    void preferWaitAnswersAtOnceWhenTheCallerHasAnOlderState() throws Exception {
        UUID id = UUID.randomUUID();
        book.note(List.of(Story.placed(id), Story.reserved(id)));

        var answer = server.getLater("/orders/" + id, "Prefer", "wait=20", "If-None-Match", "\"1\"");

        assertThat(answer.get(3, TimeUnit.SECONDS).headers().firstValue("ETag")).contains("\"2\"");
    }

    @Test
    void preferWaitEndsWith304WhenNothingChanged() {
        UUID id = UUID.randomUUID();
        noteNow(Story.placed(id));

        var answer = server.get("/orders/" + id, "Prefer", "wait=1", "If-None-Match", "\"1\"");

        assertThat(answer.statusCode()).isEqualTo(304);
        assertThat(answer.headers().firstValue("Preference-Applied")).contains("wait=1");
    }

    @Test
    void preferWaitEndsWithTheSameStateForACallerThatNamesNone() {
        UUID id = UUID.randomUUID();
        noteNow(Story.placed(id));

        var answer = server.get("/orders/" + id, "Prefer", "wait=1");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("ETag")).contains("\"1\"");
    }

    @Test
    void preferWaitDoesNotKeepAnOrderToWhichNothingMoreHappens() throws Exception {
        UUID id = UUID.randomUUID();
        book.note(List.of(Story.placed(id), Story.shortOf(id), Story.held(id), Story.shortageNotified(id)));

        var answer = server.getLater("/orders/" + id, "Prefer", "wait=20");

        assertThat(json(answer.get(3, TimeUnit.SECONDS)).path("status").asText())
                .isEqualTo("on-hold");
    }

    @Test
    void aThousandCallsWaitAndAllAreAnswered() throws Exception {
        // Given
        List<Event> placed = new ArrayList<>();
        List<Event> reserved = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            UUID id = UUID.randomUUID();
            placed.add(Story.placed(id));
            reserved.add(Story.reserved(id));
        }
        book.note(placed);
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (Event event : placed) {
            answers.add(server.getLater("/orders/" + event.orderId(), "Prefer", "wait=30", "If-None-Match", "\"1\""));
        }
        // Another call is answered while they all wait.
        assertThat(server.get("/orders?limit=1").statusCode()).isEqualTo(200);

        // When
        later(1_500, reserved.toArray(Event[]::new));

        // Then
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get(25, TimeUnit.SECONDS);
        assertThat(answers)
                .allMatch(answer -> answer.join().statusCode() == 200)
                .allMatch(answer -> answer.join().body().contains("stock-reserved"));
    }

    @Test
    void listsNewestFirstAndPagesByCursor() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            UUID id = UUID.randomUUID();
            ids.add(0, id.toString());
            book.note(List.of(Story.placed(id, Story.NOON.plusSeconds(i), "pager"), Story.reserved(id)));
        }
        List<String> seen = new ArrayList<>();
        String next = "";
        int pages = 0;
        do {
            JsonNode page = json(server.get("/orders?customer=pager&status=in-progress&limit=2" + next));
            page.path("orders").forEach(order -> seen.add(order.path("orderId").asText()));
            next = page.has("next") ? "&cursor=" + page.path("next").asText() : "";
            pages++;
        } while (!next.isEmpty());

        assertThat(seen).isEqualTo(ids);
        assertThat(pages).isEqualTo(3);
        assertThat(json(server.get("/orders?customer=pager&status=on-hold")).path("orders"))
                .isEmpty();
    }

    @Test
    void refusesWhatItCannotReadWithASentence() {
        assertRefused("/orders?limit=0", "limit must be a whole number from 1 to 200, but was '0'");
        assertRefused("/orders?limit=201", "limit must be");
        assertRefused("/orders?limit=ten", "limit must be");
        assertRefused("/orders?status=done", "status must be one of accepted, in-progress, completed, on-hold");
        assertRefused("/orders?customer=a%20b", "customer must be");
        assertRefused("/orders?cursor=x", "cursor must be the 'next' of a page before");
        assertRefused("/orders?stauts=completed", "There is no parameter 'stauts'");
        assertRefused("/orders?limit=1&limit=2", "may stand once");
    }

    @Test
    void aHeaderOfTheClientDoesNotPassForAParameterOrComeBack() throws Exception {
        UUID id = UUID.randomUUID();
        book.note(List.of(Story.placed(id)));

        var answer = server.get("/orders/" + id, "id", "4711", "limit", "0", "X-Mine", "1");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-Mine")).isEmpty();
        assertThat(server.get("/orders", "limit", "0").statusCode()).isEqualTo(200);
    }

    @Test
    void anotherMethodIs405() {
        assertThat(server.send(server.request("/orders/" + UUID.randomUUID()).DELETE())
                        .statusCode())
                .isEqualTo(405);
        assertThat(server.send(server.request("/nowhere").POST(BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void servesTheContracts() throws Exception {
        assertThat(json(server.get("/openapi.json")).path("openapi").asText()).startsWith("3.1");
        assertThat(json(server.get("/asyncapi.json")).path("asyncapi").asText()).startsWith("3.");
        assertThat(json(server.get("/schemas/stock-short.schema.json"))
                        .path("title")
                        .asText())
                .isEqualTo("StockShort");
        assertThat(server.get("/schemas/nothing.schema.json").statusCode()).isEqualTo(404);
        assertThat(server.get("/schemas/..%2f..%2fapplication.properties").statusCode())
                .isEqualTo(404);
    }

    private static void assertRefused(String path, String sentence) {
        var answer = server.get(path);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains(sentence);
    }

    private static void noteNow(Event... events) {
        try {
            book.note(List.of(events));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void later(int ms, Event... events) {
        CompletableFuture.runAsync(() -> noteNow(events), CompletableFuture.delayedExecutor(ms, TimeUnit.MILLISECONDS));
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return new ObjectMapper().readTree(answer.body());
    }
}
