package dev.orderflow.delivery;

import dev.orderflow.events.Event;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.kafka.common.header.Headers;

/** One record of a batch that this service acts on, what it says, and what became of it. */
final class InboundEvent {

    enum Fate {
        DONE,
        REPEAT,
        PARKED
    }

    final Exchange kafkaRecord;
    final Headers headers;
    final Event event;

    /** The event's, printed once. */
    final String id;

    /** 1 for a first delivery; a redriven record carries the number of its try. */
    final int attempt;

    /** Later records of the same batch with the same event. They are looked at when this one is parked. */
    final List<InboundEvent> twins = new ArrayList<>(0);

    /** What the service says of it. */
    List<OutboundEvent> said = List.of();

    /** What its receipt keeps: the events said, or the cause of its parking; empty for nothing. */
    String outcome = "";

    Fate fate = Fate.DONE;

    /** What the steps left of it in the last transaction, where they did not act on it; null where they did. */
    NotDone left;

    /** Why it failed alone while the route's version was on trial; null where it did not. */
    Throwable suspicion;

    /** Why it alone is put off, while others of its batch may go on; null where it is not. */
    Throwable putOff;

    InboundEvent(Exchange kafkaRecord, Headers headers, Event event, int attempt) {
        this.kafkaRecord = kafkaRecord;
        this.headers = headers;
        this.event = event;
        this.id = event.id();
        this.attempt = attempt;
    }

    /** Those that the steps acted on; the same list where that is all of them. */
    static List<InboundEvent> done(List<InboundEvent> items) {
        for (InboundEvent item : items) {
            if (item.left != null) {
                return items.stream().filter(one -> one.left == null).toList();
            }
        }
        return items;
    }
}
