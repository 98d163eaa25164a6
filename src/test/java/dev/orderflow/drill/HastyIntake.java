package dev.orderflow.drill;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.Event;
import dev.orderflow.events.OrderReader;
import dev.orderflow.events.OrderReader.Readable;
import dev.orderflow.events.OrderWriter;
import dev.orderflow.events.Times;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * An intake as it must not be, in a JVM of its own: {@code PORT BROKERS VARIANT}. It answers 202 before the append is
 * acknowledged, or makes record headers of request headers.
 */
final class HastyIntake {

    private static final ObjectMapper JSON = new ObjectMapper();

    private HastyIntake() {}

    public static void main(String[] words) throws Exception {
        boolean hasty = Variant.valueOf(words[2]) == Variant.ACCEPTED_BEFORE_THE_ACKNOWLEDGEMENT;
        var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", words[1], "acks", "all", "linger.ms", hasty ? "1000" : "5"),
                new StringSerializer(),
                new ByteArraySerializer());
        var server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(words[0])), 100);
        server.setExecutor(Executors.newFixedThreadPool(16));
        server.createContext("/orders", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (!(OrderReader.request(body) instanceof Readable readable)) {
                exchange.sendResponseHeaders(422, -1);
                return;
            }
            String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
            UUID id = UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8));
            var order = readable.placed(id, Instant.parse("2026-11-22T10:00:00Z"));
            Map<String, String> headers = new HashMap<>();
            headers.put(CloudEvents.SPECVERSION, "1.0");
            headers.put(CloudEvents.ID, id + "/" + Event.ORDER_PLACED);
            headers.put(CloudEvents.TYPE, CloudEvents.wireType(Event.ORDER_PLACED));
            headers.put(CloudEvents.SOURCE, "/orderflow/intake");
            headers.put(CloudEvents.TIME, Times.text(order.placedAt()));
            if (!hasty) {
                exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
            }
            var kept = producer.send(dev.orderflow.testing.Topics.producerRecord(
                    Stage.ORDERS, id.toString(), OrderWriter.bytes(order), headers));
            try {
                if (!hasty) {
                    kept.get();
                }
                byte[] answer = JSON.writeValueAsBytes(Map.of("orderId", id.toString(), "status", "accepted"));
                exchange.sendResponseHeaders(202, answer.length);
                exchange.getResponseBody().write(answer);
            } catch (Exception e) {
                exchange.sendResponseHeaders(503, -1);
            }
            exchange.close();
        });
        server.start();
    }
}
