package dev.orderflow.redrive;

import dev.orderflow.events.CloudEvents;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A letter that is claimed and about to go back: to its own topic, with its own key and event headers, for the one
 * service that parked it.
 *
 * @param attempt the try that it goes back as
 */
record RedriveRecord(
        String id,
        String orderflowId,
        String service,
        String topic,
        int partition,
        byte[] key,
        Map<String, String> headers,
        byte[] body,
        int attempt,
        UUID job) {

    private static final List<String> KEPT = List.of(
            CloudEvents.SPECVERSION,
            CloudEvents.ROUTE_VERSION,
            CloudEvents.ID,
            CloudEvents.TYPE,
            CloudEvents.SOURCE,
            CloudEvents.TIME,
            CloudEvents.CONTENT_TYPE,
            CloudEvents.TRACEPARENT);

    ProducerRecord<byte[], byte[]> kafkaRecord() {
        // The key leads to the partition that the original stood in; without one, its number does.
        var kafkaRecord = new ProducerRecord<>(topic, key == null ? partition : null, key, body);
        for (String name : KEPT) {
            if (headers.containsKey(name)) {
                add(kafkaRecord, name, headers.get(name));
            }
        }
        add(kafkaRecord, DeadLetter.REDRIVE_SERVICE, service);
        add(kafkaRecord, DeadLetter.ATTEMPT, Integer.toString(attempt));
        add(kafkaRecord, DeadLetter.ID, orderflowId);
        return kafkaRecord;
    }

    private static void add(ProducerRecord<byte[], byte[]> kafkaRecord, String name, String text) {
        kafkaRecord.headers().add(name, text.getBytes(StandardCharsets.UTF_8));
    }
}
