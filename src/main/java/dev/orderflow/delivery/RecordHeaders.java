package dev.orderflow.delivery;

import dev.orderflow.kafka.KafkaHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.kafka.common.header.Headers;

/**
 * The headers that a record of ours may carry: CloudEvents, trace, and those of dead letters. Nothing else of a message
 * becomes a record header, so no caller can put one there. Read headers are taken from the record itself, not copied
 * into each message.
 */
public class RecordHeaders implements HeaderFilterStrategy {

    private static final Set<String> KNOWN = Set.of(
            "ce_id",
            "ce_type",
            "ce_source",
            "ce_time",
            "ce_specversion",
            "ce_routeversion",
            "content-type",
            "traceparent");

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return !(KNOWN.contains(name) || name.startsWith("kafka_dlt-") || name.startsWith("orderflow-"));
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return true;
    }

    /** The record's key, whatever the consumer made of it; null where it has none. */
    static byte[] key(Exchange kafkaRecord) {
        Object key = kafkaRecord.getMessage().getHeader(KafkaHeaders.KEY);
        return key == null || key instanceof byte[]
                ? (byte[]) key
                : key.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The header's text, or empty; the last one where a name stands twice. */
    static String text(Exchange kafkaRecord, String name) {
        return text(of(kafkaRecord), name);
    }

    /** The record's own headers; null where the message is no record's. To be looked up once, if several are read. */
    static Headers of(Exchange kafkaRecord) {
        return kafkaRecord.getMessage().getHeader(KafkaHeaders.HEADERS, Headers.class);
    }

    static String text(Headers headers, String name) {
        var header = headers == null ? null : headers.lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
