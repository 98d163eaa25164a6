package dev.orderflow.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** A whole answer, taken from a finished exchange, ready to be written on the event loop. */
record VertxResponse(int status, List<Map.Entry<String, String>> headers, byte[] body) {

    private static final HttpHeaderFilter ANSWERED = new HttpHeaderFilter();

    static VertxResponse of(Problem problem) {
        var headers = new ArrayList<>(problem.headers().entrySet());
        headers.add(Map.entry("Content-Type", Problem.CONTENT_TYPE));
        return new VertxResponse(problem.status(), headers, problem.json());
    }

    static VertxResponse of(Exchange exchange) {
        Message message = exchange.getMessage();
        byte[] body = bytes(message);
        var headers = new ArrayList<Map.Entry<String, String>>(4);
        for (var header : message.getHeaders().entrySet()) {
            if (header.getValue() != null
                    && !ANSWERED.applyFilterToCamelHeaders(header.getKey(), header.getValue(), exchange)) {
                headers.add(Map.entry(header.getKey(), header.getValue().toString()));
            }
        }
        String type = message.getHeader(Exchange.CONTENT_TYPE, String.class);
        if (type != null && body.length > 0) {
            headers.add(Map.entry("Content-Type", type));
        }
        int status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, body.length == 0 ? 204 : 200, Integer.class);
        return new VertxResponse(status, headers, body);
    }

    void write(HttpServerResponse response) {
        response.setStatusCode(status);
        headers.forEach(header -> response.putHeader(header.getKey(), header.getValue()));
        if (body.length == 0) {
            response.end();
        } else {
            response.end(Buffer.buffer(body));
        }
    }

    private static byte[] bytes(Message message) {
        Object body = message.getBody();
        if (body == null) {
            return new byte[0];
        }
        if (body instanceof byte[] bytes) {
            return bytes;
        }
        if (body instanceof String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        return message.getBody(byte[].class);
    }
}
