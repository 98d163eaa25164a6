package dev.orderflow.kubernetes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.events.CloudEvents;
import dev.orderflow.testing.Topics;
import dev.orderflow.testing.World;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Records as text of one character a byte, so that equal texts are equal records: topic, partition, key, headers, body. */
final class RecordText {

    private RecordText() {}

    /** To the byte; offset and time of a letter are those of its own append, and are left out. */
    static List<String> deadLetters(World world) {
        return world.topics().readAll(world.deadLetters()).stream()
                .map(letter -> text(letter, header -> value(header.value())))
                .toList();
    }

    /** The same, without what differs from one play of the same orders to the next. */
    static List<String> events(World world) {
        return world.topics().readAll(world.events()).stream()
                .filter(event -> !isMatterOfTime(event))
                .map(event -> text(event, RecordText::withoutPlay))
                .toList();
    }

    /** A parcel may be booked before its order's shortage is heard, or not; it is held in any case. */
    private static boolean isMatterOfTime(ConsumerRecord<String, byte[]> event) {
        return PlayedOrders.isShort(event.key())
                && Topics.header(event, CloudEvents.TYPE).equals(CloudEvents.wireType("shipment-prepared"));
    }

    private interface Shown {
        /** Null leaves the header out. */
        String of(Header header);
    }

    private static String withoutPlay(Header header) {
        String value = value(header.value());
        return switch (header.key()) {
            // When the transaction was.
            case CloudEvents.TIME -> {
                assertThat(value).matches("\\[\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3})?Z]");
                yield "a time";
            }
            // The trace is the order's; the span is a new one for each event.
            case CloudEvents.TRACEPARENT ->
                value.replaceFirst("^(\\[00-[0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2}])$", "$1-a span-$2");
            // Live editing gives a version to each route file; an Integration is built of one, and has none.
            case CloudEvents.ROUTE_VERSION -> null;
            default -> value;
        };
    }

    private static String text(ConsumerRecord<String, byte[]> record, Shown shown) {
        var lines = new ArrayList<String>();
        lines.add("%s-%d key %s".formatted(record.topic(), record.partition(), record.key()));
        for (Header header : record.headers()) {
            String value = shown.of(header);
            if (value != null) {
                lines.add(header.key() + ": " + value);
            }
        }
        // Camel 4.17 keeps a message's headers sorted; their order says nothing to a reader.
        Collections.sort(lines);
        lines.add(value(record.value()));
        return String.join("\n", lines);
    }

    private static String value(byte[] bytes) {
        return bytes == null ? "nothing" : "[" + new String(bytes, ISO_8859_1) + "]";
    }
}
