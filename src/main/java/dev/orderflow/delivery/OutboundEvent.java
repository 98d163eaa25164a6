package dev.orderflow.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.Event;
import dev.orderflow.events.Times;
import dev.orderflow.kafka.KafkaHeaders;
import dev.orderflow.kafka.PlainMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.CamelContext;
import org.apache.camel.Message;

/**
 * One event that a service says of an order, ready for the wire. Receipts keep these, so that a repeated record appends
 * exactly the same again.
 *
 * @param type the short type
 * @param time RFC 3339, of the transaction
 * @param body the JSON object, with its orderId
 * @param version of the route file that said it; empty where none is known
 */
record OutboundEvent(String type, String time, String body, String version) {

    /** What the source of a service's events begins with; its name follows. */
    static final String SOURCE = "/orderflow/";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectWriter WRITER = JSON.writer();

    /** W3C Trace Context: version, trace id (up to here), parent id, flags. */
    private static final int TRACE_ID_END = 36;

    private static final int PARENT_ID_END = 52;
    private static final int TRACEPARENT_CHARS = 55;

    static OutboundEvent of(Event event, Instant time, String version) throws JsonProcessingException {
        if (!(event.data() instanceof Map<?, ?> data)) {
            throw new IllegalStateException("A service said '%s' with %s; its data must be a map, as Event.of makes it."
                    .formatted(event.type(), event.data()));
        }
        String orderId = "{\"orderId\":\"" + event.orderId() + '"';
        String members = WRITER.writeValueAsString(data);
        return new OutboundEvent(
                event.type(),
                Times.text(time),
                data.isEmpty() ? orderId + '}' : orderId + ',' + members.substring(1),
                version);
    }

    /** A JSON array for the receipt; empty for nothing said. */
    static String outcome(List<OutboundEvent> said) {
        if (said.isEmpty()) {
            return "";
        }
        var text = new StringBuilder(256).append('[');
        for (OutboundEvent one : said) {
            text.append(text.length() > 1 ? ",{\"type\":\"" : "{\"type\":\"").append(one.type);
            text.append("\",\"time\":\"").append(one.time);
            if (!one.version.isEmpty()) {
                text.append("\",\"version\":\"").append(one.version);
            }
            text.append("\",\"body\":").append(one.body).append('}');
        }
        return text.append(']').toString();
    }

    static List<OutboundEvent> ofOutcome(String outcome) {
        if (outcome.isEmpty()) {
            return List.of();
        }
        try {
            List<OutboundEvent> said = new ArrayList<>(1);
            for (var one : JSON.readTree(outcome)) {
                said.add(new OutboundEvent(
                        one.get("type").textValue(),
                        one.get("time").textValue(),
                        one.get("body").toString(),
                        one.path("version").asText()));
            }
            return said;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A receipt's outcome is damaged: " + e.getOriginalMessage(), e);
        }
    }

    /** The records to append: in the order of the items, each event once. */
    static List<Message> messages(
            List<InboundEvent> items, String service, RouteVersionTrial running, CamelContext context) {
        List<Message> messages = new ArrayList<>(items.size());
        Set<String> ids = new HashSet<>(items.size() * 2);
        for (InboundEvent item : items) {
            for (OutboundEvent said : item.said) {
                String id = item.event.orderId() + "/" + said.type;
                if (ids.add(id)) {
                    messages.add(said.message(id, item, service, running, context));
                }
            }
        }
        return messages;
    }

    /**
     * The record to append: key, CloudEvents headers in the Kafka binary binding, body.
     *
     * @param id the event's, as {@link Event#id} gives it
     */
    private Message message(
            String id, InboundEvent cause, String service, RouteVersionTrial running, CamelContext context) {
        String orderId = cause.event.orderId().toString();
        var message = new PlainMessage(context);
        message.setBody(body.getBytes(StandardCharsets.UTF_8));
        // As bytes, which Camel K's component does not make of a text in a batch.
        message.setHeader(KafkaHeaders.KEY, orderId.getBytes(StandardCharsets.UTF_8));
        message.setHeader(CloudEvents.SPECVERSION, "1.0");
        message.setHeader(CloudEvents.ID, id);
        message.setHeader(CloudEvents.TYPE, CloudEvents.wireType(type));
        message.setHeader(CloudEvents.SOURCE, SOURCE + service);
        message.setHeader(CloudEvents.TIME, time);
        message.setHeader(CloudEvents.CONTENT_TYPE, "application/json");
        if (!version.isEmpty()) {
            message.setHeader(
                    CloudEvents.ROUTE_VERSION,
                    version.equals(running.name()) ? running.header() : version.getBytes(StandardCharsets.UTF_8));
        }
        String parent = RecordHeaders.text(cause.headers, CloudEvents.TRACEPARENT);
        if (parent.length() == TRACEPARENT_CHARS) {
            message.setHeader(CloudEvents.TRACEPARENT, child(parent));
        }
        return message;
    }

    /** The same trace, with a span of our own. */
    private static String child(String traceparent) {
        long span = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
        return traceparent.substring(0, TRACE_ID_END)
                + HexFormat.of().toHexDigits(span)
                + traceparent.substring(PARENT_ID_END);
    }
}
