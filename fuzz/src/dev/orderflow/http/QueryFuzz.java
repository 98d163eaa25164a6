package dev.orderflow.http;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** A query and its limit, times and cursors have a value, or are refused with a sentence that can be shown. */
public final class QueryFuzz {

    private static final int SENTENCE_CHARS_MAX = 400;
    private static final String[] KNOWN = {"service", "from", "limit", "cursor"};

    private QueryFuzz() {}

    /** The readers are loaded and instrumented here, so that it does not count for the first input. */
    public static void fuzzerInitialize() {
        fuzzerTestOneInput("limit=7&from=2026-11-22T10:00:00Z&cursor=YQ".getBytes(StandardCharsets.UTF_8));
    }

    public static void fuzzerTestOneInput(byte[] input) {
        // As a request line has it.
        String query = new String(input, StandardCharsets.ISO_8859_1);
        try {
            Map<String, String> parameters = question(query).parameters(KNOWN);
            parameters.values().forEach(value -> holds(value.indexOf('\0') < 0, "NUL in " + query));
            int limit = Call.limit(parameters);
            holds(limit >= 1 && limit <= 200, "limit " + limit);
            if (parameters.containsKey("from")) {
                time(parameters.get("from"));
            }
            Cursor.read(parameters.get("cursor"), place -> {
                holds(
                        Cursor.read(Cursor.of(place), again -> again)
                                .orElseThrow()
                                .equals(place),
                        "another place");
                return place;
            });
        } catch (ProblemException e) {
            isSentence(e.getMessage());
        }
        try {
            question(query).lastSegment();
        } catch (ProblemException e) {
            isSentence(e.getMessage());
        }
    }

    private static void time(String text) {
        try {
            Instant time = Call.time(text);
            // What PostgreSQL's timestamptz can hold and print in four digits.
            holds(
                    time.toString().matches("[0-9-]{10}T[0-9:.]+Z") || text.contains("-12-31T24:00"),
                    "another time: " + time);
        } catch (DateTimeException e) {
            // The documented one.
        }
    }

    private static Call question(String query) {
        var message = (Message) Proxy.newProxyInstance(
                QueryFuzz.class.getClassLoader(), new Class<?>[] {Message.class}, (proxy, method, arguments) -> query);
        var exchange = (Exchange) Proxy.newProxyInstance(
                QueryFuzz.class.getClassLoader(),
                new Class<?>[] {Exchange.class},
                (proxy, method, arguments) -> message);
        return new Call(exchange);
    }

    private static void isSentence(String text) {
        holds(
                !text.isBlank()
                        && text.length() <= SENTENCE_CHARS_MAX
                        && text.chars().noneMatch(Character::isISOControl)
                        && StandardCharsets.UTF_8.newEncoder().canEncode(text),
                "no sentence: " + text);
    }

    private static void holds(boolean promise, String sentence) {
        if (!promise) {
            throw new AssertionError(sentence);
        }
    }
}
