package dev.orderflow.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.orderflow.events.OrderId;
import dev.orderflow.http.BlockingStep;
import dev.orderflow.http.Call;
import dev.orderflow.http.Problem;
import dev.orderflow.http.Reply;
import dev.orderflow.http.Response;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * GET /orders/{id}. An order may be answered with 202 before status has read it, so the first sight is waited for; a
 * change only when the call prefers to wait.
 */
final class GetOrder implements BlockingStep.Reader {

    private static final int NOT_SEEN = -1;

    private final Supplier<OrderQueries> states;
    private final Supplier<LongPolls> waiting;
    private final Duration firstSight;
    private final int waitSecondsMax;

    GetOrder(Supplier<OrderQueries> states, Supplier<LongPolls> waiting, Duration firstSight, int waitSecondsMax) {
        this.states = states;
        this.waiting = waiting;
        this.firstSight = firstSight;
        this.waitSecondsMax = waitSecondsMax;
    }

    /** The call's own wishes, kept while it waits. */
    private record WaitingCall(Optional<Integer> waitSeconds, Optional<String> ifNoneMatch, Reply reply) {}

    @Override
    public void read(Call question, Reply reply) throws SQLException, JsonProcessingException {
        String text = question.lastSegment();
        question.parameters();
        Optional<UUID> asked = OrderId.parse(text);
        if (asked.isEmpty()) {
            reply.refuse(Problem.notFound("There is no order '%s': an order's id is a UUID, such as the 202 gave."
                    .formatted(Call.shown(text))));
            return;
        }
        UUID id = asked.get();
        var call = new WaitingCall(
                PreferHeader.waitSeconds(question.header("Prefer"), waitSecondsMax),
                question.header("If-None-Match"),
                reply);
        Optional<OrderView> state = states.get().find(id);
        if (state.isEmpty()) {
            awaitFirstSight(id, call);
        } else {
            answerOrAwait(state.get(), call);
        }
    }

    private void awaitFirstSight(UUID id, WaitingCall call) {
        Duration asked = Duration.ofSeconds(call.waitSeconds.orElse(0));
        Duration patience = asked.compareTo(firstSight) > 0 ? asked : firstSight;
        boolean waits = waiting.get().await(id, NOT_SEEN, patience, state -> {
            if (state.isEmpty()) {
                notFound(id, call);
            } else {
                answer(state.get(), call, call.waitSeconds);
            }
        });
        if (!waits) {
            notFound(id, call);
        }
    }

    private void answerOrAwait(OrderView state, WaitingCall call) throws JsonProcessingException {
        boolean news = call.ifNoneMatch.isPresent() && !PreferHeader.has(call.ifNoneMatch, state.changed());
        if (call.waitSeconds.isEmpty() || news || state.isEnd()) {
            answer(state, call, call.waitSeconds);
            return;
        }
        Duration patience = Duration.ofSeconds(call.waitSeconds.get());
        boolean waits = waiting.get()
                .await(
                        state.orderId(),
                        state.changed(),
                        patience,
                        newer -> answer(newer.orElse(state), call, call.waitSeconds));
        if (!waits) {
            // As many wait as may: the preference is not applied, and the answer does not say so.
            answer(state, call, Optional.empty());
        }
    }

    private static void answer(OrderView state, WaitingCall call, Optional<Integer> applied) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ETag", state.etag());
        headers.put("Cache-Control", "no-cache");
        applied.ifPresent(seconds -> headers.put("Preference-Applied", "wait=" + seconds));
        try {
            call.reply.answer(
                    PreferHeader.has(call.ifNoneMatch, state.changed())
                            ? new Response(304, "", headers, null)
                            : new Response(200, "application/json", headers, state.json()));
        } catch (JsonProcessingException e) {
            call.reply.fail(e);
        }
    }

    private static void notFound(UUID id, WaitingCall call) {
        call.reply.refuse(
                Problem.notFound("There is no order %s. Orders appear moments after their 202.".formatted(id)));
    }
}
