package dev.orderflow.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orderflow.settings.CannotStart;
import dev.orderflow.settings.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The commands {@code dead-letters} and {@code redrive}: the operators' calls of a process that runs. */
public final class Operator {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> FILTERS = Set.of("service", "fingerprint", "from", "to");
    private static final Set<String> LISTED =
            Set.of("service", "fingerprint", "from", "to", "state", "limit", "cursor");
    private static final Set<String> NUMBERS = Set.of("ratePerSecond", "maxAttempts");
    private static final Set<String> FLAGS = Set.of("dryRun", "override");
    private static final String ID = "[0-9a-f]{24}";
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    /** How often to look for what becomes of letters when the last went back. */
    private static final int LOOKS_BEHIND = 20;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final String address;
    private final String token;
    private final PrintStream out;
    private final Bar bar;

    public Operator(Settings settings, PrintStream out, Bar bar) {
        this.address = settings.text("cli.url");
        this.token = settings.text("cli.token");
        this.out = out;
        this.bar = bar;
    }

    /** {@code dead-letters ID} shows one, {@code dead-letters [service=..] [state=..]} lists them. */
    public int deadLetters(List<String> words) {
        if (words.size() == 1 && words.get(0).matches(ID)) {
            return print(call("GET", "/dead-letters/" + words.get(0), ""));
        }
        var query = new LinkedHashMap<String, String>();
        for (String word : words) {
            String[] pair = pair(word);
            if (!LISTED.contains(pair[0])) {
                throw unknown(word, LISTED);
            }
            query.put(pair[0], pair[1]);
        }
        return print(call("GET", "/dead-letters?" + encoded(query), ""));
    }

    /**
     * Redrives and stays until each letter is home or parked again, or, where a service does not run, a while after the
     * last went back. Ends with 1 when some were quarantined, or came back.
     */
    public int redrive(List<String> words) throws InterruptedException {
        JsonNode plan = call("POST", "/dead-letters/redrive", request(words).toString());
        print(plan);
        if (!plan.has("job")) {
            return 0;
        }
        JsonNode progress = awaited("/dead-letters/redrive/" + plan.path("job").asText());
        print(progress);
        return plan.path("quarantine").asInt() + progress.path("parkedAgain").asInt() > 0 ? 1 : 0;
    }

    private JsonNode awaited(String path) throws InterruptedException {
        JsonNode progress = call("GET", path, "");
        for (int looks = 0; looks < LOOKS_BEHIND && isOnItsWay(progress); progress = call("GET", path, "")) {
            looks = progress.path("state").asText().equals("running") ? 0 : looks + 1;
            double letters = Math.max(1, progress.path("letters").asDouble());
            double left = progress.path("waiting").asDouble();
            bar.at(1 - left / letters, "%,.0f of %,.0f went back".formatted(letters - left, letters));
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        }
        bar.clear();
        return progress;
    }

    private static boolean isOnItsWay(JsonNode progress) {
        return progress.path("state").asText().equals("running")
                || progress.path("home").asLong() + progress.path("parkedAgain").asLong()
                        < progress.path("appended").asLong();
    }

    static ObjectNode request(List<String> words) {
        ObjectNode request = JSON.createObjectNode();
        for (String word : words) {
            if (word.matches(ID)) {
                request.withArray("/ids").add(word);
                continue;
            }
            if (FLAGS.contains(word)) {
                request.put(word, true);
                continue;
            }
            String[] pair = pair(word);
            if (FILTERS.contains(pair[0])) {
                request.withObject("/filter").put(pair[0], pair[1]);
            } else if (NUMBERS.contains(pair[0]) && pair[1].matches("[0-9]{1,9}")) {
                request.put(pair[0], Integer.parseInt(pair[1]));
            } else {
                throw new CannotStart(
                        "The command is: redrive ID... or redrive service=.. fingerprint=.. from=.. to=.., with dryRun, override, ratePerSecond=.. and maxAttempts=.. as needed; but there was '%s'."
                                .formatted(word));
            }
        }
        return request;
    }

    private static String[] pair(String word) {
        int equals = word.indexOf('=');
        return equals < 0
                ? new String[] {word, ""}
                : new String[] {word.substring(0, equals), word.substring(equals + 1)};
    }

    private static CannotStart unknown(String word, Set<String> known) {
        return new CannotStart("The command is: dead-letters ID, or dead-letters with %s; but there was '%s'."
                .formatted(known.stream().sorted().collect(Collectors.joining("=.., ", "", "=..")), word));
    }

    private static String encoded(Map<String, String> query) {
        return query.entrySet().stream()
                .map(pair -> pair.getKey() + "=" + URLEncoder.encode(pair.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    JsonNode call(String method, String path, String body) {
        var request = HttpRequest.newBuilder(URI.create(address + path))
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
                throw new CannotStart("%s %s was answered with %d: %s"
                        .formatted(
                                method,
                                path,
                                response.statusCode(),
                                json.path("detail").asText()));
            }
            return json;
        } catch (IOException e) {
            throw new CannotStart(
                    "Nothing answers at %s. Start orderflow there, or set %s."
                            .formatted(address, Settings.variable("cli.url")),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    int print(JsonNode json) {
        out.println(json.toPrettyString());
        return 0;
    }
}
