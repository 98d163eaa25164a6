package dev.orderflow.bench;

import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.Times;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Lays orders down as the records that intake would append. */
final class RecordLaying implements FlowSide.Laying {

    private final String brokers;
    private final String topic;
    private final FlowOrders orders;

    RecordLaying(Ground ground, String topic, FlowOrders orders) {
        this.brokers = ground.brokers;
        this.topic = topic;
        this.orders = orders;
    }

    @Override
    public void lay(long from, int count) {
        var settings = RawServer.settings(brokers, 20);
        settings.put("batch.size", "131072");
        try (var producer = new KafkaProducer<String, byte[]>(settings)) {
            for (long n = from; n < from + count; n++) {
                String id = Orders.id().toString();
                String now = Times.text(Instant.now());
                var one = new ProducerRecord<>(
                        topic, id, orders.record(id, now, n).getBytes(StandardCharsets.UTF_8));
                Backlog.headers(
                        one.headers(),
                        id + "/order-placed",
                        CloudEvents.wireType("order-placed"),
                        "/orderflow/intake",
                        now);
                producer.send(one);
            }
        }
    }
}
