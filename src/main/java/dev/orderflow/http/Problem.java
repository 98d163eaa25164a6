package dev.orderflow.http;

import com.fasterxml.jackson.core.JsonFactory;
import dev.orderflow.events.Violation;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;

/**
 * An answer that is an error: {@code application/problem+json} (RFC 9457). {@code headers} go with it, such as
 * {@code Retry-After}.
 *
 * @param slug the last part of its type, {@code https://orderflow.dev/problems/<slug>}
 * @param detail what was found, what was wanted, what to do; never the body
 */
public record Problem(
        int status, String slug, String title, String detail, List<Violation> errors, Map<String, String> headers) {

    public static final String CONTENT_TYPE = "application/problem+json";

    private static final String TYPES = "https://orderflow.dev/problems/";
    private static final String RETRY_AFTER = "Retry-After";
    private static final JsonFactory JSON = new JsonFactory();

    public Problem(int status, String slug, String title, String detail) {
        this(status, slug, title, detail, List.of(), Map.of());
    }

    /** 400: a query parameter or path segment that cannot be read. */
    public static Problem invalidParameter(String detail) {
        return new Problem(400, "invalid-parameter", "A parameter cannot be read", detail);
    }

    public static Problem malformedJson(String detail) {
        return new Problem(400, "malformed-json", "The body is not JSON", detail);
    }

    public static Problem emptyBody(String detail) {
        return new Problem(400, "empty-body", "The body is empty", detail);
    }

    /** 422: a body that can be read and breaks rules, all of which it tells. */
    public static Problem invalid(String slug, String title, List<Violation> violations) {
        String detail = violations.size() == 1
                ? violations.get(0).detail() + "."
                : "%d rules are broken; errors has each.".formatted(violations.size());
        return new Problem(422, slug, title, detail, violations, Map.of());
    }

    public static Problem notFound(String detail) {
        return new Problem(404, "not-found", "There is nothing here", detail);
    }

    /** 415: names the content types that would be read. */
    public static Problem unsupportedMediaType(String wanted, String found) {
        return new Problem(
                415,
                "unsupported-media-type",
                "The content type is not read here",
                "Send the body with Content-Type %s; it came with %s.".formatted(wanted, found));
    }

    public static Problem tooLarge(int bytesMax) {
        return new Problem(
                413, "too-large", "The body is too large", "The body may have at most %,d bytes.".formatted(bytesMax));
    }

    /** 400: what is not HTTP. */
    public static Problem malformedRequest(String detail) {
        return new Problem(400, "malformed-request", "The request is not HTTP", detail);
    }

    /** 503: this call is not taken now. */
    public static Problem notReady() {
        return new Problem(
                        503,
                        "not-ready",
                        "Not ready",
                        "The server is starting or stopping, or this call is switched off now. Nothing was done; repeat it later.")
                .retryAfter(1);
    }

    /** 500: tells nothing of the inside; the log has it. */
    public static Problem internal() {
        return new Problem(
                500,
                "internal",
                "Something went wrong here",
                "The request met a fault of this server, which its log explains. Repeat it later, with the same Idempotency-Key if it has one.");
    }

    public Problem withHeader(String name, String value) {
        return new Problem(status, slug, title, detail, errors, Map.of(name, value));
    }

    /** Tells the client when to repeat. */
    public Problem retryAfter(int seconds) {
        return withHeader(RETRY_AFTER, Integer.toString(seconds));
    }

    /** Makes this the answer of a route's exchange and ends the route; what the message held before is dropped. */
    public void answer(Exchange exchange) {
        var message = exchange.getMessage();
        message.removeHeaders("*");
        headers.forEach(message::setHeader);
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        message.setHeader(Exchange.CONTENT_TYPE, CONTENT_TYPE);
        message.setBody(json());
        exchange.setRouteStop(true);
    }

    /** Makes this the answer of a request that reached no route. Call it on the event loop of the response. */
    public Future<Void> answer(HttpServerResponse response) {
        headers.forEach(response::putHeader);
        return response.setStatusCode(status)
                .putHeader("Content-Type", CONTENT_TYPE)
                .end(Buffer.buffer(json()));
    }

    /** The same while the body still comes: it is let go unread, for as long as {@link ConnectionTimeouts} allows. */
    public void answerUnread(RoutingContext ctx) {
        ctx.request().handler(unwanted -> {});
        ctx.request().resume();
        if (HttpRules.awaitsContinue(ctx.request())) {
            ctx.response().putHeader("Connection", "close");
        }
        answer(ctx.response());
    }

    /** The same, and the connection ends: nothing that follows on it could be told from the rest of this request. */
    void answerAndClose(HttpServerRequest request) {
        request.response().putHeader("Connection", "close");
        answer(request.response()).onComplete(sent -> request.connection().close());
    }

    public byte[] json() {
        var out = new ByteArrayOutputStream(256);
        try (var json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("type", TYPES + slug);
            json.writeStringField("title", title);
            json.writeNumberField("status", status);
            json.writeStringField("detail", detail);
            if (!errors.isEmpty()) {
                json.writeArrayFieldStart("errors");
                for (var error : errors) {
                    json.writeStartObject();
                    json.writeStringField("pointer", error.pointer());
                    json.writeStringField("detail", error.detail());
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
