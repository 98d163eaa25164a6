package dev.orderflow.bench;

import dev.orderflow.events.OrderReader;
import dev.orderflow.events.OrderWriter;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What POST /orders costs at least: Vert.x, the same validation, a KafkaProducer with the same settings but for its
 * linger, 202 behind the acknowledgement. It has no keys, no headers, no limits, no metrics.
 */
final class RawServer extends AbstractVerticle {

    private final Producer<String, byte[]> producer;
    private final String topic;
    private final int port;

    private RawServer(Producer<String, byte[]> producer, String topic, int port) {
        this.producer = producer;
        this.topic = topic;
        this.port = port;
    }

    /** Arguments: brokers, topic, port, milliseconds that an append waits for neighbours. */
    public static void main(String[] arguments) throws Exception {
        var producer = new KafkaProducer<String, byte[]>(settings(arguments[0], Integer.parseInt(arguments[3])));
        producer.partitionsFor(arguments[1]);
        int port = Integer.parseInt(arguments[2]);
        int instances = Runtime.getRuntime().availableProcessors();
        Vertx.vertx()
                .deployVerticle(
                        () -> new RawServer(producer, arguments[1], port),
                        new DeploymentOptions().setInstances(instances))
                .onSuccess(started -> System.out.println("ready"))
                .onFailure(Throwable::printStackTrace);
    }

    static Properties settings(String brokers, int lingerMs) {
        var settings = new Properties();
        settings.putAll(Map.of(
                "bootstrap.servers", brokers,
                "acks", "all",
                "linger.ms", Integer.toString(lingerMs),
                "batch.size", "65536",
                "compression.type", "lz4",
                "key.serializer", "org.apache.kafka.common.serialization.StringSerializer",
                "value.serializer", "org.apache.kafka.common.serialization.ByteArraySerializer"));
        return settings;
    }

    @Override
    public void start(io.vertx.core.Promise<Void> started) {
        vertx.createHttpServer()
                .requestHandler(request -> request.bodyHandler(body -> accept(request, body)))
                .listen(port, "127.0.0.1")
                .<Void>mapEmpty()
                .onComplete(started);
    }

    private void accept(HttpServerRequest request, Buffer body) {
        if (!(OrderReader.request(body.getBytes()) instanceof OrderReader.Readable order)) {
            request.response().setStatusCode(422).end();
            return;
        }
        var random = ThreadLocalRandom.current();
        var id = new UUID(random.nextLong(), random.nextLong());
        byte[] value = OrderWriter.bytes(order.placed(id, Instant.now()));
        producer.send(
                new ProducerRecord<>(topic, id.toString(), value),
                (metadata, failure) -> context.runOnContext(onLoop -> answer(request, id, failure)));
    }

    private static void answer(HttpServerRequest request, UUID id, Exception failure) {
        if (failure != null) {
            request.response().setStatusCode(503).end();
            return;
        }
        request.response()
                .setStatusCode(202)
                .putHeader("Location", "/orders/" + id)
                .putHeader("Content-Type", "application/json")
                .end("{\"orderId\":\"" + id + "\",\"status\":\"accepted\"}");
    }
}
