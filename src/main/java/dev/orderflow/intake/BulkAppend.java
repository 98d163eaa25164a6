package dev.orderflow.intake;

import dev.orderflow.events.CloudEvents;
import dev.orderflow.events.Order;
import dev.orderflow.events.OrderReader;
import dev.orderflow.events.OrderReader.BulkLine;
import dev.orderflow.events.OrderReader.Invalid;
import dev.orderflow.events.OrderReader.Malformed;
import dev.orderflow.events.OrderWriter;
import dev.orderflow.http.Problem;
import io.vertx.ext.web.RoutingContext;
import java.sql.SQLException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Appends the lines of one bulk: each valid one becomes a record, and its result is known behind the acknowledgement.
 * Lines with a key wait until {@link #flush} claims the keys of many at once.
 */
final class BulkAppend {

    private final Bulk bulk;
    private final String client;
    private final String traceparent;
    private final Map<UUID, KeyedLine> keyed = new LinkedHashMap<>();
    /** The first line of each key: a later one of this bulk gets the same answer. */
    private final Map<UUID, First> seen = new HashMap<>();
    // After a line that was not acknowledged the others are not tried: each would block until its own timeout.
    private volatile boolean broken;

    /** A line whose key is to be claimed. */
    private record KeyedLine(KeyedOrder key, Order order, LineResult result) {}

    /** The first line of a key, which others of the bulk may repeat. */
    private record First(KeyedOrder key, LineResult result) {}

    BulkAppend(Bulk bulk, RoutingContext ctx) {
        this.bulk = bulk;
        this.client = ctx.user() == null ? "" : ctx.user().principal().getString("username", "");
        String received = ctx.request().getHeader(CloudEvents.TRACEPARENT);
        this.traceparent = received == null ? "" : received;
    }

    /** Takes a line that holds a place of {@link Bulk#waiting}. */
    void line(byte[] json, LineResult result) {
        if (json.length > bulk.lineBytesMax) {
            invalid(result, Problem.tooLarge(bulk.lineBytesMax));
            return;
        }
        var request = OrderReader.line(json);
        if (request instanceof Malformed malformed) {
            invalid(result, Problem.malformedJson(malformed.sentence()));
        } else if (request instanceof Invalid broken) {
            invalid(result, IntakeProblems.invalidOrder(broken.violations()));
        } else if (request instanceof BulkLine line) {
            valid(line, result);
        }
    }

    private void valid(BulkLine line, LineResult result) {
        var now = bulk.clock.instant().truncatedTo(ChronoUnit.MILLIS);
        if (line.key().isEmpty()) {
            send(line.order().placed(bulk.ids.next(), now), result, Optional.empty());
            return;
        }
        var key = new KeyedOrder(OrderIds.of(client, line.key()), PlaceOrder.hash(line.order()));
        var first = seen.putIfAbsent(key.id(), new First(key, result));
        if (first == null) {
            keyed.put(key.id(), new KeyedLine(key, line.order().placed(key.id(), now), result));
        } else if (Arrays.equals(first.key.payloadHash(), key.payloadHash())) {
            bulk.waiting.leave();
            first.result.alike(result);
        } else {
            refused(IdempotencyKeys.Claim.OTHER_PAYLOAD, key.id(), result);
        }
    }

    /** Claims the keys that came since the last call, and appends the orders whose keys are ours. */
    void flush() {
        if (keyed.isEmpty()) {
            return;
        }
        var settling = new BulkSettling(bulk);
        try {
            var claims = bulk.keys
                    .get()
                    .orElseThrow(SQLException::new)
                    .claim(keyed.values().stream().map(KeyedLine::key).toList());
            keyed.values().forEach(line -> {
                var claim = claims.get(line.key.id());
                if (claim == IdempotencyKeys.Claim.OURS) {
                    settling.expect();
                    send(line.order, line.result, Optional.of(settling));
                } else {
                    refused(claim, line.key.id(), line.result);
                }
            });
        } catch (SQLException e) {
            keyed.values().stream()
                    .filter(line -> !line.result.isKnown())
                    .forEach(line -> unknown(line.result, IntakeProblems.keysAway()));
        } finally {
            keyed.clear();
            settling.allSent();
        }
    }

    private void refused(IdempotencyKeys.Claim claim, UUID id, LineResult result) {
        switch (claim) {
            case ACCEPTED -> {
                bulk.waiting.leave();
                result.accepted(id.toString());
            }
            case OTHER_PAYLOAD -> invalid(result, IntakeProblems.keyReused());
            case IN_FLIGHT -> unknown(result, IntakeProblems.keyInFlight());
            case OURS -> throw new IllegalStateException("A key of ours is no refusal.");
        }
    }

    private void send(Order order, LineResult result, Optional<BulkSettling> settling) {
        String id = order.orderId().toString();
        if (broken) {
            answered(id, result, settling, false);
            return;
        }
        var one = new ProducerRecord<>(bulk.topic, id, OrderWriter.bytes(order));
        OrderHeaders.of(order, TraceParent.next(traceparent), one.headers()::add);
        try {
            bulk.producer().send(one, (metadata, failure) -> {
                broken |= failure != null;
                answered(id, result, settling, failure == null);
            });
        } catch (RuntimeException e) {
            broken = true;
            answered(id, result, settling, false);
        }
    }

    private void answered(String id, LineResult result, Optional<BulkSettling> settling, boolean kept) {
        if (kept) {
            bulk.meters.accepted();
        }
        if (settling.isPresent()) {
            bulk.waiting.leave();
            settling.get().answered(id, result, kept);
        } else if (kept) {
            bulk.waiting.leave();
            result.accepted(id);
        } else {
            unknown(result, IntakeProblems.lineNotAcknowledged(false));
        }
    }

    private void invalid(LineResult result, Problem problem) {
        bulk.meters.refused(problem.status());
        bulk.waiting.leave();
        result.invalid(problem);
    }

    private void unknown(LineResult result, Problem problem) {
        bulk.meters.refused(problem.status());
        bulk.waiting.leave();
        result.unknown(problem);
    }
}
