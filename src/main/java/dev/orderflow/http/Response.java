package dev.orderflow.http;

import java.util.Map;
import org.apache.camel.Exchange;

/** An answer that is no problem. */
public record Response(int status, String contentType, Map<String, String> headers, byte[] body) {

    public static Response json(byte[] body) {
        return new Response(200, "application/json", Map.of(), body);
    }

    /** Makes this the answer of the exchange; nothing of the request stays in it. */
    void put(Exchange exchange) {
        var message = exchange.getMessage();
        message.removeHeaders("*");
        headers.forEach(message::setHeader);
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        if (!contentType.isEmpty()) {
            message.setHeader(Exchange.CONTENT_TYPE, contentType);
        }
        message.setBody(body);
    }
}
