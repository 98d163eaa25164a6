package dev.orderflow.http;

import java.util.Map;
import org.apache.camel.Exchange;

/** An answer that is no problem. */
public record Answer(int status, String contentType, Map<String, String> headers, byte[] body) {

    public static Answer json(byte[] body) {
        return new Answer(200, "application/json", Map.of(), body);
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
