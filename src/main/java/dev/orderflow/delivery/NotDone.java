package dev.orderflow.delivery;

import dev.orderflow.events.Event;
import java.util.Optional;

/**
 * What a step leaves, in place of an event to say, for an event whose effect outside of the database did not happen. The
 * transaction commits without it, so that the effects of the others stand, which no rollback takes back; then it is tried
 * again, alone where it failed. The step leaves nothing of it in the database.
 *
 * @param event as the step was given it
 * @param cause what it failed with; empty where it was not tried, since the step ended before
 */
public record NotDone(Event event, Optional<Exception> cause) {

    public static NotDone failed(Event event, Exception cause) {
        return new NotDone(event, Optional.of(cause));
    }

    public static NotDone untried(Event event) {
        return new NotDone(event, Optional.empty());
    }
}
