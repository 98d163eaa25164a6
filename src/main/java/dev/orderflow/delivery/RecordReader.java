package dev.orderflow.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.orderflow.KafkaHeaders;
import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.Event;
import dev.orderflow.events.Order;
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

/** Reads the records of one service: those of the event types that it hears, and not redriven for another service. */
final class RecordReader {

    private static final ObjectReader MAPS = new ObjectMapper().readerForMapOf(Object.class);
    private static final int TYPES_MAX = 1_000;

    private final String service;
    private final Set<String> hears;
    private final Map<String, String> shortTypes = new ConcurrentHashMap<>();

    RecordReader(String service, Set<String> hears) {
        this.service = service;
        this.hears = hears;
    }

    /**
     * The record as an item, or empty when it is not for this service.
     *
     * @throws UnreadableException when it never can be read, with a sentence
     */
    Optional<Item> read(Exchange kafkaRecord) {
        Headers headers = RecordHeaders.of(kafkaRecord);
        String redrivenFor = RecordHeaders.text(headers, DeadLetters.REDRIVE_SERVICE);
        if (!redrivenFor.isEmpty() && !redrivenFor.equals(service)) {
            return Optional.empty();
        }
        String type = type(RecordHeaders.text(headers, CloudEvents.TYPE));
        if (!hears.contains(type)) {
            return Optional.empty();
        }
        byte[] body = kafkaRecord.getMessage().getBody(byte[].class);
        if (body == null) {
            throw new UnreadableException("the record has no body, which an event needs");
        }
        Event event = type.equals(Event.ORDER_PLACED) ? placed(body) : other(headers, type, body);
        String key = kafkaRecord.getMessage().getHeader(KafkaHeaders.KEY, String.class);
        if (!event.orderId().toString().equals(key)) {
            throw new UnreadableException("the record's key is '%s', but its order id is '%s'; the two must be equal"
                    .formatted(bounded(key), event.orderId()));
        }
        return Optional.of(new Item(kafkaRecord, headers, event, attempt(headers)));
    }

    private String type(String wireType) {
        if (wireType.isEmpty()) {
            throw new UnreadableException("the record has no ce_type header; see asyncapi.json for what it needs");
        }
        String known = shortTypes.get(wireType);
        if (known == null) {
            known = CloudEvents.shortType(wireType);
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

    private static Event other(Headers headers, String type, byte[] body) {
        try {
            Map<String, Object> data = MAPS.readValue(body);
            UUID orderId = UUID.fromString(String.valueOf(data.remove("orderId")));
            return new Event(
                    orderId,
                    type,
                    Times.parse(RecordHeaders.text(headers, CloudEvents.TIME)),
                    data,
                    RecordHeaders.text(headers, CloudEvents.ROUTE_VERSION));
        } catch (JsonProcessingException e) {
            throw new UnreadableException("the body is not a JSON object: " + e.getOriginalMessage());
        } catch (IOException | IllegalArgumentException e) {
            throw new UnreadableException("the body's orderId is missing or not a UUID");
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

    private static String bounded(String key) {
        return key == null || key.length() <= 64 ? key : key.substring(0, 64) + "...";
    }
}
