package dev.orderflow.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orderflow.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The operators' calls of a process that runs, at {@code cli.url} with {@code cli.token}. */
final class Operator {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<Integer> REFUSED_WORDS = Set.of(400, 422);
    /** What is asked for is not there, or may not be now. */
    private static final Set<Integer> NOT_DONE = Set.of(404, 409);
    /** Of RestServer, for a path that none of the services that run there has. */
    private static final String NO_PATH = "There is no such path here.";

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final String address;
    private final String token;

    Operator(Settings settings) {
        this.address = settings.text("cli.url");
        this.token = settings.text("cli.token");
    }

    JsonNode get(String path) {
        return call("GET", path, "");
    }

    JsonNode post(String path, JsonNode body) {
        return call("POST", path, body.toString());
    }

    /** @throws CommandFailed with what a status of 400 or more means for the command */
    private JsonNode call(String method, String path, String body) {
        var request = request(path)
                .timeout(Duration.ofSeconds(60))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            var response = client.send(request.build(), BodyHandlers.ofString());
            JsonNode json = JSON.readTree(response.body());
            if (response.statusCode() >= 400) {
                throw refused(method, path, response.statusCode(), json);
            }
            return json;
        } catch (JsonProcessingException e) {
            throw CommandFailed.notAsked(
                    "What answers at %s is not orderflow. Set %s.".formatted(address, Settings.variable("cli.url")), e);
        } catch (IOException e) {
            throw CommandFailed.notAsked(
                    "Nothing answers at %s. Start orderflow there, or set %s."
                            .formatted(address, Settings.variable("cli.url")),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        try {
            return HttpRequest.newBuilder(URI.create(address + path));
        } catch (IllegalArgumentException e) {
            throw CommandFailed.notAsked(
                    "%s must be http://host:port or https://host:port, but is '%s'."
                            .formatted(Settings.variable("cli.url"), address),
                    e);
        }
    }

    private CommandFailed refused(String method, String path, int status, JsonNode problem) {
        String detail = problem.path("detail").asText();
        if (status == 404 && detail.startsWith(NO_PATH)) {
            return CommandFailed.notAsked(
                    "The process at %s does not run the service redrive, which answers this. Set %s to one that does."
                            .formatted(address, Settings.variable("cli.url")));
        }
        if (status == 401 || status == 403) {
            return CommandFailed.notAsked("%s %s was answered with %d: %s Set %s to a token with the role operate."
                    .formatted(method, path, status, detail, Settings.variable("cli.token")));
        }
        var errors = StreamSupport.stream(problem.path("errors").spliterator(), false)
                .map(error -> error.path("detail").asText());
        String all = Stream.concat(Stream.of(detail), problem.path("errors").size() > 1 ? errors : Stream.empty())
                .collect(Collectors.joining(" "));
        String sentence = "%s %s was answered with %d: %s".formatted(method, path, status, Table.harmless(all));
        if (REFUSED_WORDS.contains(status)) {
            return CommandFailed.usage(sentence);
        }
        return NOT_DONE.contains(status) ? CommandFailed.notDone(sentence) : CommandFailed.notAsked(sentence);
    }
}
