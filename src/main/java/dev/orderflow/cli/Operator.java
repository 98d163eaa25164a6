package dev.orderflow.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orderflow.settings.Settings;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.net.ssl.SSLException;

/** The operators' calls of a process that runs, at {@code cli.url} with {@code cli.token}. */
final class Operator {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Set<Integer> REFUSED_WORDS = Set.of(400, 422);
    /** What is asked for is not there, or may not be now. */
    private static final Set<Integer> NOT_DONE = Set.of(404, 409);
    /** Of RestServer, for a path that none of the services that run there has. */
    private static final String NO_PATH = "There is no such path here.";

    /** Of the type of a problem of ours; the port for monitoring has other ones. */
    private static final String PROBLEMS = "https://orderflow.dev/problems/";

    private static final String UNKNOWN =
            "Whether what was asked for is done is not known: look with 'orderflow operations', or with 'orderflow dead-letters'.";

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();
    private final String address;
    private final String token;
    private final Duration answerMax;
    private final int bytesMax;
    private final Duration waitMax;

    Operator(Settings settings) {
        try {
            this.address = settings.choice("cli.url").replaceAll("/+$", "");
            this.token = settings.choice("cli.token");
            this.answerMax = Duration.ofMillis(settings.number("cli.answerMs"));
            this.bytesMax = settings.number("cli.answerBytesMax");
            this.waitMax = Duration.ofMillis(settings.number("cli.waitMs"));
        } catch (IllegalArgumentException e) {
            throw CommandFailed.notAsked(e.getMessage(), e);
        }
    }

    /** For how long to wait for what was begun, while nothing of it moves. */
    Duration waitMax() {
        return waitMax;
    }

    JsonNode get(String path, AnswerShape wanted) {
        return call("GET", path, "", wanted);
    }

    JsonNode post(String path, JsonNode body, AnswerShape wanted) {
        return call("POST", path, body.toString(), wanted);
    }

    /** @throws CommandFailed where it is no answer of ours, or one that means something for the command */
    private JsonNode call(String method, String path, String body, AnswerShape wanted) {
        var request = HttpRequest.newBuilder(URI.create(address + path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        var answering = client.sendAsync(request.build(), head -> new BoundedBody(bytesMax));
        try {
            // The limit is that of the whole answer: a request's own ends with its head.
            return read(method, path, answering.get(answerMax.toMillis(), TimeUnit.MILLISECONDS), wanted);
        } catch (TimeoutException e) {
            answering.cancel(true);
            throw unanswered(method, e);
        } catch (ExecutionException e) {
            throw unanswered(method, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Only where nobody took the call is it sure that nothing was done. */
    private CommandFailed unanswered(String method, Throwable failure) {
        String variable = Settings.variable("cli.url");
        if (failure instanceof HttpConnectTimeoutException) {
            // A TLS handshake is a part of it, so nothing was asked yet.
            return CommandFailed.notAsked(
                    "Nothing at %s takes a connection%s within %d s. Start orderflow there, or set %s."
                            .formatted(
                                    address,
                                    address.startsWith("https:") ? " with TLS" : "",
                                    CONNECT.toSeconds(),
                                    variable),
                    failure);
        }
        if (failure instanceof ConnectException) {
            return CommandFailed.notAsked(
                    "Nothing answers at %s. Start orderflow there, or set %s.".formatted(address, variable), failure);
        }
        String found;
        if (failure instanceof TimeoutException) {
            found = "What listens at %s has not answered within %,d s (cli.answerMs)."
                    .formatted(address, answerMax.toSeconds());
        } else if (failure instanceof SSLException) {
            found =
                    "No TLS can be spoken with %s: %s. Set %s, and let JAVA_OPTS name a trust store that knows its certificate."
                            .formatted(address, failure.getMessage(), variable);
        } else {
            found = "The answer of %s cannot be read: %s. Set %s to where orderflow answers."
                    .formatted(address, failure.getMessage(), variable);
        }
        return CommandFailed.notAsked(method.equals("POST") ? found + " " + UNKNOWN : found, failure);
    }

    private JsonNode read(String method, String path, HttpResponse<byte[]> response, AnswerShape wanted) {
        int status = response.statusCode();
        if (status >= 300 && status < 400) {
            throw CommandFailed.notAsked("%s redirects to %s. Set %s to where orderflow answers itself."
                    .formatted(
                            address,
                            Table.harmless(response.headers()
                                    .firstValue("Location")
                                    .orElse("nowhere")
                                    .replaceAll("[?#].*", "")),
                            Settings.variable("cli.url")));
        }
        JsonNode json;
        try {
            json = JSON.readTree(response.body());
        } catch (IOException e) {
            throw CommandFailed.notAsked(stranger(), e);
        }
        if (status >= 400) {
            throw refused(method, path, status, json);
        }
        wanted.missing(json).ifPresent(member -> {
            throw CommandFailed.notAsked("%s Its answer to %s %s, with status %d, has no such '%s' as orderflow's has."
                    .formatted(stranger(), method, path, status, member));
        });
        return json;
    }

    private String stranger() {
        return "What answers at %s is not orderflow. Set %s.".formatted(address, Settings.variable("cli.url"));
    }

    private CommandFailed refused(String method, String path, int status, JsonNode problem) {
        String detail = problem.path("detail").asText();
        if ((REFUSED_WORDS.contains(status) || NOT_DONE.contains(status))
                && !problem.path("type").asText().startsWith(PROBLEMS)) {
            return CommandFailed.notAsked("%s %s %s was answered with %d.".formatted(stranger(), method, path, status));
        }
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
