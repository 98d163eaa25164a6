package dev.orderflow.intake;

import dev.orderflow.events.Violation;
import dev.orderflow.http.Problem;
import java.util.List;

/** The problems that only intake has. */
final class IntakeProblems {

    static final int RETRY_AFTER_S = 1;

    private IntakeProblems() {}

    static Problem emptyBody() {
        return Problem.emptyBody("Send the order as one JSON object.");
    }

    static Problem invalidOrder(List<Violation> violations) {
        return Problem.invalid("invalid-order", "The order breaks a rule", violations);
    }

    static Problem keyInvalid() {
        return new Problem(
                400,
                "idempotency-key-invalid",
                "The Idempotency-Key cannot be read",
                "Idempotency-Key must stand once and have 1 to 255 printable ASCII characters.");
    }

    static Problem keyOfBulk() {
        return new Problem(
                400,
                "idempotency-key-invalid",
                "The Idempotency-Key has no meaning here",
                "In a bulk each line may have its own member idempotencyKey; send it without the header.");
    }

    static Problem tooManyLines(int max) {
        return new Problem(
                413,
                "too-large",
                "The body has too many lines",
                "A body may have at most %,d lines. This line and those behind it were not read; send them in another."
                        .formatted(max));
    }

    static Problem lineNotAcknowledged(boolean keyed) {
        String repeat = keyed
                ? "Repeat it with the same idempotencyKey: that is safe, and it counts once."
                : "Repeating it may place it twice. A line that has an idempotencyKey can be repeated safely.";
        return new Problem(
                503,
                "not-acknowledged",
                "The order was not acknowledged in time",
                "The brokers did not acknowledge the order, so it may have been kept or not. " + repeat);
    }

    static Problem keyReused() {
        return new Problem(
                422,
                "idempotency-key-reused",
                "The Idempotency-Key belongs to another order",
                "This Idempotency-Key came before with another order. Send this order with a key of its own.");
    }

    static Problem keyInFlight() {
        return new Problem(
                        409,
                        "idempotency-key-in-flight",
                        "The same order is being accepted",
                        "A request with this Idempotency-Key has no answer yet. Repeat this one later.")
                .retryAfter(RETRY_AFTER_S);
    }

    static Problem keysAway() {
        return new Problem(
                        503,
                        "unavailable",
                        "Idempotency-Keys cannot be looked up now",
                        "The database of the Idempotency-Keys does not answer. The order was not kept; repeat it later with the same key.")
                .retryAfter(RETRY_AFTER_S);
    }

    static Problem notAcknowledged(boolean keyed) {
        String repeat = keyed
                ? "Repeat it with the same Idempotency-Key: that is safe, and it counts once."
                : "Repeating it may place it twice. An order that is sent with an Idempotency-Key can be repeated safely with the same Idempotency-Key.";
        return new Problem(
                        503,
                        "not-acknowledged",
                        "The order was not acknowledged in time",
                        "The brokers did not acknowledge the order, so it may have been kept or not. " + repeat)
                .retryAfter(RETRY_AFTER_S);
    }
}
