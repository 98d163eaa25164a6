package dev.orderflow.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.Event;
import dev.orderflow.events.Order;
import dev.orderflow.events.OrderId;
import dev.orderflow.events.OrderReader;
import dev.orderflow.events.Times;
import dev.orderflow.events.UnreadableException;
import java.io.IOException;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.kafka.common.header.Headers;

/**
 * Reads the records of one service: those of the event types that it hears, and not redriven for another service. It
 * passes only what it knows that it may pass (docs/guarantees.md, "What is not understood").
 */
final class RecordReader {

    /**
     * What a record is to a service.
     *
     * @param item to act on; null where there is none
     * @param ignored why nobody of ours acts on such a record; empty where it is another service's, or an item
     */
    record Reading(InboundEvent item, String ignored) {

        private static final Reading OF_OTHERS = new Reading(null, "");
    }

    private static final ObjectReader MAPS = new ObjectMapper().readerForMapOf(Object.class);
    private static final int TYPES_MAX = 1_000;
    private static final int SHOWN_MAX = 64;

    private final String service;
    private final Set<String> hears;
    private final Map<String, String> shortTypes = new ConcurrentHashMap<>();

    RecordReader(String service, Set<String> hears) {
        this.service = service;
        this.hears = hears;
    }

    /**
     * The record as an item, where it is for this service.
     *
     * @throws UnreadableException when it never can be read, with a sentence
     */
    Reading read(Exchange kafkaRecord) {
        Headers headers = RecordHeaders.of(kafkaRecord);
        String redrivenFor = RecordHeaders.text(headers, DeadLetters.REDRIVE_SERVICE);
        if (!redrivenFor.isEmpty()) {
            checkRedriven(redrivenFor, headers);
            if (!redrivenFor.equals(service)) {
                return Reading.OF_OTHERS;
            }
        }
        String wireType = RecordHeaders.text(headers, CloudEvents.TYPE);
        String type = type(wireType);
        if (!hears.contains(type)) {
            return notHeard(type, wireType);
        }
        byte[] body = kafkaRecord.getMessage().getBody(byte[].class);
        if (body == null) {
            throw new UnreadableException("the record has no body, which an event needs");
        }
        Event event = type.equals(Event.ORDER_PLACED) ? placed(body) : other(headers, type, body);
        byte[] key = RecordHeaders.key(kafkaRecord);
        if (OrderId.ofKey(key).filter(event.orderId()::equals).isEmpty()) {
            throw new UnreadableException("the record's key is '%s', but its order id is '%s'; the two must be equal"
                    .formatted(key == null ? null : shown(new String(key, UTF_8)), event.orderId()));
        }
        return new Reading(new InboundEvent(kafkaRecord, headers, event, attempt(headers)), "");
    }

    /** Only redrive sends a record to one service, and it says which letter that was. */
    private static void checkRedriven(String service, Headers headers) {
        if (!RecordHeaders.text(headers, DeadLetters.ID).startsWith(service + '/') || attempt(headers) < 2) {
            throw new UnreadableException(
                    "the header orderflow-redrive-service is '%s', but the record's orderflow-id and orderflow-attempt are not those of a redrive"
                            .formatted(shown(service)));
        }
    }

    /** @throws UnreadableException where the type is one that it hears but for its version, case or blanks */
    private Reading notHeard(String type, String wireType) {
        if (!type.isEmpty()) {
            return Reading.OF_OTHERS;
        }
        if (hears.contains(CloudEvents.likelyType(wireType))) {
            throw new UnreadableException("the ce_type header is '%s', and was to be '%s'"
                    .formatted(shown(wireType), CloudEvents.wireType(CloudEvents.likelyType(wireType))));
        }
        return new Reading(null, "its ce_type '%s' is not one of Orderflow's".formatted(shown(wireType)));
    }

    private String type(String wireType) {
        if (wireType.isEmpty()) {
            throw new UnreadableException("the record has no ce_type header; see asyncapi.json for what it needs");
        }
        String known = shortTypes.get(wireType);
        if (known == null) {
            known = CloudEvents.shortType(wireType);
            if (!hears.contains(known) && hears.contains(CloudEvents.likelyType(wireType))) {
                // Of our version, and nearly heard: no service's.
                known = "";
            }
            if (shortTypes.size() < TYPES_MAX) {
                shortTypes.put(wireType, known);
            }
        }
        return known;
    }

    private static Event placed(byte[] body) {
        Order order = OrderReader.record(body);
        return new Event(order.orderId(), Event.ORDER_PLACED, order.placedAt(), order);
    }

    /** An event that a service said. */
    static Event other(Headers headers, String type, byte[] body) {
        try {
            Map<String, Object> data = MAPS.readValue(body);
            Optional<UUID> orderId = OrderId.parse(String.valueOf(data.remove("orderId")));
            return new Event(
                    orderId.orElseThrow(() -> new UnreadableException("the body's orderId is missing or not a UUID")),
                    type,
                    Times.parse(RecordHeaders.text(headers, CloudEvents.TIME)),
                    data,
                    RecordHeaders.text(headers, CloudEvents.ROUTE_VERSION));
        } catch (JsonProcessingException e) {
            throw new UnreadableException("the body is not a JSON object: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UnreadableException("the body is not a JSON object");
        } catch (DateTimeParseException e) {
            throw new UnreadableException("the ce_time header is not a time in RFC 3339");
        }
    }

    static boolean isRedrivenFor(String service, Exchange kafkaRecord) {
        return RecordHeaders.text(kafkaRecord, DeadLetters.REDRIVE_SERVICE).equals(service);
    }

    /** 1 for a first delivery; a redriven record carries the number of its try. */
    static int attempt(Headers headers) {
        String attempt = RecordHeaders.text(headers, DeadLetters.ATTEMPT);
        try {
            return attempt.isEmpty() ? 1 : Math.max(1, Short.parseShort(attempt));
        } catch (NumberFormatException e) {
            return 1;
        }
    }

    private static String shown(String text) {
        String clean = text.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= SHOWN_MAX ? clean : clean.substring(0, SHOWN_MAX) + "...";
    }
}
