package dev.orderflow.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orderflow.events.Times;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What is known about an order, as GET /orders/{id} tells it.
 *
 * @param facts the bits of {@link Fact}
 * @param changed how many facts there are; it only grows, so it names the state
 * @param body the order as its record carried it
 */
record OrderView(
        UUID orderId,
        String status,
        int facts,
        int changed,
        Instant placedAt,
        String body,
        List<TimelineEntry> timeline) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * One line of the timeline.
     *
     * @param detail JSON
     * @param routeVersion of the route file that did it; empty where none did, or before events told it
     */
    record TimelineEntry(String event, String service, Instant at, String detail, Optional<String> routeVersion) {}

    String etag() {
        return '"' + Integer.toString(changed) + '"';
    }

    boolean isEnd() {
        return Fact.isEnd(facts);
    }

    byte[] json() throws JsonProcessingException {
        ObjectNode answer = JSON.createObjectNode();
        answer.put("orderId", orderId.toString());
        answer.put("status", status);
        answer.put("placedAt", Times.text(placedAt));
        JSON.readTree(body).properties().forEach(member -> {
            if (!answer.has(member.getKey())) {
                answer.set(member.getKey(), member.getValue());
            }
        });
        var entries = answer.putArray("timeline");
        for (TimelineEntry entry : timeline) {
            ObjectNode line = entries.addObject()
                    .put("event", entry.event())
                    .put("service", entry.service())
                    .put("at", Times.text(entry.at()));
            entry.routeVersion().ifPresent(version -> line.put("routeVersion", version));
            line.set("detail", JSON.readTree(entry.detail()));
        }
        return JSON.writeValueAsBytes(answer);
    }
}
