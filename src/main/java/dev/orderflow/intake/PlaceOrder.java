package dev.orderflow.intake;

import dev.orderflow.credentials.Sha256;
import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.Order;
import dev.orderflow.events.OrderReader;
import dev.orderflow.events.OrderReader.Invalid;
import dev.orderflow.events.OrderReader.Malformed;
import dev.orderflow.events.OrderReader.Readable;
import dev.orderflow.events.OrderWriter;
import dev.orderflow.http.Problem;
import dev.orderflow.kafka.KafkaHeaders;
import dev.orderflow.kafka.PlainMessage;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.auth.User;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConstants;

/**
 * Turns a request into the record of an accepted order, or answers with a problem. The record is a new message:
 * nothing of the request is copied, so no header, parameter or member of it can become a topic, key, partition or header.
 */
final class PlaceOrder implements Processor {

    static final String ORDER_ID = "orderflow.orderId";
    static final String KEYED = "orderflow.keyed";

    private static final UUID NO_ID = new UUID(0, 0);
    private static final int KEY_MAX = 255;

    private final Clock clock;
    private final OrderIds ids;

    PlaceOrder(Clock clock) {
        this.clock = clock;
        this.ids = new OrderIds(clock);
    }

    @Override
    public void process(Exchange exchange) {
        var message = exchange.getMessage(HttpMessage.class);
        byte[] body = body(message);
        List<String> keys = message.getRequest().headers().getAll("Idempotency-Key");
        if (body.length == 0) {
            IntakeProblems.emptyBody().answer(exchange);
        } else if (keys.size() > 1 || keys.size() == 1 && !isKey(keys.get(0))) {
            IntakeProblems.keyInvalid().answer(exchange);
        } else {
            read(exchange, message, body, keys);
        }
    }

    private void read(Exchange exchange, HttpMessage message, byte[] body, List<String> keys) {
        var request = OrderReader.request(body);
        if (request instanceof Malformed malformed) {
            Problem.malformedJson(malformed.sentence()).answer(exchange);
        } else if (request instanceof Invalid invalid) {
            IntakeProblems.invalidOrder(invalid.violations()).answer(exchange);
        } else if (request instanceof Readable readable) {
            UUID id = keys.isEmpty() ? ids.next() : OrderIds.of(client(message), keys.get(0));
            if (!keys.isEmpty()) {
                exchange.setProperty(KEYED, new KeyedOrder(id, hash(readable)));
            }
            record(exchange, readable.placed(id, clock.instant().truncatedTo(ChronoUnit.MILLIS)), message.getRequest());
        }
    }

    private static void record(Exchange exchange, Order order, HttpServerRequest request) {
        String received = request.getHeader(CloudEvents.TRACEPARENT);
        Message record = new PlainMessage(exchange.getContext());
        record.setBody(OrderWriter.bytes(order));
        record.setHeader(KafkaHeaders.KEY, order.orderId().toString().getBytes(StandardCharsets.UTF_8));
        OrderHeaders.of(order, TraceParent.next(received == null ? "" : received), record::setHeader);
        exchange.setProperty(ORDER_ID, order.orderId().toString());
        exchange.setMessage(record);
    }

    // The order's own text decides and not the bytes: a repetition may be printed in another way.
    static byte[] hash(Readable order) {
        return Sha256.begin().digest(OrderWriter.bytes(order.placed(NO_ID, Instant.EPOCH)));
    }

    private static String client(Message message) {
        var user = message.getHeader(VertxPlatformHttpConstants.AUTHENTICATED_USER, User.class);
        return user == null ? "" : user.principal().getString("username", "");
    }

    // A buffer, unless the context caches streams.
    private static byte[] body(Message message) {
        if (message.getBody() instanceof Buffer buffer) {
            return buffer.getBytes();
        }
        byte[] body = message.getBody(byte[].class);
        return body == null ? new byte[0] : body;
    }

    private static boolean isKey(String key) {
        boolean good = !key.isEmpty() && key.length() <= KEY_MAX;
        for (int i = 0; good && i < key.length(); i++) {
            good = key.charAt(i) >= ' ' && key.charAt(i) <= '~';
        }
        return good;
    }
}
