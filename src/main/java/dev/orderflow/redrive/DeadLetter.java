package dev.orderflow.redrive;

import dev.orderflow.credentials.Sha256;
import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.OrderId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A record of the dead letter topic, as it is kept. Its texts are bounded and free of the NUL that PostgreSQL refuses;
 * key and body are the original's bytes.
 *
 * @param orderflowId the letter's identity, the same for each repeat of it
 * @param orderId with {@code event} the receipt that tells when the letter is home; empty when nobody can tell
 */
record DeadLetter(
        String orderflowId,
        String service,
        String fingerprint,
        String topic,
        int partition,
        long offset,
        int dltPartition,
        long dltOffset,
        byte[] key,
        Map<String, String> headers,
        byte[] body,
        Optional<UUID> orderId,
        Optional<String> event,
        String exception,
        String message,
        int attempt,
        Instant parkedAt) {

    static final String ID = "orderflow-id";
    static final String ATTEMPT = "orderflow-attempt";
    static final String REDRIVE_SERVICE = "orderflow-redrive-service";

    private static final String SPRING = "kafka_dlt-";
    private static final int HEADERS_MAX = 50;
    private static final int CHARS_MAX = 512;
    private static final int ID_CHARS = 24;

    /** Below the last day of the year 9999, with which a list begins: a producer may stamp nanoseconds, or anything. */
    private static final long TIME_MAX = 253_402_214_399_999L;

    static DeadLetter of(ConsumerRecord<byte[], byte[]> kafkaRecord) {
        Map<String, String> headers = headers(kafkaRecord);
        String place = kafkaRecord.topic() + "-" + kafkaRecord.partition() + "@" + kafkaRecord.offset() + "/"
                + kafkaRecord.timestamp();
        String service = headers.getOrDefault("orderflow-service", "");
        String event = CloudEvents.shortType(headers.getOrDefault(CloudEvents.TYPE, ""));
        return new DeadLetter(
                // What somebody else put here is shown as it is, and is nobody's to redrive.
                headers.getOrDefault(ID, "foreign/" + place),
                service.isEmpty() ? "foreign" : service,
                headers.getOrDefault("orderflow-fingerprint", ""),
                headers.getOrDefault(SPRING + "original-topic", ""),
                (int) number(headers, SPRING + "original-partition", Integer.MAX_VALUE),
                number(headers, SPRING + "original-offset", Long.MAX_VALUE),
                kafkaRecord.partition(),
                kafkaRecord.offset(),
                kafkaRecord.key(),
                headers,
                kafkaRecord.value(),
                OrderId.ofKey(kafkaRecord.key()),
                event.isEmpty() ? Optional.empty() : Optional.of(event),
                headers.getOrDefault(SPRING + "exception-fqcn", ""),
                headers.getOrDefault(SPRING + "exception-message", ""),
                (int) Math.max(1, number(headers, ATTEMPT, Short.MAX_VALUE - 1)),
                Instant.ofEpochMilli(Math.min(TIME_MAX, Math.max(0, kafkaRecord.timestamp()))));
    }

    /** A digest of the identity, which has slashes and so fits no path. */
    String id() {
        return Sha256.hex(orderflowId, ID_CHARS);
    }

    /** Of a name that stands twice the last one counts, as for the services. */
    private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> kafkaRecord) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (Header header : kafkaRecord.headers()) {
            if (header.value() != null && (headers.size() < HEADERS_MAX || isOurs(header.key()))) {
                headers.put(bounded(header.key()), bounded(new String(header.value(), StandardCharsets.UTF_8)));
            }
        }
        return headers;
    }

    private static boolean isOurs(String name) {
        return name.startsWith("ce_") || name.startsWith("orderflow-") || name.startsWith(SPRING);
    }

    private static String bounded(String text) {
        String clean = text.replace('\0', '\uFFFD');
        if (clean.length() <= CHARS_MAX) {
            return clean;
        }
        int end = Character.isHighSurrogate(clean.charAt(CHARS_MAX - 1)) ? CHARS_MAX - 1 : CHARS_MAX;
        return clean.substring(0, end);
    }

    private static long number(Map<String, String> headers, String name, long max) {
        try {
            return Math.min(max, Math.max(-1, Long.parseLong(headers.getOrDefault(name, "-1"))));
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
