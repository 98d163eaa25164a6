package dev.orderflow.http;

import io.vertx.ext.auth.User;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConstants;

/**
 * What a call asks. Path and query are read from the request line itself: Camel folds path, query and client headers
 * into one map, where a client's header could pass for any of them.
 */
public final class Call {

    /** Rows of a page when the call does not say. */
    private static final int LIMIT = 50;

    private static final int LIMIT_MAX = 200;

    private final Message message;

    Call(Exchange exchange) {
        this.message = exchange.getMessage();
    }

    /** The last segment of the path, decoded. */
    public String lastSegment() {
        return segment(1);
    }

    /** The segment before it: {@code x} of {@code /things/x/do}. */
    public String segmentBeforeLast() {
        return segment(2);
    }

    private String segment(int fromEnd) {
        String[] segments =
                message.getHeader(Exchange.HTTP_PATH, "", String.class).split("/", -1);
        return segments.length < fromEnd ? "" : decode(segments[segments.length - fromEnd].replace("+", "%2B"));
    }

    /** The query parameters; one that is not in {@code known}, or stands twice, is refused, for it would be ignored. */
    public Map<String, String> parameters(String... known) {
        String query = message.getHeader(Exchange.HTTP_RAW_QUERY, "", String.class);
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            if (!List.of(known).contains(name)) {
                throw refuse(
                        "There is no parameter '%s' here, only %s.".formatted(shown(name), String.join(", ", known)));
            }
            if (parameters.put(name, equals < 0 ? "" : decode(pair.substring(equals + 1))) != null) {
                throw refuse("Parameter '%s' may stand once, but stands twice.".formatted(name));
            }
        }
        return parameters;
    }

    /** The rows of a page that {@code limit} asks for. */
    public static int limit(Map<String, String> parameters) {
        String limit = parameters.get("limit");
        if (limit == null) {
            return LIMIT;
        }
        if (limit.matches("[0-9]{1,9}")) {
            int rows = Integer.parseInt(limit);
            if (rows >= 1 && rows <= LIMIT_MAX) {
                return rows;
            }
        }
        throw refuse("limit must be a whole number from 1 to %d, but was '%s'.".formatted(LIMIT_MAX, shown(limit)));
    }

    /** The value of a header; several lines of it are one list (RFC 9110, 5.3). */
    public Optional<String> header(String name) {
        Object value = message.getHeader(name);
        if (value instanceof Collection<?> lines) {
            return Optional.of(lines.stream().map(String::valueOf).collect(Collectors.joining(", ")));
        }
        return Optional.ofNullable(value).map(String::valueOf);
    }

    /** The name of the token that the call came with; 'anonymous' where no token is asked for. */
    public String caller() {
        var user = message.getHeader(VertxPlatformHttpConstants.AUTHENTICATED_USER, User.class);
        return user == null ? "anonymous" : user.principal().getString("username", "anonymous");
    }

    /** What {@link JsonBody} read. */
    public <T extends Record> T body(Class<T> type) {
        return type.cast(message.getBody());
    }

    /**
     * Reads a time in RFC 3339, whose years have four digits: PostgreSQL does not know all of the others.
     *
     * @throws DateTimeException when it is none
     */
    public static Instant time(String text) {
        if (!text.matches("[0-9]{4}-.*")) {
            throw new DateTimeException("The year has not four digits.");
        }
        return Instant.parse(text);
    }

    static ProblemException refuse(String detail) {
        return new ProblemException(Problem.invalidParameter(detail));
    }

    /** A client's word as a sentence may quote it: short, and without control characters and halves of a pair. */
    public static String shown(String word) {
        String some = word.length() <= 60 ? word : word.substring(0, 60) + "...";
        return some.replaceAll("[\\p{Cc}\\p{Cs}]", "?");
    }

    private static String decode(String text) {
        try {
            String decoded = URLDecoder.decode(text, StandardCharsets.UTF_8);
            if (decoded.indexOf('\0') >= 0) {
                throw refuse("A parameter has the character NUL, which nothing here has.");
            }
            return decoded;
        } catch (IllegalArgumentException e) {
            throw refuse("'%s' is not percent-encoded text (RFC 3986).".formatted(shown(text)));
        }
    }
}
