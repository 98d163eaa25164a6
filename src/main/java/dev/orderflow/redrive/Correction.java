package dev.orderflow.redrive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.Event;
import dev.orderflow.events.OrderReader;
import dev.orderflow.events.UnreadableException;
import dev.orderflow.events.Violation;
import dev.orderflow.http.ProblemException;
import java.io.IOException;
import java.util.List;

/** A body that a person corrected must be readable, and of the same order, before it goes anywhere. */
final class Correction {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Correction() {}

    /** @throws ProblemException with what the service would say of it */
    static void check(JsonNode letter, byte[] body) {
        String type = CloudEvents.shortType(
                letter.path("headers").path(CloudEvents.TYPE).asText());
        String orderId;
        try {
            orderId = type.equals(Event.ORDER_PLACED)
                    ? OrderReader.record(body).orderId().toString()
                    : JSON.readTree(body).path("orderId").asText();
        } catch (UnreadableException e) {
            throw refusal("the corrected body cannot be read either: " + e.getMessage());
        } catch (IOException e) {
            throw refusal("the corrected body is not JSON");
        }
        if (!orderId.equals(letter.path("key").asText())) {
            throw refusal("the corrected body's orderId must be the record's key, which nobody can change");
        }
    }

    private static ProblemException refusal(String detail) {
        return new ProblemException(RedriveCommand.invalid(List.of(new Violation("/body", detail))));
    }
}
