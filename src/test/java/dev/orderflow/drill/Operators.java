package dev.orderflow.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Two people who look at the dead letters and send the same ones back at the same time, through REST. */
final class Operators {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String url;

    Operators(String url) {
        this.url = url;
    }

    /**
     * Sends every other of a service's parked orders back, twice at once.
     *
     * @param parked the {@code orderflow-id} of each
     * @return those that were chosen
     */
    Set<String> redriveEveryOther(String service, Set<String> parked) {
        Awaitility.await("dead letters of " + service)
                .atMost(90, TimeUnit.SECONDS)
                .ignoreExceptions()
                .until(() -> letters(service).keySet().containsAll(parked));
        Map<String, String> letters = letters(service);
        letters.keySet().retainAll(parked);
        Set<String> chosen =
                letters.keySet().stream().limit((letters.size() + 1) / 2).collect(Collectors.toSet());
        if (!chosen.isEmpty()) {
            String ids = chosen.stream().map(letters::get).collect(Collectors.joining("\",\"", "\"", "\""));
            var people = Stream.of("one", "other")
                    .map(person -> CompletableFuture.supplyAsync(() -> redrive("{\"ids\":[" + ids + "]}")))
                    .toList();
            people.stream().map(CompletableFuture::join).toList().forEach(this::awaitDone);
        }
        return chosen;
    }

    /** Has something done, and returns when it is. @param command as {@code POST /operations} takes it */
    void operate(String command) {
        JsonNode begun = again(() -> call(HttpRequest.newBuilder(URI.create(url + "/operations"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(command))));
        var asked = HttpRequest.newBuilder(
                URI.create(url + "/operations/" + begun.path("id").asText()));
        Awaitility.await(command)
                .atMost(90, TimeUnit.SECONDS)
                .ignoreExceptions()
                .until(() -> !call(asked).path("state").asText().equals("running"));
        if (!call(asked).path("state").asText().equals("done")) {
            throw new IllegalStateException(command + ": " + call(asked));
        }
    }

    /** What a new {@code GET /audit} answers. */
    JsonNode audit() {
        return Awaitility.await("audit")
                .atMost(120, TimeUnit.SECONDS)
                .ignoreExceptions()
                .until(
                        () -> call(HttpRequest.newBuilder(URI.create(url + "/audit"))),
                        report -> report.path("state").asText().equals("done"));
    }

    /** The same until it is answered: processes come and go. */
    private static JsonNode again(Callable<JsonNode> call) {
        return Awaitility.await("an answer")
                .atMost(60, TimeUnit.SECONDS)
                .ignoreExceptions()
                .until(call, answer -> true);
    }

    /** Its {@code orderflow-id} and the id that REST knows it by. */
    private Map<String, String> letters(String service) {
        Map<String, String> letters = new TreeMap<>();
        String cursor = "";
        do {
            JsonNode page = call(HttpRequest.newBuilder(
                    URI.create(url + "/dead-letters?limit=200&state=parked&service=" + service + cursor)));
            page.path("deadLetters")
                    .forEach(letter -> letters.put(
                            letter.path("orderflowId").asText(),
                            letter.path("id").asText()));
            cursor = page.has("next") ? "&cursor=" + page.path("next").asText() : "";
        } while (!cursor.isEmpty());
        return letters;
    }

    private String redrive(String body) {
        return call(HttpRequest.newBuilder(URI.create(url + "/dead-letters/redrive"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body)))
                .path("job")
                .asText();
    }

    private void awaitDone(String job) {
        var progress = HttpRequest.newBuilder(URI.create(url + "/dead-letters/redrive/" + job));
        Awaitility.await("redrive " + job)
                .atMost(90, TimeUnit.SECONDS)
                .until(() -> call(progress).path("state").asText().equals("done"));
    }

    private static JsonNode call(HttpRequest.Builder request) {
        try {
            var answer = HTTP.send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw new IllegalStateException(
                        "%s answered %d: %s".formatted(answer.request().uri(), answer.statusCode(), answer.body()));
            }
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
