package dev.orderflow.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orderflow.credentials.Sha256;
import dev.orderflow.events.CloudEvents;
import dev.orderflow.kafka.KafkaHeaders;
import dev.orderflow.kafka.PlainMessage;
import dev.orderflow.telemetry.Causes;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultExchange;

/**
 * Appends dead letters: the original's key and bytes, untouched, and headers that tell whence and why (the names are
 * Spring's). The append is acknowledged before it returns.
 */
final class DeadLetters {

    static final String SERVICE = "orderflow-service";
    static final String ATTEMPT = "orderflow-attempt";
    static final String FINGERPRINT = "orderflow-fingerprint";
    static final String ID = "orderflow-id";
    static final String REDRIVE_SERVICE = "orderflow-redrive-service";

    private static final String SPRING = "kafka_dlt-";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CHARS_MAX = 256;
    private static final int FINGERPRINT_CHARS = 12;
    private static final List<String> KEPT = List.of(
            CloudEvents.ID,
            CloudEvents.TYPE,
            CloudEvents.SOURCE,
            CloudEvents.TIME,
            CloudEvents.SPECVERSION,
            CloudEvents.ROUTE_VERSION,
            CloudEvents.CONTENT_TYPE,
            CloudEvents.TRACEPARENT);

    /** What differs from record to record: UUIDs, numbers, and whatever is quoted. */
    private static final Pattern PARTICULARS =
            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|'[^']*'|\"[^\"]*\"|\\d+");

    /** Why a record was parked, as its receipt keeps it. */
    record Cause(String exception, String message, String fingerprint) {

        static Cause of(String service, Throwable failure) {
            Throwable root = Causes.root(failure);
            String name = root.getClass().getName();
            String message = Causes.sentence(failure);
            String kind =
                    service + '\n' + name + '\n' + PARTICULARS.matcher(message).replaceAll("?");
            return new Cause(name, message, hash(kind));
        }

        String outcome() {
            try {
                return JSON.writeValueAsString(
                        Map.of("exception", exception, "message", message, "fingerprint", fingerprint));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        }

        static Cause ofOutcome(String outcome) {
            try {
                var json = JSON.readTree(outcome);
                return new Cause(
                        json.path("exception").asText(),
                        json.path("message").asText(),
                        json.path("fingerprint").asText());
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("The receipt of a parked event is damaged.", e);
            }
        }
    }

    private final String uri;
    private final String service;
    private final ProducerTemplate producer;

    DeadLetters(String uri, String service, ProducerTemplate producer) {
        this.uri = uri;
        this.service = service;
        this.producer = producer;
    }

    /** Fails when the append is not acknowledged. */
    void append(Exchange kafkaRecord, String id, int attempt, Cause cause) {
        var original = kafkaRecord.getMessage();
        // Camel's own map of headers has a spelling of its own for the names that it knows, such as content-type.
        var message = new PlainMessage(kafkaRecord.getContext());
        Map<String, Object> headers = message.getHeaders();
        for (String name : KEPT) {
            String value = RecordHeaders.text(kafkaRecord, name);
            if (!value.isEmpty()) {
                headers.put(name, bounded(value));
            }
        }
        headers.put(KafkaHeaders.KEY, RecordHeaders.key(kafkaRecord));
        headers.put(SPRING + "original-topic", original.getHeader(KafkaHeaders.TOPIC));
        headers.put(SPRING + "original-partition", text(original.getHeader(KafkaHeaders.PARTITION)));
        headers.put(SPRING + "original-offset", text(original.getHeader(KafkaHeaders.OFFSET)));
        headers.put(SPRING + "original-timestamp", text(original.getHeader(KafkaHeaders.TIMESTAMP)));
        headers.put(SPRING + "original-consumer-group", service);
        headers.put(SPRING + "exception-fqcn", bounded(cause.exception()));
        headers.put(SPRING + "exception-message", bounded(cause.message()));
        headers.put(SERVICE, service);
        headers.put(ATTEMPT, text(attempt));
        headers.put(FINGERPRINT, cause.fingerprint());
        headers.put(ID, id(kafkaRecord, id));
        message.setBody(original.getBody());
        var letter = new DefaultExchange(kafkaRecord.getContext());
        letter.setMessage(message);
        producer.send(uri, letter);
        if (letter.getException() != null) {
            throw CamelExecutionException.wrapCamelExecutionException(letter, letter.getException());
        }
    }

    /** A letter that comes again is the same letter, wherever its record stands now and whatever its body became. */
    private String id(Exchange kafkaRecord, String id) {
        String known = RecordHeaders.text(kafkaRecord, ID);
        return known.isEmpty() || !RecordReader.isRedrivenFor(service, kafkaRecord) ? service + '/' + id : known;
    }

    /** The id of a record that has no event id, since it cannot be read; another one in a topic that was made again. */
    static String unreadableId(Exchange kafkaRecord) {
        return place(kafkaRecord) + '/' + kafkaRecord.getMessage().getHeader(KafkaHeaders.TIMESTAMP);
    }

    /** Where a record stands. */
    static String place(Exchange kafkaRecord) {
        var message = kafkaRecord.getMessage();
        return message.getHeader(KafkaHeaders.TOPIC)
                + "-"
                + message.getHeader(KafkaHeaders.PARTITION)
                + "@"
                + message.getHeader(KafkaHeaders.OFFSET);
    }

    private static String text(Object value) {
        return String.valueOf(value);
    }

    private static String bounded(String value) {
        return value.length() <= CHARS_MAX ? value : value.substring(0, CHARS_MAX);
    }

    private static String hash(String kind) {
        return Sha256.hex(kind, FINGERPRINT_CHARS);
    }
}
